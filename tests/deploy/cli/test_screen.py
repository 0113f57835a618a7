"""At 80 and 60 columns nothing is wider than the screen or broken inside a word."""

import io
import re
from types import SimpleNamespace

import pytest

from numa_deploy.cli.console import Console, print_error
from numa_deploy.cli.main import main
from numa_deploy.cli.progress import headline
from numa_deploy.cli.screen import width_of
from numa_deploy.yolo.bundled import default_model, tiny_data
from numa_runtime.errors import UsageError

MODES = {
    "help": ["--help"],
    "help-track": ["track", "--help"],
    "help-benchmark": ["benchmark", "--help"],
    "doctor": ["doctor"],
    "inspect": ["inspect", str(default_model())],
    "check": ["check", str(default_model())],
    "val": ["val", "--data", str(tiny_data())],
    "track": ["track", "--source", str(tiny_data().parent / "images" / "val"), "--no-save", "--name", "x" * 30],
}


def words(text):
    return re.sub(r"(?m)^\s+|\s+", " ", text).split()


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("mode", MODES)
def test_lines_fit_and_words_stay_whole(mode, columns, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    if mode == "val":
        pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

    def printed(width):
        monkeypatch.setenv("COLUMNS", str(width))
        assert main(MODES[mode]) == 0
        return capsys.readouterr().out

    wide, narrow = printed(100 if "help" in mode else 400), printed(columns)
    for line in narrow.splitlines():
        assert len(line) <= columns or len(line.split()) == 1, line
    if mode not in ("val", "track"):  # figures of time differ
        assert words(narrow) == words(wide)


@pytest.fixture
def report():
    from numa_benchmarks.trackers.track_benchmark import run_track_benchmark
    from numa_benchmarks.trackers.track_options import TrackOptions

    pytest.importorskip("trackeval", reason="needs the eval extra")
    options = TrackOptions(trackers=("bytetrack",), objects=(3,), crowd=(), soak_frames=0, rounds=1, frames=4)
    return run_track_benchmark(options)


@pytest.mark.parametrize("columns", [60, 80])
def test_the_table_of_a_benchmark_goes_on_below(report, columns):
    lines = report.lines(columns)
    assert max(map(len, lines)) <= columns
    assert {"HOTA", "IDSW", "true", "quiet", "p99"} <= {word for line in lines for word in line.split()}


def test_the_name_of_a_video_gives_way_and_not_its_figures():
    name = "camera-entrance-north_2025-11-16T19-02-42_channel-03_part-0001_copy.mp4"
    info = SimpleNamespace(name=name, width=1920, height=1080, fps=29.97002997)
    line = headline(info, 35)
    assert len(line) <= 35
    assert line == "camera...py.mp4 1920x1080 29.97 fps"


def test_a_pipe_has_no_width(monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert width_of(io.StringIO()) is None
    Console().say("a word " * 60)
    assert len(capsys.readouterr().out.splitlines()) == 1
    monkeypatch.setenv("COLUMNS", "72")
    assert width_of(io.StringIO()) == 72
    monkeypatch.setenv("COLUMNS", "many")
    assert width_of(io.StringIO()) is None


def test_a_command_in_a_hint_is_left_whole(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    command = "numa-deploy export --model /a/long/path/to/best.pt --format onnx --imgsz 640 640"
    print_error(UsageError("a sentence that is longer than any line of the screen that it is printed on", hint=command))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == f"       {command}"
    assert all(len(line) <= 60 for line in lines[:-1])


def test_the_same_warning_is_printed_once(capsys):
    import logging

    from numa_deploy.cli.console import open_console
    from numa_deploy.cli.options import PrintOptions

    open_console(PrintOptions())
    log = logging.getLogger("numa_runtime")
    for text in ("no frame was given", "no frame was given", "another", "no frame was given"):
        log.warning(text)
    assert capsys.readouterr().err.splitlines() == [
        "warning: no frame was given",
        "warning: another",
        "warning: no frame was given",
    ]
