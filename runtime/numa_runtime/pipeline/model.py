"""A model: session + contract; frames in, `Results` out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.pipeline.clock import StageClock
from numa_runtime.pipeline.fusing import BallFuser
from numa_runtime.pipeline.options.prediction import PredictionOptions, class_indices
from numa_runtime.results import Frame, Results
from numa_runtime.sessions.base import Session
from numa_runtime.sources.base import Media
from numa_runtime.vision.decode import DecodeOptions, decoder_for, to_source
from numa_runtime.vision.decode.numbers import NumbersOnly
from numa_runtime.vision.draw import paint
from numa_runtime.vision.letterbox import Transform
from numa_runtime.vision.prepare import ClipPreparer, Preparer
from numa_runtime.vision.sizes import input_size

_LOGGER = logging.getLogger("numa_runtime")
NO_WINDOW: NDArray[np.float32] = np.zeros((0, 0, 6), np.float32)
PREVIOUS = -2
"""The frame before the newest in a clip."""


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """Where a frame came from; copied into its `Results`."""

    path: str = ""
    index: int = 0
    timestamp: float = 0.0


class Model:
    """Runs a session on the frames of one run, one at a time; holds the input's memory and, for clips, the window.

    A clip network sees each frame of a timeline as the newest of its window; a still image is a clip of
    copies. So frames belong to one timeline: `start` begins the next. Models are cheap: make one for each run of a
    session, which they may share.

    Args:
        session: what runs; its contract says how frames are prepared and outputs are read.
        options: thresholds, filters and input size; the contract's own by default.
        multi_label: count a box once for every class above `conf`, as validation does.
    """

    def __init__(
        self, session: Session, options: PredictionOptions | None = None, *, multi_label: bool = False
    ) -> None:
        self.session = session
        self._multi_label = multi_label
        self._source_shape: tuple[int, int] | None = None
        self.options = options or PredictionOptions()
        self.names = dict(enumerate(session.spec.names))
        self._numbers = NumbersOnly(session.spec, Path(session.path).name)
        self._decode = decoder_for(session.spec, where=session.path)
        if session.spec.layout.needs_nms:
            from numa_runtime.vision.nms import load_kernels

            load_kernels()
        self._preparer: Preparer | ClipPreparer | None = None
        self._still = False
        self._window = NO_WINDOW
        self._turn = Lock()

    @property
    def spec(self) -> ModelSpec:
        """The contract's model half."""
        return self.session.spec

    @property
    def conf(self) -> float:
        """The score above which something counts in this run."""
        return self._decode_options.conf

    @property
    def window(self) -> NDArray[np.float32]:
        """What the last call saw in every frame of its clip: (G, K, 6) in source pixels, oldest first, unfiltered."""
        return self._window

    def fuser(self) -> BallFuser | None:
        """Return what fuses the balls of this timeline, None where every frame's own window counts.

        Raises:
            UsageError: `offline` was asked for, and the network has no clips with balls.
        """
        if not self.options.offline:
            return None
        if not self.spec.groups or self.spec.input.frames == 1:
            raise UsageError(
                f"offline fuses the balls of clip networks; {Path(self.session.path).name} has none",
                hint="omit --offline",
            )
        if self.spec.groups < self.spec.input.frames:
            _LOGGER.warning(
                "offline fuses %d looks at each frame: %s tells the balls of its newest %d of %d frames; "
                "one exported with ball_frames=%d tells all",
                *(self.spec.groups, Path(self.session.path).name, self.spec.groups),
                *(self.spec.input.frames, self.spec.input.frames),
            )
        return None if self._still else BallFuser(self.spec.input.frames, self.spec.groups)

    @property
    def running(self) -> bool:
        """Whether a run is using it now."""
        return self._turn.locked()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep other runs off for as long as this one lasts.

        Raises:
            UsageError: another one is using it.
        """
        if not self._turn.acquire(blocking=False):
            raise UsageError("this timeline is being continued elsewhere", hint="give each run a Model of its own")
        try:
            yield
        finally:
            self._turn.release()

    @property
    def options(self) -> PredictionOptions:
        """What counts in this run; setting it takes effect with the next frame."""
        return self._options

    @options.setter
    def options(self, options: PredictionOptions) -> None:
        default = self.spec.thresholds
        self._options = options
        self._decode_options = DecodeOptions(
            conf=default.conf if options.conf is None else options.conf,
            iou=default.iou if options.iou is None else options.iou,
            max_det=default.max_det if options.max_det is None else options.max_det,
            classes=class_indices(options.classes, self.spec.names),
            agnostic_nms=options.agnostic_nms,
            multi_label=self._multi_label,
        )
        self._source_shape = None

    def start(self, *, still: bool = False) -> None:
        """Begin a new timeline; `still` says that its frames are unrelated images."""
        if isinstance(self._preparer, ClipPreparer) and not still:
            self._preparer.reset()
        elif still != self._still:
            self._preparer = None
        self._still = still

    def set_options(self, **changes: object) -> None:
        """Replace some options; names as in `PredictionOptions`."""
        self.options = replace(self.options, **changes)  # type: ignore[arg-type]

    def find(self, media: Media, clock: StageClock) -> Iterator[Results]:
        """Yield what is found in each frame of a medium; offline, some frames later and all of them in the end.

        Raises:
            UsageError: `offline` was asked for, and the medium is live or the network has no clips with balls.
        """
        fuser = self.fuser()
        if fuser is not None and media.info.live:
            raise UsageError("offline needs a video that ends; this source is live", hint="omit --offline")
        for frame in clock.waiting(media, "decode"):
            result = self(frame.image, FrameInfo(frame.path, frame.index, frame.timestamp))
            result = replace(result, reader=media.reader(frame.index))
            if fuser is None:
                yield result
            else:
                yield from fuser.push(result, self.window, self.conf)
        if fuser is not None:
            yield from fuser.flush(self.conf)

    def __call__(self, frame: Frame, info: FrameInfo | None = None) -> Results:
        """Find everything in one BGR frame, uint8 (H, W, 3)."""
        where = info or FrameInfo()
        start = perf_counter()
        batch, transform, padded = self._prepare(frame)
        prepared = perf_counter()
        outputs = self.session.run(batch)
        ran = perf_counter()
        sound, dropped = self._numbers(outputs)
        found = to_source(self._decode(sound, 0, self._decode_options), transform)
        self._window = found.window
        done = perf_counter()
        return Results(
            orig_shape=transform.source,
            names=self.names,
            detections=found.detections,
            ball_records=found.balls,
            previous_balls=found.balls_at(PREVIOUS, self._decode_options.conf),
            orig_img=frame,
            path=where.path,
            frame_index=where.index,
            timestamp=where.timestamp,
            speed={
                "preprocess": 1e3 * (prepared - start),
                "inference": 1e3 * (ran - prepared),
                "postprocess": 1e3 * (done - ran),
            },
            padded=padded,
            dropped=dropped,
            painter=paint,
        )

    def _prepare(self, frame: Frame) -> tuple[NDArray[Any], Transform, bool]:
        preparer = self._preparer_for((frame.shape[0], frame.shape[1]))
        if isinstance(preparer, ClipPreparer):
            batch, transform = preparer.push(frame)
            return batch, transform, preparer.padded
        batch, (transform,) = preparer([frame])
        return batch, transform, self.spec.input.frames > 1

    def _preparer_for(self, shape: tuple[int, int]) -> Preparer | ClipPreparer:
        if self._preparer is None or shape != self._source_shape:
            size = input_size(self.spec, shape, self.options.imgsz)
            if self._preparer is None or self._preparer.size != size:
                clips = self.spec.input.frames > 1 and not self._still
                self._preparer = ClipPreparer(self.spec, size) if clips else Preparer(self.spec, size)
                self._decode = decoder_for(self.spec, size, self.session.path)
            self._source_shape = shape
        return self._preparer
