"""The first 64 bytes of an engine, in pure Python (the layout was measured on engines of both builders).

Little endian. Offset 0: magic, `vtrt` (TensorRT RTX) or `ftrt` (TensorRT). Bytes 24-27: major, minor, patch, build.
RTX only: offset 16, u64, size of the plan; offset 32, u64, mask of the compute capabilities it was built for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum

from numa_runtime.errors import EngineError

HEADER_BYTES = 64
LONGEST_PREFIX = 1 << 20
_TARGETS = ("sm75", "sm80", "sm86", "sm89", "sm120", "sm121")
_LATER_BIT = 1 << len(_TARGETS)


class Flavour(StrEnum):
    """Which of NVIDIA's two builders wrote a plan; the value is its common name."""

    RTX = "TensorRT RTX"
    TENSORRT = "TensorRT"

    @property
    def magic(self) -> bytes:
        """The plan's first four bytes."""
        return b"vtrt" if self is Flavour.RTX else b"ftrt"

    @property
    def modules(self) -> tuple[str, ...]:
        """Python modules that hold its bindings, in the order they are tried."""
        return ("tensorrt_rtx", "tensorrt_rtx_bindings") if self is Flavour.RTX else ("tensorrt", "tensorrt_bindings")

    @property
    def extra(self) -> str:
        """The extra of numa-deploy that installs it."""
        return "rtx" if self is Flavour.RTX else "tensorrt"


MAGICS = tuple(flavour.magic for flavour in Flavour)


@dataclass(frozen=True, slots=True)
class EngineHeader:
    """What a plan says of itself before anything is loaded.

    Attributes:
        flavour: which builder wrote it.
        version: major, minor, patch, build.
        size: the plan's length in bytes; None unless the flavour is RTX.
        targets: the capabilities it was built for ("sm89"); () unless the flavour is RTX.
        later: whether it also runs on newer ones; False unless the flavour is RTX.
    """

    flavour: Flavour
    version: tuple[int, int, int, int]
    size: int | None = None
    targets: tuple[str, ...] = ()
    later: bool = False

    @property
    def builder(self) -> str:
        """`TensorRT RTX 1.7.1`."""
        return f"{self.flavour} {'.'.join(map(str, self.version[:3]))}"

    @property
    def target_words(self) -> str:
        """`SM89`, `SM86, SM89`, `SM80 and later`, or "" where the header does not say."""
        if not self.targets:
            return ""
        return f"{self.targets[0].upper()} and later" if self.later else ", ".join(self.targets).upper()


def parse_header(head: bytes, where: str) -> EngineHeader:
    """Read a header from the first 64 bytes of a plan.

    Raises:
        EngineError: fewer bytes, or another magic.
    """
    magic = bytes(head[:4])
    if magic not in MAGICS:
        raise EngineError(f"{where} is not a TensorRT engine: it starts with {magic!r}, not with 'vtrt' or 'ftrt'")
    if len(head) < HEADER_BYTES:
        raise EngineError(
            f"{where} is truncated: {len(head)} bytes, the header alone has {HEADER_BYTES}",
            hint="copy it again, or build it again: numa-deploy export --format engine",
        )
    version: tuple[int, int, int, int] = struct.unpack_from("<4B", head, 24)
    if magic == Flavour.TENSORRT.magic:
        return EngineHeader(Flavour.TENSORRT, version)
    size, mask = struct.unpack_from("<Q", head, 16)[0], struct.unpack_from("<Q", head, 32)[0]
    targets = tuple(name for bit, name in enumerate(_TARGETS) if mask >> bit & 1)
    return EngineHeader(Flavour.RTX, version, size, targets, bool(mask & _LATER_BIT))


def prefix_length(head: bytes) -> int | None:
    """Return how many bytes lie before the plan where Ultralytics put 4 bytes of length and JSON, else None."""
    if len(head) < 6:
        return None
    (length,) = struct.unpack_from("<I", head, 0)
    return 4 + length if 2 <= length <= LONGEST_PREFIX and head[4:5] == b"{" else None
