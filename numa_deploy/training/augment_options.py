"""How samples are changed, as options; numpy-free, for the command line reads them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from numa_deploy.training.panels import AUGMENTATION
from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.readers import within


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How samples are changed, settled; what is not said changes nothing. The words are those of `AugmentOptions`."""

    fliplr: float = 0.0
    flipud: float = 0.0
    reverse: float = 0.0
    degrees: float = 0.0
    translate: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    hsv_h: float = 0.0
    hsv_s: float = 0.0
    hsv_v: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    erase: float = 0.0
    mosaic: float = 0.0


CLIPS = Augmentation(
    fliplr=0.5, reverse=0.5, degrees=2.0, translate=0.1, scale=0.3, hsv_v=0.4, blur=0.1, noise=6.0, erase=0.15
)
"""What is done to clips unless told otherwise."""

IMAGES = Augmentation(fliplr=0.5, translate=0.1, scale=0.5, hsv_h=0.015, hsv_s=0.7, hsv_v=0.4, mosaic=1.0)
"""What is done to images unless told otherwise: what users of YOLO know."""

_NOT_OF_CLIPS = {
    "mosaic": "pictures of several rallies would move against each other",
    "hsv_h": "clips are grey",
    "hsv_s": "clips are grey",
}
_NOT_OF_IMAGES = {"reverse": "an image has no time that could run backwards"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentOptions(Options):
    """How samples are changed before the network sees them; None: as `CLIPS` or `IMAGES` has it.

    Attributes:
        fliplr: chance of a mirrored picture, left and right keypoints exchanged.
        flipud: chance of a picture upside down, left and right keypoints exchanged.
        reverse: chance that a clip runs backwards.
        degrees: largest rotation.
        translate: largest shift, as a share of the side.
        scale: largest change of size, as a share.
        shear: largest angle by which verticals and horizontals lean, degrees.
        hsv_h: largest change of hue, as a share of the circle.
        hsv_s: largest change of saturation, as a share.
        hsv_v: largest change of brightness (of clips: and contrast), as a share.
        blur: chance of a blurred sample.
        noise: largest standard deviation of noise, grey levels.
        erase: chance that a patch is covered, which teaches what hides balls and limbs.
        mosaic: chance that four images share a picture.
    """

    fliplr: float = option(0.5, "Chance of mirroring.", read=within(0, 1), panel=AUGMENTATION)
    flipud: float = option(0.0, "Chance of turning upside down.", read=within(0, 1), panel=AUGMENTATION)
    reverse: float | None = option(
        None, "Chance that a clip runs backwards. Default: 0.5.", kind=float, read=within(0, 1), panel=AUGMENTATION
    )
    degrees: float | None = option(
        None, "Largest rotation, degrees. Default: clips 2, images 0.", kind=float, read=within(0, 180),
        panel=AUGMENTATION,
    )  # fmt: skip
    translate: float = option(0.1, "Largest shift, as a share of the side.", read=within(0, 1), panel=AUGMENTATION)
    scale: float | None = option(
        None, "Largest change of size, as a share. Default: clips 0.3, images 0.5.", kind=float, read=within(0, 0.95),
        panel=AUGMENTATION,
    )  # fmt: skip
    shear: float = option(0.0, "Largest shear, degrees.", read=within(0, 60), panel=AUGMENTATION)
    hsv_h: float | None = option(
        None, "Largest change of hue, as a share. Default: images 0.015.", kind=float, read=within(0, 1),
        panel=AUGMENTATION,
    )  # fmt: skip
    hsv_s: float | None = option(
        None, "Largest change of saturation, as a share. Default: images 0.7.", kind=float, read=within(0, 1),
        panel=AUGMENTATION,
    )  # fmt: skip
    hsv_v: float = option(0.4, "Largest change of brightness, as a share.", read=within(0, 1), panel=AUGMENTATION)
    blur: float | None = option(
        None, "Chance of blurring. Default: clips 0.1, images 0.", kind=float, read=within(0, 1), panel=AUGMENTATION
    )
    noise: float | None = option(
        None, "Largest noise, grey levels. Default: clips 6, images 0.", kind=float, read=within(0, 100),
        panel=AUGMENTATION,
    )  # fmt: skip
    erase: float | None = option(
        None, "Chance of a covered patch. Default: clips 0.15, images 0.", kind=float, read=within(0, 1),
        panel=AUGMENTATION,
    )  # fmt: skip
    mosaic: float | None = option(
        None, "Chance that four images share a picture. Default: images 1.", kind=float, read=within(0, 1),
        panel=AUGMENTATION,
    )  # fmt: skip

    def of_clips(self) -> Augmentation:
        """Return what is done to clips.

        Raises:
            UsageError: a word that clips have no use for.
        """
        return self._settled(CLIPS, "clips", _NOT_OF_CLIPS)

    def of_images(self) -> Augmentation:
        """Return what is done to single images.

        Raises:
            UsageError: a word that images have no use for.
        """
        return self._settled(IMAGES, "images", _NOT_OF_IMAGES)

    def _settled(self, usual: Augmentation, what: str, useless: dict[str, str]) -> Augmentation:
        for word, why in useless.items():
            if getattr(self, word):
                raise UsageError(f"{word} is not for {what}: {why}", hint=f"leave {word} out")
        said = {item.name: getattr(self, item.name) for item in fields(self)}
        return Augmentation(**{name: getattr(usual, name) if value is None else value for name, value in said.items()})
