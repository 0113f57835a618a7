"""OpenCV, imported late and with an explanation where a container lacks its system libraries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numa_runtime.errors import NumaError
from numa_runtime.installing import packages_line


def import_cv2() -> Any:
    """Return the module `cv2`.

    Raises:
        NumaError: OpenCV is missing, or needs a system library that is missing (libGL in slim containers).
    """
    try:
        import cv2
    except ImportError as error:
        raise NumaError(f"OpenCV cannot be loaded: {error}", hint=_remedy(str(error))) from error
    return cv2


_guard = threading.Lock()
_users = 0
_before = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Let OpenCV work in the calling thread alone; its own number of threads is restored by the last to leave.

    Its pool competes with inference, decoding and encoding for the same cores: on two cores a tracked 720p frame
    takes 0.9 ms less without it (interleaved, idle machine). Runs may overlap: generators, threads.
    """
    global _users, _before  # noqa: PLW0603 - OpenCV's number is global too
    cv2 = import_cv2()
    with _guard:
        if not _users:
            _before = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _users += 1
    try:
        yield
    finally:
        with _guard:
            _users -= 1
            if not _users:
                cv2.setNumThreads(_before)


def _remedy(reason: str) -> str:
    if "No module named" in reason:
        return packages_line("opencv-python")
    if ".so" in reason:
        return (
            "apt-get install libgl1 libglib2.0-0, or without a screen: "
            f"pip uninstall opencv-python; {packages_line('opencv-python-headless')}"
        )
    return packages_line("--force-reinstall", "opencv-python")
