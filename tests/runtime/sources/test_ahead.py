from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.sources.ahead import DEPTH, Ahead


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(), max_size=20), st.integers(1, 5))
def test_gives_every_item_in_order(items: list[int], depth: int) -> None:
    with Ahead(items, depth) as ahead:
        assert list(ahead) == items


def test_works_only_depth_items_ahead() -> None:
    made = []
    third = threading.Event()

    def numbers():
        for i in range(100):
            made.append(i)
            if i == DEPTH:
                third.set()
            yield i

    with Ahead(numbers()) as ahead:
        assert third.wait(5)
        assert len(made) <= DEPTH + 1
        assert next(ahead) == 0
        next(ahead)
    assert len(made) <= DEPTH + 3


def test_an_error_comes_after_the_items_before_it() -> None:
    def broken():
        yield 1
        raise ValueError("broken")

    with Ahead(broken()) as ahead:
        assert next(ahead) == 1
        with pytest.raises(ValueError, match="broken"):
            next(ahead)
        with pytest.raises(StopIteration):
            next(ahead)


def test_leaving_early_ends_the_iterator_in_its_own_thread() -> None:
    ended = []

    def endless():
        try:
            while True:
                yield 0
        finally:
            ended.append(threading.current_thread().name)

    with Ahead(endless(), name="worker") as ahead:
        next(ahead)
    assert ended == ["worker"]
    assert "worker" not in [thread.name for thread in threading.enumerate()]


def test_an_exception_in_the_consumer_stops_the_thread() -> None:
    def interrupted() -> None:
        with Ahead(iter(int, 1), name="worker") as ahead:
            next(ahead)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "worker" not in [thread.name for thread in threading.enumerate()]
