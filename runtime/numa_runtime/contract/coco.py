"""The 80 class names of COCO, in the order that nearly every detector trained on it uses."""

COCO_NAMES: tuple[str, ...] = tuple(
    """person|bicycle|car|motorcycle|airplane|bus|train|truck|boat|traffic light|fire hydrant|stop sign|parking meter
|bench|bird|cat|dog|horse|sheep|cow|elephant|bear|zebra|giraffe|backpack|umbrella|handbag|tie|suitcase|frisbee|skis
|snowboard|sports ball|kite|baseball bat|baseball glove|skateboard|surfboard|tennis racket|bottle|wine glass|cup|fork
|knife|spoon|bowl|banana|apple|sandwich|orange|broccoli|carrot|hot dog|pizza|donut|cake|chair|couch|potted plant|bed
|dining table|toilet|tv|laptop|mouse|remote|keyboard|cell phone|microwave|oven|toaster|sink|refrigerator|book|clock
|vase|scissors|teddy bear|hair drier|toothbrush""".replace("\n", "").split("|")
)

_UNUSED_IDS = (0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83)
_USED = iter(COCO_NAMES)
COCO_NAMES_BY_ID: tuple[str, ...] = tuple(f"unused{at}" if at in _UNUSED_IDS else next(_USED) for at in range(91))
"""The same by the ids of COCO's annotation files, 0 to 90, eleven of which are given to nothing."""


def default_names(count: int) -> tuple[str, ...]:
    """Return names for a model that has none: COCO's when it has 80 classes, else class0, class1, ..."""
    return COCO_NAMES if count == len(COCO_NAMES) else tuple(f"class{index}" for index in range(count))
