"""GoldenSample: what travels inside the artifact, as one line of ASCII."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import InputSpec
from numa_runtime.errors import ContractError
from numa_runtime.golden import levels, picture
from numa_runtime.golden.rows import Rows
from numa_runtime.golden.tolerance import GoldenTolerance
from numa_runtime.installing import upgrade_line

VERSION = 2
"""2: several pictures, class levels, the contract. 1: one picture, and none of these."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The best rows of one kind in one picture.

    Attributes:
        kind: "boxes" or "balls".
        rows: geometry, score, class, frame, keypoints flattened.
        keypoints: keypoints per row.
        mean_score: the mean best score over all rows of that kind, stored or not.
        levels: the packed level of every class (`golden.levels`); "" in version 1 and where classes have no names.
    """

    kind: str
    rows: tuple[tuple[float, ...], ...]
    keypoints: int
    mean_score: float
    levels: str = ""

    @classmethod
    def of(cls, best: Rows, everything: Rows, classes: int) -> Expected:
        """Store the best rows, rounded to 1e-4 px (keypoints: 1e-3 px) and 1e-6 in score, and the levels of all.

        Args:
            best: the rows to store.
            everything: all rows of that kind.
            classes: how many classes this kind of row has.
        """
        table = tuple(
            (
                *(round(float(v), 4) for v in best.geometry[i]),
                round(float(best.best[i]), 6),
                int(best.classes[i]),
                int(best.frame[i]),
                *(round(float(v), 3) for v in best.keypoints[i].ravel()),
            )
            for i in range(len(best))
        )
        mean = float(everything.best.mean()) if len(everything) else 0.0
        known = levels.pack(levels.class_levels(everything, classes)) if classes else ""
        return cls(best.kind, table, best.keypoints.shape[1], round(mean, 8), known)

    def to_rows(self) -> Rows:
        """Return the stored rows as arrays (one score each)."""
        table = np.asarray(self.rows, np.float64).reshape(len(self.rows), 7 + 3 * self.keypoints)
        return Rows(
            self.kind,
            table[:, :4].astype(np.float32),
            table[:, 4:5].astype(np.float32),
            table[:, 5].astype(np.int64),
            table[:, 7:].reshape(len(table), -1, 3).astype(np.float32),
            table[:, 6].astype(np.int64),
        )


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture (a packed thumbnail) and the answers to it, by kind."""

    picture: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class GoldenSample:
    """Pictures, and what the artifact answered to them when it was written.

    Attributes:
        height: of the network's input.
        width: of the network's input.
        factor: how much smaller the thumbnails are.
        shots: pictures with their answers, the first the strongest.
        tolerance: how far another backend may be from them.
        backend: what gave the answers.
        contract: the packed contract (`golden.agreement`); "" in version 1.
        version: the format the sample was written in.
    """

    height: int
    width: int
    factor: int
    shots: tuple[Shot, ...]
    tolerance: GoldenTolerance
    backend: str = ""
    contract: str = ""
    version: int = VERSION

    @property
    def rows(self) -> int:
        """How many rows are stored."""
        return sum(len(part.rows) for shot in self.shots for part in shot.expected)

    def batches(self, model_input: InputSpec) -> list[NDArray[Any]]:
        """Return the pictures as inputs `[B, planes, H, W]` for an artifact.

        A fixed batch is filled by turns, so that an artifact that answers for its neighbour is noticed: item `i` of all
        the batches, counted through, shows picture `i` modulo their number.

        Args:
            model_input: the artifact's input.

        Raises:
            ContractError: the sample is for another input size, or damaged.
        """
        if (model_input.height or self.height, model_input.width or self.width) != (self.height, self.width):
            raise ContractError(
                f"the golden sample is for {self.height}x{self.width} and the artifact takes "
                f"{model_input.height}x{model_input.width}",
                hint=_REWRITE,
            )
        height, width = self.height // self.factor, self.width // self.factor
        try:
            pictures = [picture.unpack(shot.picture, height, width) for shot in self.shots]
        except ValueError as error:
            raise ContractError(f"the golden sample is damaged: {error}", hint=_REWRITE) from error
        inputs = [picture.to_input(small, self.factor, model_input) for small in pictures]
        size, count = model_input.batch or 1, len(inputs)
        starts = range(0, count, size)
        return [np.stack([inputs[(start + item) % count] for item in range(size)]) for start in starts]

    def to_text(self) -> str:
        """Return the sample as one line of ASCII."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=True, allow_nan=False)

    @classmethod
    def from_text(cls, text: str) -> GoldenSample:
        """Read what this or an older version wrote.

        Raises:
            ContractError: damaged, or written by a newer version.
        """
        try:
            data = json.loads(text)
            version = data["version"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ContractError(f"the golden sample is damaged: {error}", hint=_REWRITE) from error
        if version not in (1, VERSION):
            raise ContractError(
                f"the golden sample has version {version}; this numa-deploy reads version {VERSION}",
                hint=upgrade_line(),
            )
        try:
            return _from_dict(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ContractError(f"the golden sample is damaged: {error!r}", hint=_REWRITE) from error


_REWRITE = "write the artifact again (numa-deploy export or adopt)"


def _from_dict(data: Mapping[str, Any]) -> GoldenSample:
    shots = [data] if data["version"] == 1 else data["shots"]
    if not shots:
        raise ValueError("it holds no picture")
    return GoldenSample(
        height=int(data["height"]),
        width=int(data["width"]),
        factor=int(data["factor"]),
        shots=tuple(Shot(str(shot["picture"]), tuple(map(_expected, shot["expected"]))) for shot in shots),
        tolerance=GoldenTolerance(**{key: float(value) for key, value in data["tolerance"].items()}),
        backend=str(data.get("backend", "")),
        contract=str(data.get("contract", "")),
        version=int(data["version"]),
    )


def _expected(part: Mapping[str, Any]) -> Expected:
    return Expected(
        str(part["kind"]),
        tuple(tuple(map(float, row)) for row in part["rows"]),
        int(part["keypoints"]),
        float(part["mean_score"]),
        str(part.get("levels", "")),
    )
