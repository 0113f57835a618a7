from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest
from clips import numbered_frame


@pytest.fixture
def make_images(tmp_path: Path) -> Callable[..., list[Path]]:
    """Write flat images under the given names; image i is `numbered_frame(i)`."""

    def make(*names: str) -> list[Path]:
        paths = [tmp_path / name for name in names]
        for i, path in enumerate(paths):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(cv2.imencode(path.suffix, numbered_frame(i))[1].tobytes())
        return paths

    return make


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every test here must end with the threads it began with."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(3)
    assert not [thread for thread in left if thread.is_alive()]
