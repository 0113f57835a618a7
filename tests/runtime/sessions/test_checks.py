import numpy as np
import pytest

from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ModelError
from numa_runtime.sessions.checks import check_batch, check_open

FIXED = TensorInfo("images", (1, 3, 64, 96), "uint8")
DYNAMIC = TensorInfo("images", ("batch", 3, "height", "width"), "float32")


def test_the_right_batch_passes():
    check_batch(np.zeros((1, 3, 64, 96), np.uint8), FIXED, "m.onnx")
    check_batch(np.zeros((4, 3, 32, 640), np.float32), DYNAMIC, "m.onnx")


@pytest.mark.parametrize(
    ("door", "shape", "dtype", "sentence", "hint"),
    [
        (
            FIXED,
            (1, 3, 96, 64),
            "uint8",
            "m.onnx takes images [1, 3, 64, 96] uint8; the batch is [1, 3, 96, 64] uint8",
            "this file has a fixed size: letterbox frames to 96x64",
        ),
        (
            FIXED,
            (1, 3, 64, 96),
            "float32",
            "m.onnx takes images [1, 3, 64, 96] uint8; the batch is [1, 3, 64, 96] float32",
            "convert it: batch.astype('uint8')",
        ),
        (
            DYNAMIC,
            (4, 1, 64, 64),
            "float32",
            "m.onnx takes images [batch, 3, height, width] float32; the batch is [4, 1, 64, 64] float32",
            "",
        ),
        (
            DYNAMIC,
            (3, 64, 64),
            "float32",
            "m.onnx takes images [batch, 3, height, width] float32; the batch is [3, 64, 64] float32",
            "",
        ),
        (
            DYNAMIC,
            (0, 3, 64, 64),
            "float32",
            "m.onnx takes images [batch, 3, height, width] float32; the batch is [0, 3, 64, 64] float32",
            "",
        ),
    ],
)
def test_the_wrong_batch_is_one_sentence_with_both(door, shape, dtype, sentence, hint):
    with pytest.raises(ModelError) as caught:
        check_batch(np.zeros(shape, dtype), door, "m.onnx")
    assert (caught.value.what, caught.value.hint) == (sentence, hint)


def test_a_closed_session_says_so():
    check_open(True, "m.onnx")
    with pytest.raises(ModelError, match=r"the session of m\.onnx is closed"):
        check_open(False, "m.onnx")
