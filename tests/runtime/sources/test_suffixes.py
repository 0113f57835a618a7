from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.sources.suffixes import is_image, is_video, natural_key, url_scheme


def test_numbers_sort_as_numbers() -> None:
    names = ["frame10.jpg", "frame9.jpg", "Frame1.jpg", "frame02.jpg", "a.jpg"]
    assert sorted(map(Path, names), key=natural_key) == [
        Path(name) for name in ("a.jpg", "Frame1.jpg", "frame02.jpg", "frame9.jpg", "frame10.jpg")
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.characters(blacklist_characters="\0/", blacklist_categories=["Cs"]), min_size=1)))
def test_any_names_can_be_sorted_and_equal_names_only_tie_with_themselves(names: list[str]) -> None:
    paths = {Path(name) for name in names}
    backwards = sorted(paths, key=natural_key)[::-1]
    assert sorted(backwards, key=natural_key) == sorted(paths, key=natural_key)


def test_kinds_ignore_case_and_urls_are_no_drives() -> None:
    assert is_image(Path("A.JPG"))
    assert is_video(Path("a.WebM"))
    assert not is_image(Path("a.mp4"))
    assert url_scheme("RTSP://cam/1") == "rtsp"
    assert url_scheme("C:\\videos\\a.mp4") == ""
    assert url_scheme("a/b.mp4") == ""
    assert url_scheme("rtsp+tls://cam/1") == "rtsp+tls"
