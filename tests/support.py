"""Where tests find real data, and small generated files when there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_data(*parts: str) -> Path:
    """Return a path inside `$NUMA_DATA` or `../shared/data`; skip the test, with the reason, when it is absent."""
    base = Path(os.environ.get("NUMA_DATA", ROOT.parent / "shared" / "data"))
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {path} (set NUMA_DATA to the folder of shared data)")
    return path
