import numpy as np

from numa_runtime.explain.pictures.paint import GROUND, blank, dashed, outline, tag, text_size, wrapped, write


def changed(image):
    return (image != np.array(GROUND, np.uint8)).any(axis=2)


SQUARE = np.array([[20.0, 20], [180, 20], [180, 180], [20, 180]])


def test_dashes_have_gaps_and_lines_do_not():
    solid, broken = blank(200, 200), blank(200, 200)
    outline(solid, SQUARE, (255, 255, 255), 2)
    dashed(broken, SQUARE, (255, 255, 255), 2)
    assert changed(solid)[20, 25:175].all()
    share = (broken[20, 25:175] > 150).all(axis=1).mean()
    assert 0.4 < share < 0.9


def test_a_box_without_a_side_is_drawn_as_a_line():
    image = blank(50, 50)
    dashed(image, np.array([[10.0, 10], [10, 10], [10, 40], [10, 40]]), (255, 255, 255), 2)
    assert changed(image).any()


def test_tags_stay_inside():
    for left, bottom in ((-50, -50), (500, 500), (100, 100)):
        image = blank(200, 200)
        tag(image, "#7 0.83", left, bottom, (0, 200, 255))
        assert changed(image).sum() > 300


def test_text_is_broken_to_fit():
    text = "the first association asks for more than 0.20 (match_thresh 0.8)"
    lines = wrapped(text, 160, 0.5)
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(text_size(line, 0.5)[0] <= 160 for line in lines)
    assert wrapped("unbreakablylongword", 10, 0.5) == ["unbreakablylongword"]


def test_letters_the_font_lacks_are_replaced():
    one, other = blank(200, 40), blank(200, 40)
    write(one, "a · b", 5, 20, 0.5)
    write(other, "a - b", 5, 20, 0.5)
    assert np.array_equal(one, other)
