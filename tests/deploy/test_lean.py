"""The lean promise: light imports, and predict and track without torch."""

import json
import subprocess
import sys
import textwrap
import zipfile

import pytest

from numa_runtime.installing import pip_line

HEAVY = ("torch", "cv2", "onnxruntime", "numba", "openvino", "av")


def run(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_pulls_in_nothing_heavy():
    loaded = run(f"import sys, numa_deploy; print(*[m for m in {HEAVY!r} if m in sys.modules])")
    assert loaded.split() == []


def test_help_pulls_in_nothing_heavy():
    loaded = run(f"""
        import sys
        from numa_deploy.cli.main import main
        main(["--help"])
        print("loaded:", *[m for m in {(*HEAVY, "numpy")!r} if m in sys.modules])
    """)
    assert loaded.splitlines()[-1].split() == ["loaded:"]


def test_every_public_name_is_there():
    import numa_deploy

    for name in numa_deploy.__all__:
        assert getattr(numa_deploy, name) is not None
    assert set(numa_deploy.__all__) <= set(dir(numa_deploy))


LEAN = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in (
            "torch", "torchvision", "lightning_fabric", "openvino", "onnx", "onnxscript", "scipy", "faster_coco_eval",
            "trackeval", "optuna", "supervision", "tensorrt", "tensorrt_rtx", "tensorrt_bindings",
            "tensorrt_rtx_bindings",
        ):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
"""


def test_predict_and_track_run_without_torch(tmp_path):
    out = run(
        LEAN
        + """
from numa_deploy import YOLO
from numa_deploy.yolo.bundled import sample_photos
model = YOLO()
photo = str(sample_photos()[0])
print(len(model.predict(photo)[0]) > 0, len(model.track(photo)[0]) > 0)
"""
    )
    assert out.split() == ["True", "True"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files that people give: labelled clips, checkpoints of ours and of Ultralytics."""
    root = tmp_path_factory.mktemp("lean")
    (root / "gt/A/gt").mkdir(parents=True)
    (root / "gt/A/gt/gt.txt").write_text("1,1,10,50,40,80,1,1,1\n")
    for name, pickle in (("ours.pt", b"numa.checkpoint"), ("theirs.pt", b"cultralytics.nn.tasks\nDetectionModel\n")):
        with zipfile.ZipFile(root / name, "w") as archive:
            archive.writestr("best/data.pkl", b"\x80\x02" + pickle)
    return root


MISSING = {
    "export": ("export",),
    "export --model multitask-n.yaml": ("export", "train"),
    "export --model ours.pt --format torchscript": ("train",),
    "export format=openvino": ("export", "openvino"),
    "export format=engine": ("export", "rtx"),
    "export format=engine builder=tensorrt": ("export", "tensorrt"),
    "info multitask-n.yaml": ("train",),
    "info ours.pt": ("train",),
    "predict model=yolov8n.yaml": ("train",),
    "track model=ours.pt": ("train",),
    "import theirs.pt": ("train",),
    "info theirs.pt": ("train",),
    "track --model theirs.pt": ("train",),
    "export --model theirs.pt --format torchscript": ("train",),
    "train --data rallies.yaml --no-export-check": ("train", "eval"),
    "tune --gt gt": ("tune",),
    "adopt x.onnx --family yolox": ("export",),
    "val data={tiny}": ("eval",),
    "benchmark task=track": ("eval",),
}
NOT_MISSING = {
    "check theirs.pt": "theirs.pt is an Ultralytics checkpoint; this takes exported files only",
    "inspect theirs.pt": "theirs.pt is an Ultralytics checkpoint; this takes exported files only",
    "info coco8.yaml": "there is no network 'coco8'",
    "predict model=nowhere/x.yaml": "there is no network configuration nowhere/x.yaml",
    "export opset=3": "opset 3 is refused",
    "export format=onx": "did you mean 'onnx'?",
}
"""What an extra would not help is said at once, not after two gigabytes of torch."""


@pytest.fixture(scope="module")
def said(folder):
    """What each command prints on standard error in a lean install, all in one process."""
    from numa_deploy.yolo.bundled import tiny_data

    words = [words.format(tiny=tiny_data()) for words in (*MISSING, *NOT_MISSING)]
    out = run(
        LEAN
        + f"""
import contextlib, io, json, os
from numa_deploy.cli.main import main
os.chdir({str(folder)!r})
found = []
for words in {words!r}:
    heard = io.StringIO()
    with contextlib.redirect_stderr(heard), contextlib.redirect_stdout(heard):
        code = main(words.split())
    found.append([code, heard.getvalue()])
print(json.dumps(found))
"""
    )
    return dict(zip((*MISSING, *NOT_MISSING), json.loads(out.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("words", MISSING)
def test_a_missing_extra_is_named_with_the_line_that_installs_it(said, words):
    code, text = said[words]
    assert code == 1
    assert text.splitlines()[-1].strip() == pip_line(*MISSING[words])


@pytest.mark.parametrize("words", NOT_MISSING)
def test_what_no_extra_would_help_is_told_at_once(said, words):
    code, text = said[words]
    assert code in (1, 2)
    assert NOT_MISSING[words] in text
    assert "not installed" not in text


def test_python_calls_say_it_too(folder):
    out = run(
        LEAN
        + f"""
import os
os.chdir({str(folder)!r})
from numa_deploy import NumaError, YOLO, benchmark, export
from pathlib import Path

def build():
    from numa_deploy.network import build
def tune():
    from numa_benchmarks.tune import tune
def lower():
    from numa_export.exporting import export

for call in (
    lambda: YOLO().export(format="openvino"), lambda: export("yolov8n.yaml"), lambda: YOLO("yolov8n.yaml"), build, tune,
    lower, lambda: YOLO("theirs.pt"),
):
    try:
        call()
    except NumaError as error:
        print(str(error).splitlines()[-1])
"""
    )
    assert out.splitlines() == [
        pip_line("export", "openvino"),
        pip_line("export", "train"),
        pip_line("train"),
        pip_line("train"),
        pip_line("tune"),
        pip_line("export"),
        pip_line("train"),
    ]
