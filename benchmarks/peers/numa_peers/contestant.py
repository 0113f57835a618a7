"""A peer's resident process, and what it answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.mot_detections import Rows
from numa_benchmarks.timing.channel import Channel
from numa_benchmarks.timing.failure import Failure
from numa_peers.catalogue import FOLDER, Peer
from numa_peers.environment import quiet_environ
from numa_peers.thresholds import USUAL, Thresholds


@dataclass(frozen=True, slots=True)
class Turn:
    """One run over a scene.

    times: nanoseconds per frame, of fewer frames than asked for where the seconds ran out.
    tracks: per frame rows x1, y1, x2, y2, id, where they were asked for.
    """

    times: list[int]
    tracks: list[Rows] | None


class Contestant:
    """A peer that was started. Every call raises `Failure` where it gives no answer.

    limit_s: the longest silence, which bounds a turn whose frames are so slow that its budget is overrun.
    """

    def __init__(self, peer: Peer, home: Path, limit_s: float) -> None:
        self.peer = peer
        command = (str(peer.environment.python(home)), str(FOLDER / "serve.py"), str(peer.script))
        self._channel = Channel(peer.name, command, limit_s, quiet_environ(home))

    def load(self) -> str:
        """Import it, track three frames, and return the version that was installed."""
        return str(self._channel.ask("load", "loading")["version"])

    def run(
        self,
        scene: Path,
        frames: int,
        budget_s: float,
        output: Path | None = None,
        *,
        thresholds: Thresholds = USUAL,
        arrays: bool = False,
    ) -> Turn:
        """Track a scene (`save_scene`) with a fresh tracker until the frames or the seconds are used up.

        arrays: count what it takes to turn an array of detections into what the tracker wants.
        """
        written = "" if output is None else str(output)
        words: dict[str, Any] = {"scene": str(scene), "frames": frames, "budget_s": budget_s}
        words |= {"thresholds": asdict(thresholds), "arrays": arrays}
        answer = self._channel.ask("run", "tracking", **words, output=written)
        times = list(answer["ns"])
        return Turn(times, None if output is None else _read(output, len(times)))

    def close(self) -> None:
        """End it."""
        self._channel.close()


def start(peer: Peer, home: Path, limit_s: float) -> tuple[Contestant | Failure, str]:
    """Return a peer that was loaded and its version, or why there is none and ""."""
    try:
        contestant = Contestant(peer, home, limit_s)
    except Failure as failure:
        return failure, ""
    try:
        return contestant, contestant.load()
    except Failure as failure:
        contestant.close()
        return failure, ""


def save_scene(path: Path, frames: list[Rows]) -> None:
    """Write the detections of a scene as `serve.py` reads them."""
    np.savez(path, rows=np.concatenate(frames), counts=[len(rows) for rows in frames])


def _read(path: Path, frames: int) -> list[Rows]:
    with np.load(path) as found:
        edges = np.searchsorted(found["frame"], np.arange(1, frames))
        return list(np.split(found["rows"], edges))
