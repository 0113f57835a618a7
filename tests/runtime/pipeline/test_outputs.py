"""Where a run's files go: never over what is read, and no folder stays that holds nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip

from numa_runtime.errors import SinkError, SourceError
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import RunOptions
from numa_runtime.pipeline.run import Run
from numa_runtime.pipeline.start import start_run

PICTURE = frame_with((6, 20, 26, 50))

Start = Callable[..., Run]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    monkeypatch.chdir(tmp_path)

    def begin(source: Any, **words: Any) -> Run:
        return start_run(RunOptions.of({"source": source, **words}), Model(BrightSession()))

    return begin


def photo(path: str | bytes) -> Path:
    file = Path(os.fsdecode(path))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(cv2.imencode(file.suffix, PICTURE)[1].tobytes())
    return file


def written() -> list[str]:
    return sorted(path.as_posix() for path in Path("runs").rglob("*") if path.is_file())


def test_folders_keep_their_dots_and_single_files_lose_their_suffix(start: Start) -> None:
    photo("v1.2/a.b.jpg")
    for source in ("v1.2", "v1.2/a.b.jpg"):
        list(start(source, save=True, save_jsonl=True))
    list(start("v1.2", save_jsonl=True, name="day1/conf0.25"))
    assert written() == [
        "runs/predict/a.b/a.b.jpg",
        "runs/predict/a.b/a.b.jsonl",
        "runs/predict/day1/conf0.25/v1.2.jsonl",
        "runs/predict/v1.2/a.b.jpg",
        "runs/predict/v1.2/v1.2.jsonl",
    ]


@pytest.mark.parametrize(
    "name", ["12:30:00", "50%d", "#1", "-x", "a\nb", "漢" * 80, "👩‍👩‍👧" * 12, "con", "x.", "a?b*[1]"]
)
@pytest.mark.parametrize("suffix", [".mp4", ".jpg"])
def test_any_name_is_read_and_gets_every_file(start: Start, name: str, suffix: str) -> None:
    source = Path(f"{name}{suffix}")
    if suffix == ".mp4":
        write_clip(Path("plain.mp4"), 3, picture=lambda _: PICTURE).rename(source)
    else:
        photo(source.name)
    run = start(source.name, save=True, save_jsonl=True, save_txt=True, project="run:1")
    assert len(list(run)) == (3 if suffix == ".mp4" else 1)
    assert len(run.summary.files) == 3
    assert all(file.exists() and ":" not in file.relative_to("run:1").as_posix() for file in run.summary.files)


def test_a_name_that_is_no_text_leaves_valid_json(start: Start) -> None:
    photo(b"in/a.jpg"), photo(b"in/caf\xe9.jpg")
    run = start("in", save=True, save_jsonl=True, save_csv=True, save_txt=True)
    assert len(list(run)) == 2
    (lines,) = Path("runs").rglob("*.jsonl")
    paths = [json.loads(line)["path"] for line in lines.read_bytes().decode("utf-8").splitlines()]
    assert paths == ["in/a.jpg", "in/caf\\xe9.jpg"]
    json.dumps(run.summary.to_dict(), ensure_ascii=False).encode("utf-8")
    assert {path.stem for path in Path("runs").rglob("*.txt")} == {"a", "cafxe9"}


@pytest.mark.parametrize("link", ["no", "folder", "file", "result", "hard"])
def test_no_source_is_overwritten(start: Start, link: str) -> None:
    photo("runs/predict/x/a.jpg")
    source = Path("runs/predict/x")
    if link == "folder":
        Path("pictures").symlink_to(source)
        source = Path("pictures")
    elif link == "file":
        Path("a.jpg").symlink_to(source / "a.jpg")
        source = Path("a.jpg")
    elif link in ("result", "hard"):
        source = Path("photos")
        source.mkdir()
        Path("runs/predict/x/a.jpg").rename(source / "a.jpg")
        make = os.link if link == "hard" else os.symlink
        make(Path("photos/a.jpg").resolve(), "runs/predict/x/a.jpg")
    before = Path("runs/predict/x/a.jpg").read_bytes()
    run = start(str(source), save=True, name="x", exist_ok=True)
    with pytest.raises(SinkError, match=r"the results would go into runs/predict/x, where the source a.jpg lies"):
        list(run)
    assert Path("runs/predict/x/a.jpg").read_bytes() == before
    assert written() == ["runs/predict/x/a.jpg"]
    list(start(str(source), save_jsonl=True, name="x", exist_ok=True))  # of these none can have a source's name
    list(start(str(source), save=True, name="x"))
    assert "runs/predict/x-2/a.jpg" in written()


def test_nothing_stays_of_a_run_that_fails_before_its_first_frame(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_window(*_: object) -> None:
        raise SinkError("show=True needs a display")

    monkeypatch.setattr("numa_runtime.sinks.window.WindowSink.__init__", no_window)
    photo("a.jpg")
    with pytest.raises(SinkError, match="needs a display"):
        list(start("a.jpg", save=True, save_jsonl=True, show=True))
    assert not Path("runs").exists()


def test_nothing_stays_of_a_run_that_writes_nothing(start: Start) -> None:
    Path("in").mkdir()
    for name in ("a.jpg", "b.jpg"):
        Path("in", name).write_bytes(b"\xff\xd8\xff no picture")
    with pytest.raises(SourceError, match="none of its 2 images can be read"):
        list(start("in", save=True))
    blank = cv2.imencode(".png", PICTURE * 0)[1].tobytes()
    Path("blank.png").write_bytes(blank)
    list(start("blank.png", save_txt=True))
    assert not Path("runs").exists()


def test_counts_of_one_are_singular(start: Start) -> None:
    photo("a.jpg")
    run = start("a.jpg")
    list(run)
    assert run.summary.lines(tracked=False)[1].startswith("1 object (")
