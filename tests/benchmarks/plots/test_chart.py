"""Charts: lines lie where their figures say, texts stay inside, files are whole."""

import cv2
import numpy as np
import pytest

from numa_benchmarks.plots.chart import HEIGHT, PAPER, WIDTH, Chart, Line, color_of, fitted, plain, text_width
from numa_runtime.errors import SinkError

RED = (0, 0, 255)


def places(picture, color=RED):
    """Return the columns and rows of one colour."""
    rows, columns = np.nonzero((picture == color).all(axis=2))
    return columns, rows


def drawn(ys, **words):
    return Chart("t", "x", "y", [Line("", np.linspace(0, 1, len(ys)), np.array(ys, float), RED, 3)], **words).draw()


def test_a_higher_figure_lies_higher():
    low, high = places(drawn([0.2, 0.2]))[1].mean(), places(drawn([0.8, 0.8]))[1].mean()
    assert drawn([0.2, 0.2]).shape == (HEIGHT, WIDTH, 3)
    bottom, top = places(drawn([0, 0]))[1].mean(), places(drawn([1, 1]))[1].mean()
    assert (bottom - low) / (bottom - top) == pytest.approx(0.2, abs=0.01)
    assert (bottom - high) / (bottom - top) == pytest.approx(0.8, abs=0.01)


def test_axes_end_where_they_are_told():
    assert places(drawn([5, 5], top=10))[1].mean() == pytest.approx(places(drawn([0.5, 0.5]))[1].mean(), abs=1)
    assert places(drawn([0, 1], right=2))[0].max() == pytest.approx(places(drawn([0, 0.5, 1]))[0].mean(), abs=30)


def test_bars_stand_on_the_floor():
    line = Line("", np.array([0.25, 0.75]), np.array([0.5, 0.0]), RED, filled=True)
    picture = Chart("t", "x", "y", [line]).draw().astype(int)
    coloured = (picture[..., 2] - picture[..., 1]) > 60
    columns = np.nonzero(coloured.any(axis=0))[0]
    assert columns.max() < WIDTH / 2  # the bar of 0.75 has no height


def test_a_legend_says_what_it_leaves_out():
    lines = [Line(f"class {number}", np.zeros(2), np.zeros(2), color_of(number)) for number in range(80)]
    few, many = Chart("t", "x", "y", lines[:3]).draw(), Chart("t", "x", "y", lines).draw()
    assert (few != PAPER).any(axis=2)[HEIGHT // 2 :, -200:].sum() == 0
    assert (many != PAPER).any(axis=2)[HEIGHT // 2 :, -200:].sum() > 0


def test_a_chart_without_lines_has_axes(tmp_path):
    path = Chart("nothing", "x", "y", []).save(tmp_path / "x.png")
    assert cv2.imread(str(path)).shape == (HEIGHT, WIDTH, 3)


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="file"):
        Chart("t", "x", "y", []).save(tmp_path / "file" / "x.png")


def test_texts_are_cut_where_room_ends():
    assert fitted("short", 200) == "short"
    cut = fitted("a name that is far too long for the room it has", 100)
    assert cut.endswith("..")
    assert text_width(cut) <= 100
    assert plain("größe") == "gr??e"
