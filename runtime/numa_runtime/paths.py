"""Paths as people type them."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.errors import UsageError


def expand(path: str | Path) -> Path:
    """Return a path with the home folder in the place of "~".

    Raises:
        UsageError: "~name", and this machine knows no such user.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        user = Path(path).parts[0]
        raise UsageError(
            f"{path}: there is no home folder of {user} here", hint=f"./{path} means a folder called {user}"
        ) from None
