from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.files import PartialText
from numa_runtime.sinks.names import STEM_BYTES, UniqueNames, frame_stem, safe_folders, safe_name


def test_urls_and_odd_names_become_names() -> None:
    assert safe_name("rtsp://cam-3:554/door") == "cam-3_554_door"
    assert safe_name("match 1 ü") == "match 1 ü"
    assert safe_name("...", "track") == "track"


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_a_safe_name_is_one_path_part(text: str) -> None:
    name = safe_name(text)
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= STEM_BYTES + 1
    assert Path(name).name == name


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["a", "A", "b", "a-2", "a-2-2"]), max_size=15))
def test_no_name_is_given_twice(stems: list[str]) -> None:
    names = UniqueNames()
    given_names = [names.take(stem, ".jpg").lower() for stem in stems]
    assert len(set(given_names)) == len(given_names)


def test_stems() -> None:
    assert frame_stem("x/match.mp4", 11, many_per_file=True) == "match_12"
    assert frame_stem("x/a.b.jpg", 4, many_per_file=False) == "a.b"
    assert frame_stem("", 0, many_per_file=False) == "frame_1"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conf0.25", "conf0.25"),
        ("12:30:00", "12_30_00"),
        ("-rf", "rf"),
        ("trailing. . ", "trailing"),
        ("con", "_con"),
        ("LPT1.v2", "_LPT1.v2"),
        ("console", "console"),
        ("two\nlines\x1b[31m", "two_lines_[31m"),
        ("right\u202eleft", "right_left"),
        ("caf\udce9", "cafxe9"),
        ("50% #1", "50% #1"),
    ],
)
def test_names_that_some_system_refuses_or_a_command_obeys(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@pytest.mark.parametrize("letter", ["漢", "👩‍👩‍👧‍👦", "ü", "a"])
def test_limits_are_bytes_not_letters(tmp_path: Path, letter: str) -> None:
    names = UniqueNames()
    for _ in range(3):
        file = PartialText(tmp_path / names.take(f"{safe_name(letter * 200)}_1000000", "_ball.csv"))
        file.write("x")
        assert file.commit().read_text() == "x"


def test_folders_in_folders_stay_below_the_first() -> None:
    assert safe_folders("day1/cam2", "track") == ("day1", "cam2")
    assert safe_folders("../../etc", "track") == ("etc",)
    assert safe_folders("/", "track") == ("track",)
    assert safe_folders("v1.2\\b", "track") == ("v1.2", "b")
