"""A numpy array that also answers to the torch words existing code uses on results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Array(np.ndarray[Any, Any]):
    """`numpy.ndarray` whose `.cpu()`, `.to()`, `.cuda()`, `.detach()` do nothing and `.numpy()` is itself.

    Code written for torch results (`r.boxes.id.int().cpu().tolist()`) runs unchanged.
    """

    def cpu(self) -> Array:
        """Return self: the data never was anywhere else."""
        return self

    def cuda(self, *_: Any, **__: Any) -> Array:
        """Return self."""
        return self

    def to(self, *_: Any, **__: Any) -> Array:
        """Return self."""
        return self

    def detach(self) -> Array:
        """Return self."""
        return self

    def clone(self) -> Array:
        """Return a copy."""
        return self.copy()

    def numpy(self) -> NDArray[Any]:
        """Return the same memory as a plain `numpy.ndarray`."""
        return self.view(np.ndarray)

    def int(self) -> Array:
        """Return the values as int64."""
        return as_array(self.astype(np.int64))

    def long(self) -> Array:
        """Return the values as int64."""
        return as_array(self.astype(np.int64))

    def float(self) -> Array:
        """Return the values as float32."""
        return as_array(self.astype(np.float32))


def as_array(values: NDArray[Any]) -> Array:
    """View `values` as an `Array` (no copy)."""
    return values.view(Array)
