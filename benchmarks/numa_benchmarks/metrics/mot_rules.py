"""MOTChallenge's rules: which rows of the ground truth count, and which results are passed over."""

from __future__ import annotations

import re

import numpy as np

from numa_benchmarks.labels.mot import MotTable
from numa_runtime.words import Word

CLASSES = np.arange(1, 14)
"""The class numbers of MOT16 and later."""


class MotRules(Word, refusal="there are no rules {word}{close}; there are: {list}", hint="--rules none"):
    """How ground truth is read.

    MOT17 (and MOT16) removes results that match a distractor (static person, reflection, ...) and scores pedestrians
    only; MOT20 counts vehicles as distractors too; without rules every row with a confidence other than 0 is scored,
    whatever its class. `AUTO` recognises a challenge by the sequence's name, never by class numbers: other people's
    classes 1 to 13 are not pedestrians and distractors.
    """

    AUTO = "auto"
    NONE = "none"
    MOT17 = "mot17"
    MOT20 = "mot20"

    def settle(self, name: str) -> MotRules:
        """Return the rules for the sequence of that name."""
        if self is not MotRules.AUTO:
            return self
        match = _CHALLENGE.match(name)
        return _RECOGNISED[match.group(1)] if match else MotRules.NONE

    @property
    def said(self) -> str:
        """What is done, as a sentence."""
        if self is MotRules.MOT17:
            return "pedestrians (class 1) only, results on distractors (2, 7, 8, 12) removed"
        if self is MotRules.MOT20:
            return "pedestrians (class 1) only, results on distractors (2, 6, 7, 8, 12) removed"
        return "every row whose confidence is not 0, whatever its class"

    @property
    def benchmark(self) -> str:
        """The challenge whose rules TrackEval applies."""
        return "MOT15" if self is MotRules.NONE else self.value.upper()


_CHALLENGE = re.compile(r"MOT-?(16|17|20)(?!\d)", re.IGNORECASE)


_RECOGNISED = {"16": MotRules.MOT17, "17": MotRules.MOT17, "20": MotRules.MOT20}


def has_classes(truth: MotTable) -> bool:
    """Whether ground truth has MOT16's classes throughout, by which the challenges' rules go."""
    return bool(np.isin(truth.kind, CLASSES).all())
