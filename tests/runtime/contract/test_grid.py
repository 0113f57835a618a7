import pytest

from numa_runtime.contract.grid import cells, strides_for


@pytest.mark.parametrize(
    ("height", "width", "count"), [(640, 640, 8400), (416, 416, 3549), (384, 640, 5040), (288, 512, 3024)]
)
def test_cells_of_three_levels(height, width, count):
    assert cells(height, width, (8, 16, 32)) == count
    assert strides_for(count, height, width) == (8, 16, 32)


def test_four_levels_and_none():
    assert strides_for(8500, 640, 640) == (8, 16, 32, 64)
    assert strides_for(34000, 640, 640) == (4, 8, 16, 32)
    assert strides_for(25200, 640, 640) is None
    assert strides_for(8400, None, 640) is None
