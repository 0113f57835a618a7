import pytest

from numa_runtime.contract.tensor import TensorInfo, fixed, named_axes


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 3, 640, 640), (1, 3, 640, 640)),
        ((None, 3, None, -1), ("batch", 3, "height", "width")),
        (("N", 3, "", "?"), ("N", 3, "height", "width")),
        ((-1, 84, -1), ("batch", 84, "dim2")),
        ((), ()),
    ],
)
def test_dynamic_axes_get_a_word(shape, words):
    assert named_axes(shape) == words


def test_a_tensor_reads_like_a_sentence():
    assert str(TensorInfo("images", ("batch", 3, 640, 640), "uint8")) == "images [batch, 3, 640, 640] uint8"
    assert (fixed(640), fixed("batch")) == (640, None)
