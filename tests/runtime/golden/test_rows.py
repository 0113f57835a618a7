import numpy as np
import pytest

from numa_runtime.errors import ContractError
from numa_runtime.golden.rows import rows_of


def test_multitask_outputs_are_boxes_and_balls():
    outputs = {
        "boxes": np.zeros((1, 7, 4), np.float32),
        "scores": np.tile(np.float32([0.1, 0.7]), (1, 7, 1)),
        "keypoints": np.zeros((1, 7, 17, 3), np.float32),
        "balls": np.zeros((1, 10, 5, 6), np.float32),
    }
    boxes, balls = rows_of(outputs, 0)
    assert (boxes.kind, len(boxes), boxes.keypoints.shape, boxes.classes[0]) == ("boxes", 7, (7, 17, 3), 1)
    assert (balls.kind, len(balls), balls.frame[-1]) == ("balls", 50, 9)


def test_foreign_outputs_are_refused_by_name():
    with pytest.raises(ContractError, match="the outputs \\(output0\\) are not in one of our layouts"):
        rows_of({"output0": np.zeros((1, 84, 10))}, 0)
