"""One sequence to be scored: its ground truth, and what was found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numa_benchmarks.labels.mot import MotTable


@dataclass(frozen=True, slots=True)
class MotSequence:
    """Ground truth and result of one sequence.

    Attributes:
        name: of the sequence.
        truth: its ground truth.
        result: what is scored.
        frames: its length; None: the last frame that is mentioned.
        challenge: the name of a folder or in seqinfo.ini that says whose rules apply, where `name` does not.
        class_names: what the classes are called, by number, where the labels tell.
    """

    name: str
    truth: MotTable
    result: MotTable
    frames: int | None = None
    challenge: str = ""
    class_names: Mapping[int, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """The number of frames."""
        return self.frames if self.frames is not None else max(self.truth.last_frame, self.result.last_frame)

    def second_half(self, *, result_from_one: bool = False) -> MotSequence:
        """Return what the field calls half-val: the frames after length // 2 + 1, renumbered from 1.

        Args:
            result_from_one: the result is of the second half alone and numbered from 1 already (as ByteTrack writes
                it); otherwise it is cut like the truth.
        """
        cut = self.length // 2 + 1
        result = self.result if result_from_one else self.result.after(cut)
        return MotSequence(
            self.name, self.truth.after(cut), result, self.length - cut, self.challenge, self.class_names
        )
