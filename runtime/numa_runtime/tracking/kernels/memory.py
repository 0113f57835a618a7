"""A tracker's blocks by their addresses, so that a call from Python passes one integer instead of twelve arrays.

numba unpacks each array argument, counts references to it and allocates a record for it: 80 ns apiece, and an
atomic operation wherever a kernel takes a slice. The arrays made here own nothing; whoever calls keeps the
blocks alive (`State`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import carray, types
from numba.extending import intrinsic

from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints


def _pointer_to(number: Any) -> Callable[[int], Any]:
    """Return what turns an address into a pointer to numbers of one type, inside a kernel."""

    def typed(_context: Any, _address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(number)(types.int64), generate

    return cast("Callable[[int], Any]", intrinsic(typed))


floats_at, ints_at = _pointer_to(types.float64), _pointer_to(types.int64)


@inner
def table_of(address: int, length: int) -> Ints:
    """Return the int64 (length,) at `address`."""
    block: Ints = carray(ints_at(address), (length,))
    return block


@inner
def float_block(address: int, rows: int, columns: int) -> Floats:
    """Return the float64 (rows, columns) at `address`."""
    block: Floats = carray(floats_at(address), (rows, columns))
    return block


@inner
def int_block(address: int, rows: int, columns: int) -> Ints:
    """Return the int64 (rows, columns) at `address`."""
    block: Ints = carray(ints_at(address), (rows, columns))
    return block


@inner
def float_line(address: int, length: int) -> Floats:
    """Return the float64 (length,) at `address`."""
    block: Floats = carray(floats_at(address), (length,))
    return block


@inner
def shape_block(address: int, slots: int, columns: int) -> Floats:
    """Return the float64 (2, slots, columns) at `address`."""
    block: Floats = carray(floats_at(address), (2, slots, columns))
    return block
