"""Images at the network's size as bytes: decoded each time, or kept in memory or in a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_deploy.training.data.image_index import ImageIndex
from numa_runtime.contract import InputSpec
from numa_runtime.errors import SourceError
from numa_runtime.files import atomic_path
from numa_runtime.sources.pixels import read_image
from numa_runtime.vision.letterbox import Transform, fit, letterbox

Picture = NDArray[np.uint8]
Size = tuple[int, int]

SMALL = 1 << 30
"""Bytes that `auto` keeps in memory."""


class FittedImages:
    """The images of an index, resized as the letterbox resizes them, without its border.

    All are bytes of one buffer, image after image; behind them a byte each says whether it could be read.

    Args:
        index: which images.
        spec: the network's input: channels, colour, letterbox.
        size: (height, width) of the network's input.
        cache: "none" (read when asked), "ram", "disk", or "auto": ram for at most 1 GiB, else none.
        folder: keeps the file of "disk".

    Raises:
        SinkError: the file cannot be written.
        DataError: more than half of the images that are to be kept cannot be read.
    """

    def __init__(self, index: ImageIndex, spec: InputSpec, size: Size, cache: str, folder: Path) -> None:
        self._index, self._spec, self.size = index, spec, size
        sizes = np.array([self.transform(at).resized for at in range(len(index))], np.int64).reshape(-1, 2)
        self._ends = np.cumsum(sizes.prod(axis=1) * spec.channels)
        self.sizes = sizes
        self.kept_in = cache if cache != "auto" else "ram" if self.bytes <= SMALL else "none"
        self._store: Picture | None = None
        if self.kept_in == "ram":
            self._store = self._fill(np.empty(self.bytes + len(index), np.uint8))
        elif self.kept_in == "disk":
            self._store = self._mapped(folder)

    @property
    def bytes(self) -> int:
        """Of all images."""
        return int(self._ends[-1]) if len(self._ends) else 0

    @property
    def unreadable(self) -> list[int]:
        """The images that could not be read, as far as that is known without reading them."""
        if self._store is None:
            return []
        return np.flatnonzero(self._store[self.bytes :] == 0).tolist()

    def transform(self, at: int) -> Transform:
        """Return how an image comes into the network's input."""
        height, width = self._index.shapes[at].tolist()
        return fit((height, width), self.size, self._spec.letterbox)

    def read(self, at: int) -> Picture | None:
        """Return an image, uint8 (h, w, channels) in the network's order; None where it cannot be read."""
        if self._store is None:
            return self._decoded(at)
        if not self._store[self.bytes + at]:
            return None
        height, width = self.sizes[at].tolist()
        end = int(self._ends[at])
        return self._store[end - height * width * self._spec.channels : end].reshape(height, width, -1)

    def _decoded(self, at: int) -> Picture | None:
        """Read an image file; None where it is damaged, or not of the size that its labels were made for."""
        try:
            frame = read_image(self._index.path(at))
        except SourceError:
            return None
        if frame.shape[:2] != tuple(self._index.shapes[at].tolist()):
            return None
        whole = np.empty((self._spec.channels, *self.size), np.uint8)
        done = letterbox(frame, whole, self._spec.color, self._spec.letterbox)
        top, left = int(done.top), int(done.left)
        planes = whole[:, top : top + done.resized[0], left : left + done.resized[1]]
        return np.ascontiguousarray(planes.transpose(1, 2, 0))

    def _fill(self, store: Any) -> Picture:
        start, bad = 0, []
        for at, end in enumerate(self._ends.tolist()):
            picture = self._decoded(at)
            store[start:end] = 0 if picture is None else picture.reshape(-1)
            store[self.bytes + at] = picture is not None
            if picture is None:
                bad.append(at)
            start = end
        if 2 * len(bad) > len(self._index):
            raise DataError(
                f"{len(bad)} of {len(self._index)} images cannot be read, the first {self._index.path(bad[0])}",
                hint="numa-deploy data check --data data.yaml names them all",
            )
        filled: Picture = store
        return filled

    def _mapped(self, folder: Path) -> Picture:
        path = folder / f"images-{self._key()}.npy"
        if not path.is_file():
            with atomic_path(path) as part:
                shape = (self.bytes + len(self._index),)
                store: Any = np.lib.format.open_memmap(part, mode="w+", dtype=np.uint8, shape=shape)
                self._fill(store)
                store.flush()
        found: Picture = np.load(path, mmap_mode="r")
        return found

    def _key(self) -> str:
        """Return a name that changes with everything the pictures depend on."""
        index, spec = self._index, self._spec
        digest = hashlib.sha256(repr((spec.channels, str(spec.color), repr(spec.letterbox), self.size)).encode())
        for part in (index.text, index.text_ends, index.shapes):
            digest.update(part.tobytes())
        for at in range(len(index)):
            try:
                status = index.path(at).stat()
            except OSError:
                continue
            digest.update(b"%d,%d;" % (status.st_mtime_ns, status.st_size))
        return digest.hexdigest()[:16]
