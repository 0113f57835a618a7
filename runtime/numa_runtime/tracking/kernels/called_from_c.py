"""The step as a C function: pointers in, rows out, no interpreter."""

from __future__ import annotations

from functools import cache
from typing import Any

from numba import carray, cfunc, types

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.memory import float_block, float_line, table_of
from numa_runtime.tracking.kernels.step import step

HANDLE_LENGTH = 4
"""Addresses of the table, of the clock and of a still camera's warp; the most objects there may be."""

_IN, _OUT = types.CPointer(types.int64), types.CPointer(types.float64)


@cache
def _compiled() -> Any:
    """Compile the function, once in a process."""

    @cfunc(types.int64(_IN, _OUT, types.int64, types.float64, _OUT), error_model="numpy")  # type: ignore[untyped-decorator]
    def update(handle: Any, given: Any, count: int, passed: float, tracks: Any) -> int:
        head = carray(handle, (4,))
        table, clock, still, most = head[0], head[1], head[2], head[3]
        counters = table_of(table_of(table, at.N_TABLE)[at.T_COUNTERS], at.N_COUNTERS)
        if count < 0 or count + counters[at.L_TRACKED] + counters[at.L_LOST] > most:
            return int(at.NEED_CAPACITY)
        now = float_line(clock, 1)
        detections, warp = carray(given, (count, 6)), float_block(still, 2, 3)
        found = step(table, detections, warp, passed, now[0] + passed)
        if found == at.NEED_PAIRS:  # the frame is done; memory was taken on the spot
            found = counters[at.C_ROWS]
        if found < 0:
            return int(found)
        now[0] += passed
        rows = float_block(table_of(table, at.N_TABLE)[at.T_ROWS], found, at.UPRIGHT)
        shown = carray(tracks, (most, at.UPRIGHT))
        for row in range(found):
            for column in range(at.UPRIGHT):
                shown[row, column] = rows[row, column]
        return int(found)

    return update


def update_address() -> int:
    """Return the address of `update`; the code stays for as long as the process lives."""
    return int(_compiled().address)
