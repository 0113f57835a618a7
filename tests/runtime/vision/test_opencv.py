"""OpenCV that cannot be loaded is explained."""

from __future__ import annotations

import builtins

import pytest

from numa_runtime.errors import NumaError
from numa_runtime.vision.opencv import import_cv2, one_thread


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", "apt-get install libgl1"),
        ("No module named 'cv2'", "pip install opencv-python"),
        ("numpy.core.multiarray failed to import", "pip install --force-reinstall opencv-python"),
    ],
)
def test_the_remedy_is_named(monkeypatch, reason, remedy):
    real = builtins.__import__

    def failing(name, *args, **kwargs):
        if name == "cv2":
            raise ImportError(reason)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", failing)
    with pytest.raises(NumaError, match="OpenCV cannot be loaded") as error:
        import_cv2()
    assert reason in error.value.what
    assert remedy in error.value.hint


def test_otherwise_it_is_cv2():
    import cv2

    assert import_cv2() is cv2


@pytest.mark.parametrize("first", [0, 1])
def test_overlapping_users_leave_the_threads_as_they_were(first):
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    try:
        users = [one_thread(), one_thread()]
        for user in users:
            user.__enter__()
        assert cv2.getNumThreads() == 1
        users.pop(first).__exit__(None, None, None)
        assert cv2.getNumThreads() == 1
        users.pop().__exit__(None, None, None)
        assert cv2.getNumThreads() == 3
    finally:
        cv2.setNumThreads(before)
