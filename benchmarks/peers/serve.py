"""One tracker, resident in a process of an environment of its own: asked in JSON lines, as the benchmark's workers.

Runs with the peer's Python, where only numpy is certain: python serve.py ADAPTER.py
An adapter is a file with
    DISTRIBUTION  the name of the package whose version is told
    make(thresholds)  a fresh tracker with `numa_peers.thresholds.Thresholds`, in the peer's own words
    prepare(rows) detections, float64 (n, 6) x1, y1, x2, y2, score, class, as the tracker takes them; not timed
    update(tracker, given)  the call that is timed
    tracks(found) what update returned, as rows x1, y1, x2, y2, id; not timed
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from time import perf_counter, perf_counter_ns
from typing import Any

import numpy as np

from numa_peers.answering import answer_requests
from numa_peers.thresholds import USUAL, Thresholds


class Contestant:
    """An adapter and the detections it prepared, by scene."""

    def __init__(self, path: str) -> None:
        spec = spec_from_file_location("adapter", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        self.adapter: Any = module_from_spec(spec)
        spec.loader.exec_module(self.adapter)
        self.scenes: dict[str, list[Any]] = {}

    def load(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Make one tracker and give it a frame: whatever has to be compiled or loaded is, after that."""
        rows = np.array([[10.0, 10.0, 50.0, 90.0, 0.9, 0.0]])
        tracker = self.adapter.make(USUAL)
        for _ in range(3):
            self.adapter.tracks(self.adapter.update(tracker, self.adapter.prepare(rows.copy())))
        return {"version": version(self.adapter.DISTRIBUTION)}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Track a scene from its first frame with a fresh tracker, until `frames` are done or `budget_s` is spent.

        Returns the nanoseconds of each frame; with "arrays" they include what it takes to prepare the frame's array.
        With "output", the tracks are written there as NPZ: frame (from 0) and rows.
        """
        adapter, arrays = self.adapter, bool(request["arrays"])
        given = self._frames(request["scene"], prepared=not arrays)[: int(request["frames"])]
        update = self._prepare_and_update if arrays else adapter.update
        tracker, found, spent = adapter.make(Thresholds(**request["thresholds"])), [], []
        end = perf_counter() + float(request["budget_s"])
        for detections in given:
            begin = perf_counter_ns()
            result = update(tracker, detections)
            spent.append(perf_counter_ns() - begin)
            found.append(result)
            if perf_counter() > end:
                break
        if request.get("output"):
            self._write(request["output"], found)
        return {"ns": spent}

    def _prepare_and_update(self, tracker: Any, rows: Any) -> Any:
        return self.adapter.update(tracker, self.adapter.prepare(rows))

    def _frames(self, path: str, *, prepared: bool) -> list[Any]:
        if path not in self.scenes:
            self.scenes.clear()
            with np.load(path) as scene:
                rows = np.split(scene["rows"], np.cumsum(scene["counts"])[:-1])
            arrays = [np.ascontiguousarray(frame) for frame in rows]
            self.scenes[path] = [self.adapter.prepare(frame) for frame in arrays] if prepared else arrays
        return self.scenes[path]

    def _write(self, path: str, found: list[Any]) -> None:
        rows = [np.asarray(self.adapter.tracks(result), np.float64).reshape(-1, 5) for result in found]
        frame = np.repeat(np.arange(len(rows)), [len(part) for part in rows])
        np.savez(path, frame=frame, rows=np.concatenate(rows))


if __name__ == "__main__":
    answer_requests(lambda: Contestant(sys.argv[1]))
