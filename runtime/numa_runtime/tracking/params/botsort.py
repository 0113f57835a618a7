"""BoT-SORT's parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.params.associations import Association, Cost
from numa_runtime.tracking.params.cascade import CascadeParams
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Appearance
from numa_runtime.words import Word


class ReidModel(Word, refusal="model={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """Where appearance vectors come from."""

    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSortParams(CascadeParams):
    """BoT-SORT: ByteTrack's associations on boxes that move with the camera, with appearance if there is any.

    Aharon et al. 2022, "BoT-SORT: Robust Associations Multi-Pedestrian Tracking": the filter's state is centre,
    width and height; `gmc_method` takes out the camera's motion; `with_reid` compares appearance where IoU is at
    least `proximity_thresh` and cosine similarity at least `appearance_thresh` (the paper's theta_IoU is
    1 - proximity_thresh, its theta_emb 1 - appearance_thresh).
    """

    tracker_type: ClassVar[str] = "botsort"

    gmc_method: CameraMotionMethod = param(  # noqa: RUF009
        "sparseOptFlow", "how camera motion is estimated from frames, or none", parse=CameraMotionMethod.parse
    )
    proximity_thresh: float = param(
        0.5, "smallest IoU at which appearance is compared", within=(0, 1), search=(0.1, 0.9)
    )
    appearance_thresh: float = param(
        0.8, "smallest cosine similarity at which appearance counts", within=(0, 1), search=(0.3, 0.95)
    )
    with_reid: bool = param(
        False,
        "compare appearance: update(features=) must then be given",
        fixed="what is remembered of each track depends on it",
    )
    model: ReidModel = param(  # noqa: RUF009
        "auto",
        "where appearance comes from: auto takes the vectors given as update(features=)",
        parse=ReidModel.parse,
    )

    def associations(self) -> tuple[Association, ...]:
        """Return ByteTrack's; with `with_reid` those of high detections compare appearance."""
        first, second, new = CascadeParams.associations(self)
        if not self.with_reid:
            return (first, second, new)
        return (replace(first, cost=Cost.APPEARANCE), second, replace(new, cost=Cost.APPEARANCE))

    @property
    def memory(self) -> Appearance | None:
        """Appearance, with `with_reid`."""
        return Appearance(self.proximity_thresh, self.appearance_thresh) if self.with_reid else None

    @property
    def camera_motion(self) -> CameraMotionMethod:
        """How the camera's motion is found in frames."""
        return self.gmc_method
