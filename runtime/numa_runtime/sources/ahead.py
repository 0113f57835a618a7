"""Read ahead in a background thread, a few items deep."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

DEPTH = 3
"""Items decoded ahead: enough to hide a slow key frame, little enough for 4K frames (25 MB each)."""

JOIN_SECONDS = 5.0


class Ahead(Generic[T]):
    """Iterate `items` with a thread working up to `depth` items ahead; use it in a `with` block.

    The thread alone touches the iterator, its `close()` included, so generators that hold codecs or files
    are finished where they ran. An exception in the iterator comes out of `__next__` after the items before
    it. Leaving the block stops the thread at its next item and waits for it. The thread is a daemon: an
    interpreter that exits while a consumer still holds the block does not wait for a full queue.
    """

    def __init__(self, items: Iterable[T], depth: int = DEPTH, name: str = "numa-decode") -> None:
        self._ready: deque[T] = deque()
        self._depth = depth
        self._change = threading.Condition()
        self._stopped = False
        self._finished = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, args=(iter(items),), name=name, daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._change:
            self._change.wait_for(lambda: self._ready or self._finished or self._stopped)
            if self._ready:
                item = self._ready.popleft()
                self._change.notify_all()
                return item
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the thread, drop what is ready and wait until the thread has ended."""
        with self._change:
            self._stopped = True
            self._ready.clear()
            self._change.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)

    def _work(self, items: Iterator[T]) -> None:
        try:
            for item in items:
                if not self._put(item):
                    break
        except BaseException as error:  # handed to the consumer, whatever it is
            self._error = error
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
            with self._change:
                self._finished = True
                self._change.notify_all()

    def _put(self, item: T) -> bool:
        with self._change:
            self._change.wait_for(lambda: len(self._ready) < self._depth or self._stopped)
            if self._stopped:
                return False
            self._ready.append(item)
            self._change.notify_all()
            return True
