from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

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
