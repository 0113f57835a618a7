"""Every program of examples/ runs as it is, on a few frames, and says or writes what it promises."""

import csv
import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import cv2
import pytest
from clips import write_clip
from support import ROOT

from numa_deploy.yolo.bundled import sample_photos

EXAMPLES = ROOT / "examples"
LONGEST = 60  # lines: an example is read in a minute


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    picture = cv2.resize(cv2.imread(str(sample_photos()[0])), (320, 240))
    return write_clip(tmp_path_factory.mktemp("clips") / "my.mp4", 12, picture=lambda _: picture)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def run(name, *arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


def test_own_detections(run, clip):
    lines = run("own_detections.py", clip)
    assert "id 1 at" in lines[0]
    assert lines[-1].startswith("12 frames;")


def test_count_and_crop(run, clip, tmp_path):
    lines = run("count_and_crop.py", clip, "cut")
    assert lines[0].startswith("person 1")
    assert cv2.imread(str(tmp_path / "cut" / "0001-person.jpg")).size > 0


def test_persist_over_cv2(run, clip):
    lines = run("persist_over_cv2.py", clip)
    assert lines.count("frame 0: person 1 came") == 1  # one id through all calls
    assert lines[-1].startswith("12 frames, ")


def test_supervision_annotate(run, clip, tmp_path):
    pytest.importorskip("supervision", reason="needs the supervision extra")
    assert run("supervision_annotate.py", clip, "out.mp4")[-1].endswith("; out.mp4")
    assert cv2.VideoCapture(str(tmp_path / "out.mp4")).get(cv2.CAP_PROP_FRAME_COUNT) == 12


def test_track_from_c(tmp_path):
    compiler, words = shutil.which("cc") or shutil.which("gcc"), sysconfig.get_config_vars()
    library = Path(words["LIBDIR"], f"libpython{words['LDVERSION']}")
    if compiler is None or not any(library.with_name(library.name + end).is_file() for end in (".so", ".a", ".dylib")):
        pytest.skip("needs a C compiler and a Python that can be embedded")
    program = tmp_path / "track_from_c"
    links = [f"-L{words['LIBDIR']}", f"-Wl,-rpath,{words['LIBDIR']}", f"-lpython{words['LDVERSION']}"]
    needed = [*words["LIBS"].split(), *words["SYSLIBS"].split(), *words["LINKFORSHARED"].split()]
    source = [str(EXAMPLES / "track_from_c.c"), f"-I{words['INCLUDEPY']}", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, *source, "-o", program, *links, *needed], check=True)
    paths = os.pathsep.join([*(str(ROOT / part) for part in (".", "export", "runtime", "benchmarks")), *sys.path])
    done = subprocess.run(
        [program], env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    assert lines[0] == "frame 0 id 1 at 100.0,50.0"
    assert {line.split()[3] for line in lines} == {"1", "2"}


def test_clips_to_csv_names_a_clip_that_cannot_be_read(run, clip, tmp_path, capsys):
    (clip.parent / "broken.mp4").write_bytes(b"not a video")
    lines = run("clips_to_csv.py", clip.parent, "tracks.csv")
    assert lines[-1] == "2 clip(s), tracks.csv"
    with (tmp_path / "tracks.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["clip"] for row in rows} == {"my.mp4"}
    assert {int(row["frame"]) for row in rows} == set(range(12))


def test_examples_are_short_and_all_are_listed():
    scripts = sorted(path for path in EXAMPLES.glob("*.py"))
    listed = (EXAMPLES / "README.md").read_text()
    for script in scripts:
        assert len(script.read_text().splitlines()) < LONGEST, script.name
        assert f"`{script.name}`" in listed
        assert f"def test_{script.stem}" in Path(__file__).read_text()
