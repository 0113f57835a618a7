"""How objects that left are remembered; apart from the gallery, because options are read without numpy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GalleryParams:
    """How an object that left is remembered.

    Attributes:
        seconds: how long.
        size: how many at most; who left first is forgotten first.
        similarity: how alike (cosine, up to 1) a newcomer must look.
        margin: how much more alike than anybody else of its class, gone or present.
        sure: detections with a lower score teach nothing: what is half hidden looks like something else.
    """

    seconds: float = 60.0
    size: int = 100
    similarity: float = 0.8
    margin: float = 0.05
    sure: float = 0.25
