"""Lines that fit: nothing is broken inside a word, and names are shortened in the middle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.text import fold, shorten

WORDS = st.lists(st.text("abcdef-/._", min_size=1, max_size=18), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("match.mp4", 9, "match.mp4"),
        ("camera-entrance-part-0001.mp4", 20, "camera-en...0001.mp4"),
        ("camera", 3, "c...a"),
        ("camera", 0, "c...a"),
    ],
)
def test_a_name_gives_way_in_its_middle(name, room, short):
    assert shorten(name, room) == short


@given(st.text(max_size=40), st.integers(5, 50))
def test_a_shortened_name_fits_and_keeps_its_ends(name, room):
    short = shorten(name, room)
    assert len(short) <= room
    assert (short[:1], short[-1:]) == (name[:1], name[-1:])


@given(WORDS, st.sampled_from([" ", "  "]), st.integers(20, 80))
def test_folding_breaks_between_words_only(words, blank, width):
    line = blank.join(words)
    folded = fold(line, width)
    assert " ".join(folded).split() == line.split()
    assert all(len(row) <= width or len(row.split()) == 1 for row in folded)


def test_a_line_that_fits_or_has_no_screen_stays():
    assert fold("  a  b " * 20, None) == ["  a  b " * 20]
    assert fold("short", 80) == ["short"]
    assert fold("", 10) == [""]


def test_what_follows_stands_below_the_value():
    assert fold("threads        2 (usable physical cores; --threads N changes it)", 40) == [
        "threads        2 (usable physical cores;",
        "               --threads N changes it)",
    ]


def test_parts_with_two_blanks_between_stay_together():
    assert fold("6 frames in 0.2 s: decode 0.1  preprocess 0.8  inference 25.6", 40) == [
        "6 frames in 0.2 s: decode 0.1",
        "  preprocess 0.8  inference 25.6",
    ]
