"""Annotated video: H.264 in mp4 that plays in a browser, every frame once, verified before it gets its name."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from fractions import Fraction
from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.files import discard, explain_os_error, partial_path
from numa_runtime.results import Frame, Results
from numa_runtime.sinks.encoder import Encoder, count_frames

log = logging.getLogger("numa_runtime")

DEPTH = 4
"""Frames that may wait for the encoder."""


class VideoSink:
    """Encodes painted frames in a background thread, at most `DEPTH` waiting.

    The size is the first frame's, made even by repeating the last row or column; a later frame of another
    size is scaled to it, with one warning.

    Args:
        path: the final .mp4.
        fps: the source's average rate divided by vid_stride; frames are written with their own times.
        pixel_aspect: how much wider than high the source's pixels are to be shown.

    Raises:
        SinkError: from `write` or `close`, whatever the encoder or the disk said.
    """

    needs_picture = True

    def __init__(self, path: Path, fps: Fraction | float, pixel_aspect: Fraction = Fraction(1)) -> None:
        self._final = path
        self._part = partial_path(path)
        self._rate, self._pixel_aspect = as_rate(fps), pixel_aspect
        self._waiting: deque[tuple[Frame, float]] = deque()
        self._change = threading.Condition()
        self._given = 0
        self._closing = False
        self._aborted = False
        self._error: SinkError | None = None
        self._thread: threading.Thread | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._part.touch()
        except OSError as error:
            raise explain_os_error(path, error) from error

    def write(self, result: Results, painted: Frame | None) -> None:
        """Queue one frame, waiting while `DEPTH` frames wait already."""
        if painted is None:
            raise SinkError("the video sink was given no picture")
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="numa-encode", daemon=True)
            self._thread.start()
        with self._change:
            self._change.wait_for(lambda: len(self._waiting) < DEPTH or self._error is not None)
            if self._error is None:
                self._waiting.append((painted, result.timestamp))
                self._given += 1
                self._change.notify_all()
        self._raise_failure()

    def _raise_failure(self) -> None:
        if self._error is not None:
            self.abort()
            raise self._error

    def _take(self) -> tuple[Frame, float] | None:
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._closing or self._aborted)
            if self._aborted or not self._waiting:
                return None
            item = self._waiting.popleft()
            self._change.notify_all()
            return item

    def _work(self) -> None:
        try:
            with Encoder(self._part, self._rate, self._final.name, self._pixel_aspect) as encoder:
                while (item := self._take()) is not None:
                    encoder.add(*item)
                if not self._aborted:
                    encoder.finish()
        except SinkError as error:
            self._fail(error)
        except OSError as error:
            self._fail(explain_os_error(self._final, error))
        except Exception as error:  # PyAV's own errors: ValueErrors, RuntimeErrors; all of them mean no video
            self._fail(SinkError(f"{self._final}: the video cannot be encoded: {error}"))

    def _fail(self, error: SinkError) -> None:
        with self._change:
            self._error = error
            self._waiting.clear()
            self._change.notify_all()

    def close(self) -> tuple[Path, ...]:
        """Encode what waits, count the frames of the written file, rename it; no frames leave no file."""
        self._end(aborted=False)
        self._raise_failure()
        if not self._given:
            self.abort()
            return ()
        found = count_frames(self._part)
        if found != self._given:
            self.abort()
            raise SinkError(f"{self._final}: {self._given} frames were written, {found} can be read back")
        try:
            os.replace(self._part, self._final)
        except OSError as error:
            self.abort()
            raise explain_os_error(self._final, error) from error
        return (self._final,)

    def _end(self, *, aborted: bool) -> None:
        with self._change:
            self._closing = True
            self._aborted = self._aborted or aborted
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    def abort(self) -> None:
        """Stop encoding and remove the unfinished file."""
        self._end(aborted=True)
        try:
            discard(self._part)
        except OSError as error:
            log.warning("%s could not be removed: %s", self._part, error.strerror or error)


def as_rate(fps: Fraction | float) -> Fraction:
    """Return frames per second as the fraction video headers use (29.97... is 30000/1001).

    Raises:
        SinkError: not a positive number.
    """
    if not 0 < fps < float("inf"):
        raise SinkError(f"a video needs a positive frame rate, not {fps}", hint="give the frame rate, for example 30")
    return max(Fraction(fps).limit_denominator(10_000), Fraction(1, 100))
