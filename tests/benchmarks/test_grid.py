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
