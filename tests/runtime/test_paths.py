from __future__ import annotations

import json
from pathlib import Path

import pytest

from numa_runtime.errors import SinkError, UsageError
from numa_runtime.paths import cut, expand, utf8


def test_home_folders_are_written_out_and_files_that_begin_so_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert expand("~/a.yaml") == tmp_path / "home" / "a.yaml"
    assert expand("a~b.mp4") == Path("a~b.mp4")
    Path("~backup.jpg").write_bytes(b"\0")
    assert expand("~backup.jpg") == Path("~backup.jpg")


def test_a_stranger_s_home_is_refused_with_the_callers_error() -> None:
    with pytest.raises(UsageError, match=r"there is no home folder of ~nosuchuser here") as caught:
        expand("~nosuchuser/x.jpg")
    assert "./~nosuchuser/x.jpg" in caught.value.hint
    with pytest.raises(SinkError):
        expand("~nosuchuser", SinkError)


@pytest.mark.parametrize("name", ["caf\udce9.jpg", "\ud83d.jpg", "Größe.jpg", "a.jpg", "日本\udcff"])
def test_names_that_are_no_text_can_be_written_as_utf8(name: str) -> None:
    shown = utf8(name)
    assert json.loads(json.dumps(shown, ensure_ascii=False).encode("utf-8")) == shown
    assert ("\\" in shown) == any("\ud800" <= letter <= "\udfff" for letter in name)


def test_a_byte_that_is_no_text_is_named() -> None:
    assert utf8("caf\udce9.jpg") == "caf\\xe9.jpg"


def test_cutting_counts_bytes_and_keeps_letters_whole() -> None:
    assert cut("日本語", 7) == "日本"
    assert cut("abc", 7) == "abc"
    assert len(cut("👩‍👩‍👧‍👦" * 80, 160).encode()) <= 160
