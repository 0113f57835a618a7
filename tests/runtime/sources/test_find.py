from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from numa_runtime.errors import SourceError
from numa_runtime.sources.find import find_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("f10.jpg", "f2.jpg", "f1.PNG", "b.mp4", "a.avi", "notes.txt", ".hidden.jpg", ".b.partial-1.mp4"):
        (tmp_path / name).write_bytes(b"\0")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "g.jpg").write_bytes(b"\0")
    return tmp_path


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_folders_and_patterns_are_in_natural_order(folder: Path) -> None:
    found = find_files(folder)
    assert names(found.images) == ["f1.PNG", "f2.jpg", "f10.jpg"]
    assert names(found.videos) == ["a.avi", "b.mp4"]
    assert names(find_files(folder / "f*.jpg").images) == ["f2.jpg", "f10.jpg"]
    assert names(find_files(str(folder / "**" / "*.jpg")).images) == ["f2.jpg", "f10.jpg", "g.jpg"]


def test_a_file_named_like_a_pattern_is_a_file(folder: Path) -> None:
    odd = folder / "shot[1].jpg"
    odd.write_bytes(b"\0")
    assert find_files(odd).images == [odd]


def test_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\xe0" + bytes(9))
    (tmp_path / "film").write_bytes(b"\0\0\0\x20ftypisom")
    assert names(find_files(tmp_path / "picture").images) == ["picture"]
    assert names(find_files(tmp_path / "film").videos) == ["film"]


@pytest.mark.parametrize(
    ("name", "content", "sentence", "hint"),
    [
        ("notes.txt", "die Größe".encode(), "notes.txt is a text file, not an image or video", "frames are read from"),
        ("data.csv", b"a,b\n" * 3000 + "ü".encode(), "data.csv is a text file", "frames are read from"),
        ("cams.streams", b"rtsp://a\n", "cams.streams lists several streams", "one run for each"),
        ("best.onnx", b"\x08\x01", "best.onnx is a model, not an image or video", "--model"),
        ("nothing", b"", r"nothing is empty \(0 bytes\)", "frames are read from"),
    ],
)
def test_other_files_are_refused_by_what_they_are(
    tmp_path: Path, name: str, content: bytes, sentence: str, hint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=sentence) as caught:
        find_files(tmp_path / name)
    assert hint in caught.value.hint


def test_missing_things_name_their_neighbours(folder: Path) -> None:
    for text, sentence in (
        ("b.mp5", r"b.mp5 does not exist \(did you mean 'b.mp4'\?\)"),
        ("zzzzzz.mov", r"zzzzzz.mov does not exist"),
        ("subb/g.jpg", r"subb/g.jpg does not exist: there is no folder .*subb \(did you mean 'sub'\?\)"),
        ("*.tiff", r"\*.tiff matches no file"),
        ("*.txt", r"\*.txt matches 1 .txt, none of it an image or video"),
    ):
        with pytest.raises(SourceError, match=sentence):
            find_files(folder / text)


def test_folders_without_frames_say_what_they_hold(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SourceError, match="empty is empty"):
        find_files(empty)
    (tmp_path / "MOT17-02" / "img1").mkdir(parents=True)
    (tmp_path / "MOT17-02" / "img1" / "000001.jpg").write_bytes(b"\0")
    (tmp_path / "MOT17-02" / "seqinfo.ini").write_text("[Sequence]")
    with pytest.raises(SourceError, match=r"MOT17-02 holds no image or video \(1 folder, 1 .ini\)") as caught:
        find_files(tmp_path / "MOT17-02")
    assert str(tmp_path / "MOT17-02" / "img1") in caught.value.hint


def test_what_a_folder_leaves_out_is_counted_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "gone.mp4").symlink_to(folder / "nowhere.mp4")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    os.mkfifo(folder / "pipe.mp4")
    (folder / "more.txt").write_text("")
    found = find_files(folder)
    assert names(found.videos) == ["a.avi", "b.mp4"]
    (line,) = caplog.messages
    assert line.startswith(f"{folder}: 5 of its files are read; left out: ")
    said = set(line.partition("left out: ")[2].replace("(gone.mp4, ...)", "(gone.mp4...)").split(", "))
    assert said == {"2 .txt", "2 broken links (gone.mp4...)", "1 special file (pipe.mp4)", "1 folder"}


def test_a_folder_of_frames_alone_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a.jpg", "B.JFIF", "c.heic", "d.MTS", "e.m2ts", "f.3gp", "g.flv", "h.vob", "i.ogv", ".DS_Store"):
        (tmp_path / name).write_bytes(b"\0")
    found = find_files(tmp_path)
    assert (len(found.images), len(found.videos)) == (3, 6)
    assert not caplog.messages


def test_broken_links_are_called_that(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "gone.jpg")
    with pytest.raises(SourceError, match=r"a.jpg is a broken link: .*gone.jpg does not exist"):
        find_files(tmp_path / "a.jpg")


def test_things_that_never_end_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match=r"pipe.mp4 is a named pipe, not an image or video") as caught:
        find_files(tmp_path / "pipe.mp4")
    assert "tcp://" in caught.value.hint
    with pytest.raises(SourceError, match=r"/dev/zero is a device"):
        find_files("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.jpg"))
        with pytest.raises(SourceError, match=r"s.jpg is a socket"):
            find_files(tmp_path / "s.jpg")


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENAMETOOLONG, errno.EIO])
def test_what_may_not_be_looked_at_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(SourceError, match=f"x.jpg cannot be read: {os.strerror(number)}"):
        find_files(tmp_path / "d" / "x.jpg")


def test_odd_paths_are_sentences() -> None:
    for text, sentence in (
        ("~nosuchuser/x.jpg", "there is no home folder of ~nosuchuser here"),
        ("a\0b.jpg", "is not a path"),
        ("x" * 300 + ".jpg", "cannot be read: File name too long"),
    ):
        with pytest.raises(SourceError, match=sentence):
            find_files(text)


def test_folders_with_letters_of_patterns_are_taken_by_their_letters(tmp_path: Path) -> None:
    (tmp_path / "cam[1]").mkdir()
    (tmp_path / "cam[1]" / "a.jpg").write_bytes(b"\0")
    assert names(find_files(tmp_path / "cam[1]" / "*.jpg").images) == ["a.jpg"]
    assert names(find_files(tmp_path / "cam[1]").images) == ["a.jpg"]
    assert names(find_files(tmp_path / "cam*" / "a.*").images) == ["a.jpg"]
