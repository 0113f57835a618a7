from __future__ import annotations

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
