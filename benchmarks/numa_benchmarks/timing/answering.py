"""The worker's side: opens one model when asked, and answers until told to quit or the pipe closes."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import islice
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any

from numa_benchmarks.timing.labels import open_labels
from numa_benchmarks.timing.machine import rss_mb
from numa_benchmarks.timing.messages import Loaded, Stats, Step, Timed
from numa_runtime.errors import NumaError

if TYPE_CHECKING:
    from numa_benchmarks.timing.labels import Labels
    from numa_runtime.pipeline.model import Model
    from numa_runtime.results.result import Frame
    from numa_runtime.sessions.base import Session

MOST_FRAMES = 32
"""Frames kept in memory for timing; more would only measure the cache less often."""


@dataclass(frozen=True, slots=True)
class Post:
    """What one worker works on. `opener` opens the model; it is called once, when `load` is asked for."""

    opener: Callable[[], Session]
    data: str
    split: str = "val"
    imgsz: int | tuple[int, int] | None = None


@dataclass(slots=True)
class _State:
    post: Post
    say: Callable[[dict[str, Any]], None]
    session: Session | None = None
    model: Model | None = None
    labels: Labels | None = None
    frames: list[Frame] = field(default_factory=list)
    next: int = 0


def serve(post: Post) -> None:
    """Answer the requests on standard input, one JSON object a line, until `quit` or its end.

    Whatever else writes to standard output (native libraries do) is sent to standard error instead.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    state = _State(post, lambda message: _write(out, message))
    listen(lambda warning: state.say({"warning": warning}))
    for line in sys.stdin:
        request = json.loads(line)
        step = Step(request["do"])
        if step is Step.QUIT:
            break
        state.say(_answer(state, step, request))
    if state.session is not None:
        state.session.close()


def _answer(state: _State, step: Step, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": _STEPS[step](state, request)}
    except NumaError as error:
        return {"error": {"kind": type(error).__name__, "what": error.what, "hint": error.hint}}
    except Exception as error:
        words = (str(error).strip().splitlines() or [""])[0]
        return {"error": {"kind": type(error).__name__, "what": f"{type(error).__name__}: {words}", "hint": ""}}


def _load(state: _State, _request: dict[str, Any]) -> dict[str, Any]:
    start = perf_counter()
    session = state.post.opener()
    loaded = perf_counter() - start
    from numa_runtime.pipeline.model import Model
    from numa_runtime.pipeline.options import PredictionOptions
    from numa_runtime.vision.sizes import input_size

    state.session = session
    state.labels = open_labels(state.post.data, state.post.split, keypoints=session.spec.keypoint_shape is not None)
    state.model = Model(session, PredictionOptions(imgsz=state.post.imgsz))
    state.model.start(still=True)
    first = next(state.labels.frames())
    state.model(first)
    precision = session.record.precision if session.record is not None else ""
    size = input_size(session.spec, first.shape[:2], state.post.imgsz)
    return asdict(Loaded(loaded, precision, f"{session.backend} {session.device}", list(size)))


def _stats(_state: _State, _request: dict[str, Any]) -> dict[str, Any]:
    return asdict(Stats(rss_mb()))


def _validate(state: _State, _request: dict[str, Any]) -> dict[str, Any]:
    if state.session is None or state.labels is None:
        raise _not_loaded(Step.VALIDATE)

    def tell(done: int, total: int) -> None:
        state.say({"progress": [done, total]})

    found = state.labels.score(state.session, state.post.imgsz, tell)
    return {key: value for key, value in found.items() if key != "rows"}


def _time(state: _State, request: dict[str, Any]) -> dict[str, Any]:
    """Run the next frames of the data set, over and over, each turn where the last one stopped.

    The first frame of a turn is run twice and counts once: another worker had the caches in between.
    """
    if state.model is None or state.labels is None:
        raise _not_loaded(Step.TIME)
    if not state.frames:
        state.frames = list(islice(state.labels.frames(), MOST_FRAMES))
        # Clip networks are timed as on video, where a window takes in one new frame, not ten copies of a still.
        state.model.start(still=False)
    state.model(state.frames[state.next % len(state.frames)])
    speeds = []
    for _ in range(int(request["frames"])):
        speeds.append(state.model(state.frames[state.next % len(state.frames)]).speed)
        state.next += 1
    stages = ("preprocess", "inference", "postprocess")
    return asdict(Timed(*([speed[stage] for speed in speeds] for stage in stages)))


_STEPS: dict[Step, Callable[[_State, dict[str, Any]], dict[str, Any]]] = {
    Step.LOAD: _load,
    Step.STATS: _stats,
    Step.VALIDATE: _validate,
    Step.TIME: _time,
}


def _not_loaded(step: Step) -> RuntimeError:
    return RuntimeError(f"{step} was asked for before load")


def _write(out: IO[str], message: dict[str, Any]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


class _Warnings(logging.Handler):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(record.getMessage())


def listen(say: Callable[[str], None]) -> None:
    """Hand every warning of the library to `say`: nobody sees a worker's own terminal."""
    logger = logging.getLogger("numa_runtime")
    logger.addHandler(_Warnings(say))
    logger.propagate = False
