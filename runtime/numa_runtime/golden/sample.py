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
from numa_runtime.golden import picture
from numa_runtime.golden.rows import Rows
from numa_runtime.golden.tolerance import GoldenTolerance
from numa_runtime.installing import upgrade_line

VERSION = 1


@dataclass(frozen=True, slots=True)
class Expected:
    """The best rows of one kind.

    Attributes:
        kind: "boxes" or "balls".
        rows: geometry, score, class, frame, keypoints flattened.
        keypoints: keypoints per row.
        mean_score: the mean best score over all rows of that kind, stored or not.
    """

    kind: str
    rows: tuple[tuple[float, ...], ...]
    keypoints: int
    mean_score: float

    @classmethod
    def of(cls, rows: Rows, mean_score: float) -> Expected:
        """Store rows, rounded to 1e-4 px and 1e-6 in score."""
        table = tuple(
            (
                *(round(float(v), 4) for v in rows.geometry[i]),
                round(float(rows.best[i]), 6),
                int(rows.classes[i]),
                int(rows.frame[i]),
                *(round(float(v), 4) for v in rows.keypoints[i].ravel()),
            )
            for i in range(len(rows))
        )
        return cls(rows.kind, table, rows.keypoints.shape[1], round(float(mean_score), 8))

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
class GoldenSample:
    """An input and what the artifact answered to it when it was written.

    Attributes:
        height: of the network's input.
        width: of the network's input.
        factor: how much smaller the thumbnail is.
        picture: the packed thumbnail.
        expected: the answers, by kind.
        tolerance: how far another backend may be from them.
        backend: what gave the answers.
    """

    height: int
    width: int
    factor: int
    picture: str
    expected: tuple[Expected, ...]
    tolerance: GoldenTolerance
    backend: str = ""

    def batch(self, model_input: InputSpec) -> NDArray[Any]:
        """Return the input `[B, planes, H, W]` for an artifact.

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
        try:
            small = picture.unpack(self.picture, self.height // self.factor, self.width // self.factor)
        except ValueError as error:
            raise ContractError(f"the golden sample is damaged: {error}", hint=_REWRITE) from error
        return picture.to_batch(small, self.factor, model_input, model_input.batch or 1)

    def to_text(self) -> str:
        """Return the sample as one line of ASCII."""
        return json.dumps({"version": VERSION, **asdict(self)}, separators=(",", ":"), ensure_ascii=True)

    @classmethod
    def from_text(cls, text: str) -> GoldenSample:
        """Read what `to_text` wrote.

        Raises:
            ContractError: damaged, or written by a newer version.
        """
        try:
            data = json.loads(text)
            version = data["version"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ContractError(f"the golden sample is damaged: {error}", hint=_REWRITE) from error
        if version != VERSION:
            raise ContractError(
                f"the golden sample has version {version}; this numa-deploy reads version {VERSION}",
                hint=upgrade_line(),
            )
        try:
            return _from_dict(data)
        except (KeyError, TypeError, ValueError) as error:
            raise ContractError(f"the golden sample is damaged: {error!r}", hint=_REWRITE) from error


_REWRITE = "write the artifact again (numa-deploy export or adopt)"


def _from_dict(data: Mapping[str, Any]) -> GoldenSample:
    expected = tuple(
        Expected(
            str(part["kind"]),
            tuple(tuple(map(float, row)) for row in part["rows"]),
            int(part["keypoints"]),
            float(part["mean_score"]),
        )
        for part in data["expected"]
    )
    return GoldenSample(
        height=int(data["height"]),
        width=int(data["width"]),
        factor=int(data["factor"]),
        picture=str(data["picture"]),
        expected=expected,
        tolerance=GoldenTolerance(**{key: float(value) for key, value in data["tolerance"].items()}),
        backend=str(data.get("backend", "")),
    )
