"""What of a frame travels with a result that is pickled or sent to another process."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import SourceError

Reader = Callable[[], NDArray[np.uint8]]


def portable(frame: NDArray[np.uint8] | None, reader: Reader | None) -> dict[str, Any]:
    """Return `orig_img` and `reader` as they are to be pickled.

    A frame that was kept travels itself. Otherwise a reader does that can be pickled (it opens its file again), and in
    place of any other the frame it gives. A frame that is gone (a camera's) stays gone.
    """
    if frame is not None or reader is None:
        return {"orig_img": frame, "reader": None}
    try:
        pickle.dumps(reader)
    except Exception:  # whatever a foreign object raises, it cannot travel
        return {"orig_img": _again(reader), "reader": None}
    return {"orig_img": None, "reader": reader}


def _again(reader: Reader) -> NDArray[np.uint8] | None:
    try:
        return reader()
    except SourceError:
        return None
