from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from numa_runtime.errors import SinkError
from numa_runtime.sinks.run_folder import RunFolder, make_run_folder


def test_each_run_gets_its_own(tmp_path: Path) -> None:
    names = [make_run_folder("track", "match", project=tmp_path).relative_to(tmp_path).as_posix() for _ in range(3)]
    assert names == ["track/match", "track/match-2", "track/match-3"]
    assert make_run_folder("track", project=tmp_path) == tmp_path / "track" / "track"
    assert make_run_folder("track", "match", project=tmp_path, exist_ok=True) == tmp_path / "track" / "match"


def test_runs_started_together_never_share(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: make_run_folder("predict", "a", project=tmp_path), range(24)))
    assert len(set(folders)) == 24


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(
        SinkError, match="a file is in the way where a folder is needed\nchoose another folder with --project"
    ):
        make_run_folder("track", "a", project=tmp_path / "runs")
    (tmp_path / "track").mkdir()
    (tmp_path / "track" / "a").write_text("")
    with pytest.raises(SinkError, match=r"a is a file, not a folder"):
        make_run_folder("track", "a", project=tmp_path, exist_ok=True)


def test_a_closed_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(SinkError, match=r"a: the folder is not writable\nchoose another folder with --project"):
        make_run_folder("track", "a", project=tmp_path)


def test_names_keep_their_dots_and_their_folders(tmp_path: Path) -> None:
    for name in ("conf0.25", "conf0.5", "day1/cam2", "day1/cam2"):
        make_run_folder("predict", name, project=tmp_path)
    found = sorted(path.relative_to(tmp_path / "predict").as_posix() for path in tmp_path.glob("predict/**/*"))
    assert found == ["conf0.25", "conf0.5", "day1", "day1/cam2", "day1/cam2-2"]


def test_an_empty_folder_goes_with_those_it_came_with(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    RunFolder("track", "day/a", project=tmp_path / "runs", exist_ok=False).remove_if_empty()
    assert list(tmp_path.rglob("*")) == [tmp_path / "runs"]
    kept = RunFolder("track", "a", project=tmp_path / "new", exist_ok=True)
    (kept.path / "a.txt").write_text("")
    kept.remove_if_empty()
    assert (kept.path / "a.txt").exists()


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "track" / "a").mkdir(parents=True)
    folder = RunFolder("track", "a", project=tmp_path, exist_ok=True)
    assert folder.was_there
    folder.remove_if_empty()
    assert folder.path.is_dir()


def test_the_home_of_a_stranger_is_no_place_for_results() -> None:
    with pytest.raises(SinkError, match="there is no home folder of ~nosuchuser here"):
        make_run_folder("track", "a", project="~nosuchuser/runs")
