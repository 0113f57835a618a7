"""Which foreign files can be adopted, and what each family's networks expect."""

from __future__ import annotations

from numa_runtime.contract import Anchor, Color, Layout, LetterboxRule, Thresholds
from numa_runtime.words import Word


class Family(Word, refusal="unknown family {word}{close}", hint="--family {words}"):
    """The tool a foreign file comes from; the value is the word users type."""

    YOLOX = "yolox"
    ULTRALYTICS = "ultralytics"

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The raw layouts this family writes."""
        if self is Family.YOLOX:
            return (Layout.YOLOX_RAW,)
        return (Layout.ULTRALYTICS_RAW, Layout.ULTRALYTICS_END2END)

    @property
    def scale(self) -> float:
        """What 0-255 pixels are multiplied with before the first convolution."""
        return 1.0 if self is Family.YOLOX else 1 / 255

    @property
    def color(self) -> Color:
        """Channel order the network was trained with."""
        return Color.BGR if self is Family.YOLOX else Color.RGB

    @property
    def letterbox(self) -> LetterboxRule:
        """How frames were fitted into the input in training."""
        return LetterboxRule(Anchor.TOP_LEFT if self is Family.YOLOX else Anchor.CENTER, 114)

    @property
    def thresholds(self) -> Thresholds:
        """Defaults that suit its networks; YOLOX' authors suppress at 0.3 to 0.45 in their demos."""
        return Thresholds(iou=0.45) if self is Family.YOLOX else Thresholds()
