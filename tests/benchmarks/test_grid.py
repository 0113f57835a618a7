import pytest

from numa_benchmarks.grid import Grid, GridRow

GRID = Grid(
    ("name", "ms", "fps"),
    (
        GridRow(("one", "1.5", "10")),
        GridRow(("another", "", ""), reason="crashed: SIGSEGV, which is wider than any figure"),
        GridRow(("two", "100.5", "9"), mark="best"),
    ),
)


def test_figures_are_right_aligned_and_reasons_do_not_widen_columns():
    assert GRID.lines() == [
        "name        ms  fps",
        "one        1.5   10",
        "another  crashed: SIGSEGV, which is wider than any figure",
        "two      100.5    9   <- best",
    ]


def test_markdown():
    assert GRID.markdown() == [
        "| name | ms | fps |",
        "|:---|---:|---:|",
        "| one | 1.5 | 10 |",
        "| another | - | - |",
        "| **two** | **100.5** | **9** |",
    ]


REASON = "needs an NVIDIA driver of version 580 or newer, and this machine has none"
WIDE = Grid(
    ("format", "precision", *(f"figure {number}" for number in range(8))),
    (
        GridRow(("onnx", "fp32", *("123.4" for _ in range(8))), mark="fastest within 1 point of the reference"),
        GridRow(("a-very-long-name-of-a-model-that-nobody-shortened", "fp32", *("1.0" for _ in range(8)))),
        GridRow(
            ("engine", "", *[""] * 8),
            reason="needs an NVIDIA driver of version 580 or newer, and this machine has none",
        ),
    ),
    labels=2,
)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_wide_table_goes_on_below(width):
    lines = WIDE.lines(width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    for number in range(8):
        assert text.count(f"figure {number}") == 1
    assert text.count("123.4") == 8
    assert text.count("1.0") == 8
    assert (
        " ".join(text.split()).count("needs an NVIDIA driver of version 580 or newer, and this machine has none") == 1
    )
    assert "<- onnx fp32: fastest within 1 point of the reference" in " ".join(text.split())
    assert "a-very" in text
    assert "..." in text
    assert sum(line.startswith("format") for line in lines) > 1


def test_a_table_that_fits_is_the_same():
    assert GRID.lines(200) == GRID.lines()
