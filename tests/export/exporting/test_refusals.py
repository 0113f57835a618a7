"""What export refuses, and what it leaves behind when it fails: nothing under the final name."""

import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from tiny_models import tiny_onnx as tiny_file

from numa_export.exporting import export, room
from numa_runtime.errors import ModelError, SinkError, UsageError
from numa_runtime.formats import Format
from numa_runtime.sessions import load


def names(folder):
    return sorted(child.name for child in folder.iterdir())


def test_nothing_to_prove_it_on(exported):
    with pytest.raises(UsageError, match="an export needs at least one photograph"):
        export(exported.path, "openvino", images=[])


def test_options_are_checked_before_anything_is_done(exported, pictures):
    with pytest.raises(UsageError, match="format onnx does not take target"):
        export(exported.path, "onnx", images=pictures, target="sm89")
    with pytest.raises(UsageError, match=r"imgsz 640x640 was asked for, but tiny\.onnx is fixed at 128x128, batch 1"):
        export(exported.path, "engine", images=pictures, imgsz=640)
    with pytest.raises(UsageError, match="torchscript is made from a network"):
        export(exported.path, "torchscript", images=pictures)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("best.pt", r"best\.pt is a network's file; here networks are given as objects"),
        (object(), r"a object cannot be exported: it has no spec and no deploy\(\)"),
    ],
)
def test_what_is_no_model(pictures, model, sentence):
    with pytest.raises(UsageError, match=sentence):
        export(model, images=pictures)


def test_a_foreign_file_is_sent_to_adopt(tmp_path, pictures):
    path = tiny_file(tmp_path / "theirs.onnx", {"output0": (1, 84, 84)})
    with pytest.raises(ModelError, match=r"theirs\.onnx carries no contract of ours") as caught:
        export(path, "engine", images=pictures)
    assert "numa-deploy adopt" in caught.value.hint


def test_outputs_that_cannot_be(exported, tmp_path, pictures):
    with pytest.raises(UsageError, match=r"does not end in \.onnx, and onnx does"):
        export(exported.path, "onnx", images=pictures, output=tmp_path / "best.engine")
    with pytest.raises(UsageError, match="is the source itself; it is not overwritten"):
        export(exported.path, "onnx", images=pictures)
    (tmp_path / "x.onnx").mkdir()
    with pytest.raises(UsageError, match=r"x\.onnx is a folder; onnx is a file"):
        export(exported.path, "onnx", images=pictures, output=tmp_path / "x.onnx")
    (tmp_path / "x_openvino_model").write_text("mine")
    with pytest.raises(UsageError, match="exists and is not an OpenVINO model"):
        export(exported.path, "openvino", images=pictures, output=tmp_path / "x_openvino_model")
    (tmp_path / "y_openvino_model").mkdir()
    (tmp_path / "y_openvino_model" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="exists and is not an OpenVINO model"):
        export(exported.path, "openvino", images=pictures, output=tmp_path / "y_openvino_model")
    assert (tmp_path / "y_openvino_model" / "thesis.txt").read_text() == "years of work"


def test_a_folder_as_output_gets_the_default_name(exported, tmp_path, pictures):
    copy = shutil.copy(exported.path, tmp_path / "best.onnx")
    (tmp_path / "out").mkdir()
    assert export(copy, "onnx", images=pictures, output=tmp_path / "out").path == tmp_path / "out" / "best.onnx"


@contextmanager
def crooked(path):
    """A session whose boxes are a little off."""
    with load(path, device="cpu") as session:

        def run(batch):
            outputs = session.run(batch)
            return {**outputs, "boxes": outputs["boxes"] + np.float32(0.05)}

        yield SimpleNamespace(spec=session.spec, golden=None, run=run, backend="crooked")


@pytest.mark.parametrize("kind", ["onnx", "openvino"])
def test_out_of_tolerance_is_kept_as_rejected(exported, tmp_path, pictures, kind):
    target = Format(kind).path_for(tmp_path / "bad")
    with pytest.raises(
        ModelError, match=r"does not answer like its source: boxes 0\.05 px max is over the limit of 0\.01"
    ):
        export(exported.path, kind, images=pictures, output=target, opener=crooked)
    assert names(tmp_path) == [f"{target.name}.rejected"]


def test_a_rejected_engine_is_not_built(exported, tmp_path, pictures):
    with pytest.raises(ModelError, match=r"bad\.onnx does not answer like its source") as caught:
        export(exported.path, "engine", images=pictures, output=tmp_path / "bad.engine", opener=crooked, target="sm89")
    assert names(tmp_path) == ["bad.onnx.rejected"]
    assert str(tmp_path / "bad.onnx.rejected") in caught.value.hint


def test_too_little_disk_is_said_at_once(exported, tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1_500_000))
    with pytest.raises(SinkError, match=r"has 1\.5 MB free, and exporting to onnx needs about 2\.\d MB"):
        export(exported.path, "onnx", images=pictures, output=tmp_path / "new" / "best.onnx")
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_leaves_nothing(exported, tmp_path, pictures, monkeypatch):
    from numa_export.graph import finish

    def full(model, path):
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(finish.onnx, "save", full)
    with pytest.raises(SinkError, match="the disk is full"):
        export(exported.path, "onnx", images=pictures, output=tmp_path / "best.onnx")
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["reading the graph", "proving"])
def test_interrupted_it_leaves_what_was_there_before(exported, tmp_path, pictures, step):
    target = tmp_path / "best.onnx"
    target.write_text("the older one")

    def interrupt(what, share):
        if what == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(exported.path, "onnx", images=pictures, output=target, progress=interrupt)
    assert names(tmp_path) == ["best.onnx"]
    assert target.read_text() == "the older one"


def test_killed_half_way_leaves_nothing_under_the_final_name(exported, tmp_path):
    """SIGKILL while proving, when the file is written and nothing can clean up any more."""
    program = (
        "import os, signal, sys, numpy as np\n"
        "from numa_export.exporting import export\n"
        "stop = lambda what, share: os.kill(os.getpid(), signal.SIGKILL) if what == 'proving' else None\n"
        "image = np.zeros((64, 64, 3), np.uint8)\n"
        "export(sys.argv[1], 'onnx', images=[image], output=sys.argv[2], progress=stop)\n"
    )
    target = tmp_path / "best.onnx"
    done = subprocess.run([sys.executable, "-c", program, str(exported.path), str(target)], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    assert [name.startswith(".best.partial-") for name in names(tmp_path)] == [True]


def test_it_can_be_cancelled(exported, tmp_path, pictures):
    with pytest.raises(ModelError, match=r"the export of tiny\.onnx was cancelled before: proving"):
        export(
            exported.path,
            "onnx",
            images=pictures,
            output=tmp_path / "b.onnx",
            progress=lambda what, _: what != "proving",
        )
    assert names(tmp_path) == []


def test_a_network_that_answers_alike_whatever_it_sees_is_no_proof(tmp_path):
    from numa_export.proof import compare

    def dead(first):
        boxes = np.zeros((1, 5, 6), np.float32)
        boxes[..., :4] = np.arange(5)[:, None] * 30 + np.array([first, first, first + 20, first + 20])
        boxes[..., 4] = 0.01
        return lambda batch: {"detections": boxes}

    report = compare(dead(0), dead(500), [np.zeros((1, 3, 64, 64), np.uint8)])
    assert not report.passed
    assert (report.tied, report.expected) == (5, 0)
    assert report.failures() == ["there was nothing to compare: the network answers alike whatever it sees"]
