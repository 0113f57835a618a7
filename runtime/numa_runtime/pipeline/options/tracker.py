"""Which tracker follows, with which parameters; the parameters themselves are declared in `tracking.params`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Option, Options, option
from numa_runtime.options.panels import MOST, TRACKER
from numa_runtime.options.readers import at_least, within
from numa_runtime.pipeline.options.thresholds import Thresholds
from numa_runtime.tracking.balls.config import load_ball_params
from numa_runtime.tracking.balls.params import BallTrackParams
from numa_runtime.tracking.config import TrackerName, every_name, load_params
from numa_runtime.tracking.gallery_params import GalleryParams
from numa_runtime.tracking.model_thresholds import model_thresholds
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.params.info import describe

BALL_PREFIX = "ball_"
"""Stands before the ball tracker's parameters, because other trackers share most names."""

FLAGS = ("track_high_thresh", "track_low_thresh", "new_track_thresh", "track_buffer", "match_thresh")
"""Parameters with a flag of their own: those that ByteTrack's users change. All are words, and `--set` takes them."""


def ball_parameters() -> frozenset[str]:
    """Return the names of the ball tracker's parameters, "ball_" before each."""
    return frozenset(f"{BALL_PREFIX}{name}" for name, _ in describe(BallTrackParams))


def every_parameter() -> frozenset[str]:
    """Return the names of every tracker's parameters, the ball tracker's included."""
    return every_name() | ball_parameters()


@cache
def parameter_options() -> tuple[Option, ...]:
    """Return every parameter of every tracker as an option, made from its own declaration."""
    known: dict[str, str] = {}
    for tracker in TrackerName:
        known |= {name: info.doc for name, info in describe(tracker.params_type) if name not in known}
    known |= {f"{BALL_PREFIX}{name}": info.doc for name, info in describe(BallTrackParams)}
    return tuple(
        Option(
            name=name,
            help=f"{doc[0].upper()}{doc[1:]}.",
            kind=float,
            panel=TRACKER,
            python_only=name not in FLAGS,
        )
        for name, doc in known.items()
    )


def read_parameters(_: str, value: Any) -> Mapping[str, Any]:
    """Return parameters by name from `["NAME=VALUE", ...]`, values read as a YAML would: numbers, True, words.

    Raises:
        UsageError: no "=", or a name that no tracker has.
    """
    if isinstance(value, Mapping):
        return value
    from numa_runtime.yaml_text import BadYaml, parse_yaml

    found: dict[str, Any] = {}
    for text in [value] if isinstance(value, str) else value:
        word, equals, given = text.partition("=")
        word = word.strip().replace("-", "_")
        known = every_parameter()
        if not equals:
            raise UsageError(f"--set {text}: there is no value", hint=f"--set {word}=VALUE")
        if word not in known:
            raise UsageError(
                f"no tracker has a parameter {word!r}{nearest(word, sorted(known))}",
                hint=f"there are: {', '.join(sorted(known))}",
            )
        try:
            found[word] = parse_yaml(given)
        except BadYaml as error:
            raise UsageError(f"--set {text}: {given!r} is not a value", hint=f"--set {word}=0.5") from error
    return found


def read_ids(name: str, value: Any) -> bool | tuple[int | str, ...]:
    """Return ids and the word "all", each once, from "7", "7,12" or "all"; True and False stay what they are.

    Raises:
        UsageError: something else.
    """
    if not isinstance(value, str):
        return bool(value) if isinstance(value, bool | int) else tuple(value)
    words: Sequence[str] = [word.strip() for word in value.strip().strip("[]()").split(",")]
    if not all(word == "all" or word.isdecimal() for word in words):
        raise UsageError(f"--{name} {value!r} is not a list of ids", hint=f"--{name} 7, --{name} 7,12 or --{name} all")
    return tuple(dict.fromkeys(word if word == "all" else int(word) for word in words))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerOptions(Options):
    """The trackers of one run.

    Attributes:
        tracker: a tracker's name, or a YAML file.
        ball_tracker: the same for a multitask network's balls.
        parameters: parameters by name that replace the YAML's values; those of the ball tracker begin with "ball_".
        thresholds: whether they are chosen from the detections' scores; parameters that are given stay.
        reid: an ONNX file of a ReID network, which says what each box looks like; None: the model's own features.
        gallery: seconds for which an object that left is remembered by its looks; 0: it is not.
        gallery_size: so many are remembered at most.
        gallery_similarity: how alike one that comes back must look: cosine.
        explain: whether to remember the run so that ids can be explained, or the very ids to explain.
    """

    tracker: str | Path = option(
        "bytetrack",
        "bytetrack, sort, ocsort, botsort, cbiou, hybridsort, tracktrack, fasttrack, boosttrack, or a YAML file.",
        metavar="NAME",
        panel=MOST,
    )
    ball_tracker: str | Path = option(
        "balltrack", "Tracker of a multitask network's balls, name or YAML file.", metavar="NAME", panel=TRACKER
    )
    parameters: Mapping[str, Any] | None = option(
        None,
        "Any other parameter of the tracker, repeatable: --set min_hits=2; or as a word: with_reid=True.",
        read=read_parameters,
        flags=("--set",),
        metavar="NAME=VALUE",
        repeats=True,
        collects=parameter_options,
        panel=TRACKER,
    )
    thresholds: Thresholds = option(
        Thresholds.GIVEN,
        "given (the tracker's own), or auto: from the scores that the model gives in 200 frames.",
        read=lambda _, value: Thresholds.parse(value),
        metavar="NAME",
        panel=TRACKER,
    )
    reid: str | Path | None = option(
        None,
        "ONNX file of a ReID network (osnet.onnx): its vectors, instead of the model's features, say what boxes look "
        "like, for --gallery and with_reid=True.",
        metavar="FILE",
        panel=TRACKER,
    )
    gallery: float = option(
        0.0,
        "Remember who left for so many seconds: one that comes back looking alike gets its id again. 0: no.",
        read=within(0, 1e6),
        metavar="SECONDS",
        panel=TRACKER,
    )
    gallery_size: int = option(
        GalleryParams().size, "Remember so many at most.", read=at_least(1), metavar="N", panel=TRACKER
    )
    gallery_similarity: float = option(
        GalleryParams().similarity,
        "How alike (cosine) one that comes back must look; how far apart strangers are depends on the network.",
        read=within(0, 1),
        metavar="COSINE",
        panel=TRACKER,
    )
    explain: bool | tuple[int | str, ...] = option(
        False,
        "Tell the life of these ids (7,12) with pictures: which stage and threshold began, lost or ended them. "
        "all: count the reasons of all ids.",
        kind=str,
        read=read_ids,
        metavar="IDS|all",
        panel=MOST,
    )

    def box_params(self, conf: float | None = None, suits: Mapping[str, float] | None = None) -> TrackerParams:
        """Return the box tracker's parameters.

        Args:
            conf: gates births unless a parameter `birth_conf` does.
            suits: thresholds of the model's contract, which count where neither words nor the user's YAML say others.

        Raises:
            TrackerError: an unknown tracker, or a value out of range.
        """
        given = self._box_words(conf)
        return load_params(self.tracker, **{**model_thresholds(self.tracker, suits or {}, given), **given})

    def from_model(self, conf: float | None, suits: Mapping[str, float]) -> dict[str, float]:
        """Return those of `box_params` that are what the model's contract says, because nobody said otherwise.

        Raises:
            TrackerError: an unknown tracker, or a YAML that cannot be read.
        """
        taken = model_thresholds(self.tracker, suits, self._box_words(conf))
        return {name: value for name, value in taken.items() if value == suits[name]}

    def _box_words(self, conf: float | None) -> dict[str, Any]:
        balls = ball_parameters()
        return _gated({name: value for name, value in (self.parameters or {}).items() if name not in balls}, conf)

    def ball_params(self, conf: float | None = None) -> BallTrackParams:
        """Return the ball tracker's parameters; `conf` gates births likewise.

        Raises:
            TrackerError: an unknown tracker, or a value out of range.
        """
        balls = ball_parameters()
        given = {name.removeprefix(BALL_PREFIX): v for name, v in (self.parameters or {}).items() if name in balls}
        return load_ball_params(self.ball_tracker, **_gated(given, conf))

    def gallery_params(self, sure: float) -> GalleryParams | None:
        """Return how those who left are remembered, None where they are not; `sure`: the score that teaches looks."""
        if not self.gallery:
            return None
        return GalleryParams(self.gallery, self.gallery_size, self.gallery_similarity, sure=sure)


def _gated(parameters: dict[str, Any], conf: float | None) -> dict[str, Any]:
    return parameters if conf is None else {"birth_conf": conf, **parameters}
