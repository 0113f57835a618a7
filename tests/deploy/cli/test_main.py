"""The command line as a user meets it: files, JSON, sentences and exit codes."""

import json
import shutil

import cv2
import pytest
from clips import write_clip

from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import default_model, sample_photos


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def clip(tmp_path):
    picture = cv2.resize(cv2.imread(str(sample_photos()[0])), (320, 240))
    return write_clip(tmp_path / "my clip.mp4", 6, picture=lambda _: picture)


def fails(capsys, *argv, code):
    assert main(argv) == code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    lines = captured.err.strip().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("error: "))
    assert all(line.startswith("       ") for line in lines[start + 1 :]), lines
    return "\n".join(line.strip() for line in lines[start:])


def test_track_writes_video_mot_and_jsonl(clip, tmp_path, capsys):
    assert main(["track", "--source", str(clip), "--json", "summary.json"]) == 0
    folder = tmp_path / "runs/track/my clip"
    assert sorted(p.name for p in folder.iterdir()) == ["my clip.jsonl", "my clip.mp4", "my clip.txt"]
    captured = capsys.readouterr()
    assert "yolox-nano (bundled, 80 classes) · onnxruntime cpu" in captured.err
    assert "6 frames in" in captured.out
    assert "my clip.mp4  my clip.txt  my clip.jsonl" in captured.out
    data = json.loads((tmp_path / "summary.json").read_text())
    assert data["frames"] == 6
    assert data["backend"] == "onnxruntime"


def test_key_value_words_mean_the_same(clip, tmp_path, capsys):
    assert main(["track", f"source={clip}", "conf=0.3,", "save=False", "save_csv", "name=x", "json=-", "quiet"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["frames"] == 6
    assert sorted(p.suffix for p in (tmp_path / "runs/track/x").iterdir()) == [".csv", ".jsonl", ".txt"]


def test_a_second_run_gets_a_folder_of_its_own(clip, tmp_path):
    for _ in range(2):
        assert main(["predict", "-s", str(clip), "--no-save", "-q"]) == 0
    assert sorted(p.name for p in (tmp_path / "runs/predict").iterdir()) == ["my clip", "my clip-2"]


def test_predict_of_images(tmp_path):
    assert main(["predict", "-s", str(sample_photos()[0].parent / "*.jpg"), "-q", "--name", "photos"]) == 0
    names = {p.name for p in (tmp_path / "runs/predict/photos").iterdir()}
    assert {p.name for p in sample_photos()} <= names


def test_what_was_written_is_counted(tmp_path, capsys):
    pictures = [*sample_photos()[:2]]
    for photo in pictures:
        shutil.copy(photo, tmp_path)
    assert main(["predict", "-s", str(tmp_path / "*.jpg"), "--name", "day1/conf0.25", "--save-txt"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.split("  ") == ["runs/predict/day1/conf0.25/", "2 images", "frames.jsonl", "labels/ 2 files"]


def test_home_is_written_out_in_every_path_word(clip, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "my.yaml").write_text("tracker_type: sort\n")
    words = ["--tracker", "~/my.yaml", "--json", "~/summary.json", "--project", "~/out"]
    assert main(["track", "-s", f"~/{clip.name}", *words, "-q"]) == 0
    assert json.loads((tmp_path / "summary.json").read_text())["frames"] == 6
    assert (tmp_path / "out/track/my clip/my clip.mp4").is_file()
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("word", ["--source", "--project", "--tracker", "--json", "--model"])
def test_the_home_of_a_stranger_is_a_sentence(clip, capsys, word):
    source = [] if word == "--source" else ["--source", str(clip)]
    words = ["track", *source, word, "~nosuchuser/x"]
    assert main(words) in (1, 2)
    assert "there is no home folder of ~nosuchuser here" in capsys.readouterr().err


def test_the_summary_does_not_replace_the_source(clip, capsys):
    before = clip.read_bytes()
    said = fails(capsys, "predict", "-s", str(clip), "--json", clip.name, "--no-save", code=2)
    assert "is the source: the summary would replace it" in said
    assert clip.read_bytes() == before


def test_quiet_prints_nothing(clip, capsys):
    assert main(["track", "-s", str(clip), "-q", "--no-save"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_missing_source(capsys):
    text = fails(capsys, "track", "--source", "macth.mp4", code=1)
    assert "macth.mp4" in text


def test_broken_image(tmp_path, capsys):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not really")
    assert "broken.jpg" in fails(capsys, "predict", "--source", "broken.jpg", code=1)
    assert not (tmp_path / "runs").exists()


def test_zero_frame_video(tmp_path, capsys):
    (tmp_path / "empty.mp4").write_bytes(b"")
    assert "empty.mp4" in fails(capsys, "track", "--source", "empty.mp4", code=1)


@pytest.mark.parametrize("name", ["not_a_model.onnx", "text.txt"])
def test_not_a_model(name, tmp_path, capsys):
    (tmp_path / name).write_text("hello")
    assert name in fails(capsys, "track", "--model", name, code=1)


def test_unknown_class(clip, capsys):
    text = fails(capsys, "track", "-s", str(clip), "--classes", "persn", code=2)
    assert text.startswith("error: the model has no class 'persn' (did you mean 'person'?)")


def test_wrong_size_for_a_static_model(clip, capsys):
    text = fails(capsys, "track", "-s", str(clip), "--imgsz", "640", code=2)
    assert "640" in text
    assert "416" in text


def test_device_that_is_not_there(clip, capsys):
    text = fails(capsys, "track", "-s", str(clip), "--device", "cuda:0", code=1)
    assert "cuda:0" in text


def test_unknown_tracker_and_parameters(clip, capsys):
    assert "bytetrack" in fails(capsys, "track", "-s", str(clip), "--tracker", "deepsort.yaml", code=1)
    text = fails(capsys, "track", "-s", str(clip), "--ball-tracker", "bytetrack", code=1)
    assert "there is no ball tracker 'bytetrack' (did you mean 'balltrack'?); there is: balltrack" in text
    text = fails(capsys, "track", "-s", str(clip), "--track-low-thresh", "0.6", code=1)
    assert "track_low_thresh 0.6 must be below track_high_thresh" in text


def test_unwritable_project(clip, tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    assert "taken" in fails(capsys, "track", "-s", str(clip), "--project", "taken", code=1)


def test_misspelt_words(capsys):
    assert "did you mean 'conf'" in fails(capsys, "track", "cnf=0.3", code=2)
    assert "track" in fails(capsys, "trak", code=2)
    fails(capsys, "track", "--conf", "much", code=2)


def test_ctrl_c_is_one_word(clip, tmp_path, capsys, monkeypatch):
    from numa_runtime.pipeline.model import Model

    def interrupt(self, frame, info=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(Model, "__call__", interrupt)
    assert main(["track", "-s", str(clip)]) == 130
    assert capsys.readouterr().err.strip().endswith("interrupted: unfinished files were removed")
    assert not list((tmp_path / "runs").rglob("*.*"))


def test_an_unexpected_fault_is_a_sentence_too(clip, capsys, monkeypatch):
    from numa_runtime.pipeline.model import Model

    def fault(self, frame, info=None):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(Model, "__call__", fault)
    text = fails(capsys, "track", "-s", str(clip), code=1)
    assert text.startswith("error: unexpected ZeroDivisionError: division by zero")
    assert main(["track", "-s", str(clip), "--debug"]) == 1
    said = capsys.readouterr().err
    assert "Traceback (most recent call last):" in said
    assert said.index("ZeroDivisionError") < said.index("error: unexpected ZeroDivisionError")


def test_version_and_help(capsys):
    assert main(["version"]) == 0
    assert capsys.readouterr().out.startswith("numa-deploy 0.")
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for mode in ("predict", "track", "adopt", "inspect", "check", "doctor", "version"):
        assert mode in out


def test_doctor(capsys):
    assert main(["doctor", "--json", "doctor.json"]) == 0
    out = capsys.readouterr().out
    assert "CPUExecutionProvider" in out
    assert "threads" in out
    with open("doctor.json", encoding="utf-8") as file:
        assert set(json.load(file)) == {"system", "packages", "inference", "caches", "extras", "warnings"}


def test_inspect_and_check_the_bundled_model(capsys):
    assert main(["inspect", str(default_model()), "--json", "card.json"]) == 0
    out = capsys.readouterr().out
    assert "detect" in out
    assert "boxes" in out
    assert main(["check", str(default_model())]) == 0
    with open("card.json", encoding="utf-8") as file:
        assert json.load(file)["precision"] == "fp32"


def test_check_without_a_golden_sample(tmp_path, capsys):
    from tiny_models import detect_spec, tiny_onnx

    from numa_runtime.contract import SPEC_KEY, spec_to_json

    path = tmp_path / "plain.onnx"
    spec = detect_spec()
    outputs = {output.name: output.shape for output in spec.outputs}
    door = (1, spec.input.planes, spec.input.height, spec.input.width)
    metadata = {SPEC_KEY: spec_to_json(spec)}
    tiny_onnx(path, outputs, shape=door, dtype=spec.input.dtype, metadata=metadata)
    assert "golden" in fails(capsys, "check", str(path), code=1)


def test_warmup_says_what_was_made_ready(tmp_path, capsys):
    assert main(["warmup", "--json", "warm.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = json.loads((tmp_path / "warm.json").read_text())["rows"]
    assert [row["kernels"] for row in rows] == ["box trackers", "ball tracker", "suppression (NMS)"]
    assert [line.split(":")[0] for line in lines] == [row["kernels"] for row in rows]
    assert all(row["load_s"] >= 0 for row in rows)
