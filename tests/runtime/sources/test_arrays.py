from __future__ import annotations

import threading
import weakref

import numpy as np
import pytest
from clips import number_of, numbered_frame

from numa_runtime.errors import SourceError
from numa_runtime.sources.arrays import ArrayFrames
from numa_runtime.sources.base import MediaKind


def test_a_list_can_be_iterated_and_read_twice() -> None:
    media = ArrayFrames([numbered_frame(i) for i in range(4)])
    assert (media.info.kind, media.info.width, media.info.frame_count) == (MediaKind.ARRAYS, 64, 4)
    for _ in range(2):
        assert [(f.index, number_of(f.image)) for f in media] == [(i, i) for i in range(4)]
    assert number_of(media.read(2)) == 2
    with pytest.raises(SourceError, match="has no frame -1: it has 4"):
        media.read(-1)


def test_an_iterator_is_read_once_in_the_callers_thread_and_never_kept() -> None:
    threads, alive = set(), []

    def frames():
        for i in range(50):
            threads.add(threading.current_thread())
            frame = numbered_frame(i)
            alive.append(weakref.ref(frame))
            yield frame

    media = ArrayFrames(frames(), vid_stride=2)
    assert media.info.frame_count is None
    seen = []
    for item in media:
        seen.append(item.index)
        del item
        assert sum(ref() is not None for ref in alive) <= 2
    assert seen == list(range(0, 50, 2))
    assert media.counters.read == 50
    assert threads == {threading.current_thread()}
    with pytest.raises(SourceError, match="frame 3 of an iterator cannot be read again"):
        media.read(3)


def test_nothing_and_wrong_frames_are_errors() -> None:
    with pytest.raises(SourceError, match="the iterator given as source is empty"):
        ArrayFrames(iter(()))
    with pytest.raises(SourceError, match="frame 0 has dtype float64"):
        ArrayFrames([np.zeros((2, 2, 3))])
    media = ArrayFrames([numbered_frame(0), np.zeros((3, 3), bool)])
    with pytest.raises(SourceError, match="frame 1 has dtype bool"):
        list(media)
