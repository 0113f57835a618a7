"""What every session does around its backend: checks, a fixed batch filled up, one thread at a time where needed."""

from __future__ import annotations

import logging
from threading import RLock
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.sessions.checks import check_batch, check_open

_LOGGER = logging.getLogger("numa_runtime")


class BaseSession:
    """The part of a session that does not depend on what runs it.

    A backend defines `_run` (arrays of its own each time, never ones that its next call overwrites) and `_release`, and
    sets `inputs`. Where it may run in several threads at once, it sets `_concurrent`; elsewhere a lock lets one thread
    in at a time.

    Args:
        where: the file's name, for messages.
    """

    inputs: tuple[TensorInfo, ...]
    _concurrent = False

    def __init__(self, where: str) -> None:
        self._where = where
        self._lock = RLock()
        self._is_open = True
        self._told = False

    def run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Run one batch; see `Session.run`."""
        check_open(self._is_open, self._where)
        check_batch(batch, self.inputs[0], self._where)
        size = self.inputs[0].shape[0]
        if isinstance(size, int) and len(batch) < size:
            outputs = self._run_guarded(self._filled(batch, size))
            return {name: array[: len(batch)] if len(array) == size else array for name, array in outputs.items()}
        return self._run_guarded(batch)

    def close(self) -> None:
        """Release the backend's memory, once no thread runs in it; the session cannot run afterwards."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        raise NotImplementedError

    def _release(self) -> None:
        raise NotImplementedError

    def _run_guarded(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        if self._concurrent:
            return self._run(batch)
        with self._lock:
            check_open(self._is_open, self._where)
            return self._run(batch)

    def _filled(self, batch: NDArray[Any], size: int) -> NDArray[Any]:
        """Return the batch repeated until the file's fixed size is full."""
        if not self._told:
            self._told = True
            _LOGGER.warning(
                "%s always computes %d images at once, so a single one takes as long as all of them; "
                "export it with batch 1 to track faster",
                self._where,
                size,
            )
        return batch[np.arange(size) % len(batch)]
