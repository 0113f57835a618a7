"""The same detections of labelled sequences through every peer: how good, where `contest` asks how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot_detections import Rows, rows_by_frame, tracks_table
from numa_benchmarks.metrics.mot import MotScores, score_mot
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.failure import Failure, Status
from numa_peers.catalogue import Peer
from numa_peers.contestant import Contestant, save_scene, start
from numa_peers.standing import in_words
from numa_peers.thresholds import PUBLISHED, Thresholds


@dataclass(frozen=True, slots=True)
class Quality:
    """One peer on all sequences together; without scores `failure` says why."""

    peer: str
    language: str
    version: str
    scores: MotScores | None = None
    failure: Failure | None = None

    @property
    def words(self) -> str:
        """Why there are no scores; "" where there are."""
        return in_words(self.failure.status, self.failure.reason) if self.failure else ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "peer": self.peer,
            "language": self.language,
            "version": self.version,
            "status": (self.failure.status if self.failure else Status.OK).value,
            "reason": self.failure.reason if self.failure else "",
            **(self.scores.to_dict() if self.scores else {}),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """All peers' rows and what they were judged on.

    Attributes:
        rows: one a peer.
        sequences: their names.
        frames: of all sequences.
        half: whether these are their second halves.
        thresholds: the setting that adapters translated.
    """

    rows: tuple[Quality, ...]
    sequences: tuple[str, ...]
    frames: int
    half: bool
    thresholds: Thresholds

    def footnote(self) -> str:
        """Return how it was judged."""
        names = self.sequences[0] if len(self.sequences) == 1 else f"{self.sequences[0]} to {self.sequences[-1]}"
        how = self.thresholds
        return (
            f"HOTA, MOTA, IDF1: {'the second halves of ' if self.half else ''}{names}, {self.frames:,} frames; all get "
            f"the same detections and a frame every 1/30 s. Strong from {how.high:g} on, births from {how.birth:g}, "
            f"cost up to {how.match:g}, lost for {how.buffer} frames."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: rows and how they were judged."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "sequences": list(self.sequences),
            "frames": self.frames,
            "second_half": self.half,
            "thresholds": asdict(self.thresholds),
        }


def judge(
    peers: Sequence[Peer],
    sequences: Sequence[MotSequence],
    home: Path,
    limit_s: float,
    *,
    half: bool = False,
    thresholds: Thresholds = PUBLISHED,
    watch: Watch | None = None,
) -> Judgement:
    """Return one row a peer; one that cannot be had, breaks or says what no tracker may keeps its row, with the reason.

    Every sequence gets a fresh tracker, and a frame every 1/30 s whatever its rate: not every peer takes times.

    Args:
        peers: who is compared.
        sequences: with their detections as `result`.
        home: where the environments lie.
        limit_s: the longest a sequence may take.
        half: track and score the second halves only (`MotSequence.second_half`).
        thresholds: the setting that adapters translate.
        watch: is told how far it is.

    Raises:
        DataError: detections with a score outside 0-1, or beyond the sequence's end.
        MissingExtra: trackeval is not installed.
    """
    told = watch or Watch()
    clips = [sequence.second_half() for sequence in sequences] if half else list(sequences)
    found = []
    with TemporaryDirectory(prefix="numa-peers-") as place:
        folder = Path(place)
        scenes = [_save(sequence, folder / f"{at}.npz") for at, sequence in enumerate(clips)]
        for done, peer in enumerate(peers, start=1):
            told.note(f"{peer.name}: tracking {len(clips)} sequences")
            contestant, version = start(peer, home, limit_s)
            row = Quality(peer.name, peer.language, version)
            try:
                tracks = [_follow(contestant, scene, limit_s, folder / "tracks.npz", thresholds) for scene in scenes]
                found.append(replace(row, scores=_score(clips, tracks)))
            except Failure as failure:
                found.append(replace(row, failure=failure))
            finally:
                if isinstance(contestant, Contestant):
                    contestant.close()
            if told.progress is not None:
                told.progress(done, len(peers))
    return Judgement(
        tuple(found), tuple(clip.name for clip in clips), sum(clip.length for clip in clips), half, thresholds
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    path: Path
    frames: int


def _save(sequence: MotSequence, path: Path) -> _Scene:
    save_scene(path, list(rows_by_frame(sequence.result, sequence.length, sequence.name)))
    return _Scene(path, sequence.length)


def _follow(
    contestant: Contestant | Failure, scene: _Scene, limit_s: float, output: Path, thresholds: Thresholds
) -> list[Rows]:
    if isinstance(contestant, Failure):
        raise contestant
    never_cut = 2 * limit_s  # its silence ends it before
    return contestant.run(scene.path, scene.frames, never_cut, output, thresholds=thresholds).tracks or []


def _score(sequences: Sequence[MotSequence], tracks: Sequence[list[Rows]]) -> MotScores:
    results = [
        replace(sequence, result=tracks_table(found), frames=sequence.length)
        for sequence, found in zip(sequences, tracks, strict=True)
    ]
    try:
        return score_mot(results).combined
    except DataError as error:
        raise Failure(Status.FAILED, error.what) from None
