from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from numa_runtime import partials
from numa_runtime.files import atomic_path, partial_path
from numa_runtime.partials import mark, sweep
from numa_runtime.sinks.run_folder import make_run_folder


@pytest.fixture
def dead() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_by(pid: int, name: str = "match", host: str | None = None, born: str = "1") -> str:
    return f".{name}.partial-{host or mark().split('-')[1]}-{pid}-{born}.jsonl"


def test_only_what_a_dead_process_of_this_machine_left_is_removed(tmp_path: Path, dead: int) -> None:
    stay = [
        left_by(os.getppid()),
        left_by(dead, host="00000000"),
        partial_path(Path("mine.jsonl")).name,
        f".theirs.partial-{dead}.jsonl",
        "match.partial-1.jsonl",
        ".hidden",
    ]
    for name in (*stay, left_by(dead), left_by(os.getpid(), "an earlier life of a container")):
        (tmp_path / name).write_text("x")
    (tmp_path / f"{left_by(dead, 'folder').removesuffix('.jsonl')}_openvino_model" / "inner").mkdir(parents=True)
    folder = tmp_path / left_by(dead, "folder").removesuffix(".jsonl")
    (folder / "inner").mkdir(parents=True)
    assert sweep(tmp_path) == 3
    assert {path.name for path in tmp_path.iterdir()} == {*stay, f"{folder.name}_openvino_model"}
    assert sweep(tmp_path / "missing") == 0


def test_a_folder_is_swept_when_something_is_written_into_it(tmp_path: Path, dead: int) -> None:
    (tmp_path / left_by(dead)).write_text("x")
    with atomic_path(tmp_path / "a.txt") as part:
        part.write_text("a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_killed_run_leaves_its_name_to_the_next(tmp_path: Path, dead: int) -> None:
    killed = make_run_folder("track", "match", project=tmp_path)
    (killed / left_by(dead)).write_text("half")
    (killed / "labels").mkdir()
    (killed / "labels" / left_by(dead)).write_text("half")
    again = make_run_folder("track", "match", project=tmp_path)
    assert again == killed
    assert list(again.iterdir()) == []
    (again / "match.txt").write_text("whole")
    (again / left_by(dead)).write_text("half")
    assert make_run_folder("track", "match", project=tmp_path).name == "match-2"
    assert [path.name for path in again.iterdir()] == ["match.txt"]
    (again / left_by(dead)).write_text("half")
    assert make_run_folder("track", "match", project=tmp_path, exist_ok=True) == again
    assert [path.name for path in again.iterdir()] == ["match.txt"]


def test_who_lives_cannot_be_asked_on_windows(dead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    name = left_by(dead)
    assert partials._is_stale(name)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not partials._is_stale(name)
