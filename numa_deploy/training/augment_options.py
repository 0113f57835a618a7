"""How samples are changed, as options; numpy-free, for the command line reads them."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.training.panels import AUGMENTATION
from numa_runtime.options import Options, option
from numa_runtime.options.readers import within


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentOptions(Options):
    """How samples are changed before the network sees them.

    Attributes:
        fliplr: chance of a mirrored picture, left and right keypoints exchanged.
        reverse: chance that a clip runs backwards.
        degrees: largest rotation.
        translate: largest shift, as a share of the side.
        scale: largest change of size, as a share.
        hsv_v: largest change of brightness and contrast, as a share.
        blur: chance of a blurred clip.
        noise: largest standard deviation of noise, grey levels.
        erase: chance that a patch of the clip is covered, which teaches what hides balls and limbs.
    """

    fliplr: float = option(0.5, "Chance of mirroring.", read=within(0, 1), panel=AUGMENTATION)
    reverse: float = option(0.5, "Chance that a clip runs backwards.", read=within(0, 1), panel=AUGMENTATION)
    degrees: float = option(2.0, "Largest rotation, degrees.", read=within(0, 180), panel=AUGMENTATION)
    translate: float = option(0.1, "Largest shift, as a share of the side.", read=within(0, 1), panel=AUGMENTATION)
    scale: float = option(0.3, "Largest change of size, as a share.", read=within(0, 0.95), panel=AUGMENTATION)
    hsv_v: float = option(0.4, "Largest change of brightness, as a share.", read=within(0, 1), panel=AUGMENTATION)
    blur: float = option(0.1, "Chance of blurring.", read=within(0, 1), panel=AUGMENTATION)
    noise: float = option(6.0, "Largest noise, grey levels.", read=within(0, 100), panel=AUGMENTATION)
    erase: float = option(0.15, "Chance of a covered patch.", read=within(0, 1), panel=AUGMENTATION)

    @classmethod
    def off(cls) -> AugmentOptions:
        """Return options that change nothing."""
        return cls(fliplr=0, reverse=0, degrees=0, translate=0, scale=0, hsv_v=0, blur=0, noise=0, erase=0)
