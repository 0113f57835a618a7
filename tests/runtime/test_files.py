from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from numa_runtime.errors import SinkError
from numa_runtime.files import PartialText, atomic_path, discard, explain_os_error, partial_path, size_mb
from numa_runtime.partials import mark


def test_the_part_lies_beside_the_final_file_with_its_suffix() -> None:
    part = partial_path(Path("out/match.mp4"))
    assert part.parent == Path("out")
    assert part.suffix == ".mp4"
    assert part.name.startswith(".match.partial-")


def test_a_file_is_renamed_when_complete(tmp_path: Path) -> None:
    final = tmp_path / "new" / "a.txt"
    with atomic_path(final) as part:
        part.write_text("whole")
        assert not final.exists()
    assert final.read_text() == "whole"
    assert list(final.parent.iterdir()) == [final]


def test_a_folder_replaces_a_folder(tmp_path: Path) -> None:
    final = tmp_path / "model"
    for content in ("one", "two"):
        with atomic_path(final) as part:
            part.mkdir()
            (part / content).write_text("")
    assert [path.name for path in final.iterdir()] == ["two"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_any_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    final = tmp_path / "a.txt"
    final.write_text("old")

    def interrupted() -> None:
        with atomic_path(final) as part:
            part.write_text("half")
            raise error

    with pytest.raises(type(error)):
        interrupted()
    assert final.read_text() == "old"
    assert list(tmp_path.iterdir()) == [final]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, r"a.txt: the disk is full\nfree some space"),
        (errno.EDQUOT, r"a.txt: the disk is full"),
        (errno.EACCES, r"a.txt: the folder is not writable\nchoose another folder"),
        (errno.EROFS, r"a.txt: the folder is not writable"),
        (errno.ENOTDIR, r"a.txt: a file is in the way where a folder is needed"),
        (errno.EIO, r"a.txt: cannot be written: Input/output error"),
    ],
)
def test_os_errors_become_sentences(tmp_path: Path, number: int, sentence: str) -> None:
    def fail() -> None:
        with atomic_path(tmp_path / "a.txt"):
            raise OSError(number, os.strerror(number))

    with pytest.raises(SinkError, match=sentence) as caught:
        fail()
    assert "--" not in str(caught.value), "a file knows no command's flags"
    assert "a.txt" in explain_os_error(Path("a.txt"), OSError(number, "x")).what


def test_a_parent_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="a file is in the way"), atomic_path(tmp_path / "file" / "a.txt"):
        pass
    with pytest.raises(SinkError, match="a file is in the way"):
        PartialText(tmp_path / "file" / "a.txt")


def test_discard_takes_files_folders_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder" / "in").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    for name in ("link", "folder", "file", "missing"):
        discard(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_text_written_bit_by_bit_appears_when_committed(tmp_path: Path) -> None:
    text = PartialText(tmp_path / "ü.txt")
    assert text.write("Größe\n") == 6
    assert not (tmp_path / "ü.txt").exists()
    assert text.commit() == tmp_path / "ü.txt"
    assert (tmp_path / "ü.txt").read_bytes() == "Größe\n".encode()
    text.discard()
    assert (tmp_path / "ü.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("size", [5, 100_000])  # the short text meets the full disk only when it is flushed
def test_text_on_a_full_disk(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numa_runtime.files.partial_path", lambda final: final.with_name("part"))
    (tmp_path / "part").symlink_to("/dev/full")
    text = PartialText(tmp_path / "a.txt")

    def write_and_commit() -> None:
        text.write("x" * size)
        text.commit()

    with pytest.raises(SinkError, match=r"a.txt: the disk is full"):
        write_and_commit()
    assert list(tmp_path.iterdir()) == []


def test_the_size_of_a_file_and_of_a_folder_is_in_megabytes(tmp_path: Path) -> None:
    (tmp_path / "model" / "weights").mkdir(parents=True)
    (tmp_path / "model" / "m.xml").write_bytes(bytes(500_000))
    (tmp_path / "model" / "weights" / "m.bin").write_bytes(bytes(2_000_000))
    assert size_mb(tmp_path / "model" / "m.xml") == 0.5
    assert size_mb(tmp_path / "model") == 2.5


def test_what_is_no_file_is_sent_the_content_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with atomic_path(pipe) as part:
            part.write_text("{}")
        assert os.read(reader, 10) == b"{}"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    with atomic_path(Path("/dev/null")) as part:
        part.write_text("gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_takes_nothing_is_a_sentence() -> None:
    with pytest.raises(SinkError, match="/dev/full: the disk is full"), atomic_path(Path("/dev/full")) as part:
        part.write_text("x")


def test_a_link_is_followed_and_permissions_are_kept(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    real, link = tmp_path / "data" / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with atomic_path(link) as part:
        assert part.parent == real.parent
        part.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with atomic_path(tmp_path / "a.txt") as part:
            part.write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_a_folder_without_a_name_is_no_file() -> None:
    with pytest.raises(SinkError, match=r"^\. is a folder, not a file"):
        partial_path(Path("."))


@pytest.mark.parametrize("letter", ["a", "漢"])
def test_the_part_of_a_name_that_just_fits_fits_too(tmp_path: Path, letter: str) -> None:
    stem = letter * (250 // len(letter.encode()))
    parts = {partial_path(tmp_path / f"{stem[:-1]}{end}.txt") for end in "bc"}
    assert len(parts) == 2
    for part in parts:
        part.write_text("")
        assert part.name.startswith(".")
        assert part.name.endswith(f".{mark()}.txt")
