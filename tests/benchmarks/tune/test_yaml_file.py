import pytest
import yaml
from tune_scenes import ghostly

pytest.importorskip("optuna", reason="needs the tune extra")
pytest.importorskip("trackeval", reason="needs the tune extra")

from numa_benchmarks.tune import tune
from numa_benchmarks.tune.yaml_file import write_yaml
from numa_runtime.tracking import Tracker, load_params


@pytest.fixture(scope="module")
def report():
    start = load_params("bytetrack", match_thresh=0.71234, track_buffer_s=1.5)
    return tune(start, [ghostly("first"), ghostly("second", 1)], trials=8, folds=0)


def test_the_file_is_a_tracker(report, tmp_path):
    path = tmp_path / "mine" / "my.yaml"
    write_yaml(report, path, data="detections by best.onnx")
    assert load_params(path) == report.tuned
    assert Tracker(path).params == report.tuned


def test_the_file_says_where_it_comes_from(report, tmp_path):
    path = tmp_path / "my.yaml"
    write_yaml(report, path, data="detections by best.onnx")
    text = path.read_text()
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert "bytetrack, tuned by numa-deploy tune on 20" in head[0]
    assert "8 trials, seed 0" in head[0]
    assert "Tuned on first, second: 120 frames; detections by best.onnx." in head[1]
    assert "HOTA on them" in head[2]
    assert any("not checked" in line for line in head[3:])
    changed = [change for change in report.changes if change.tuned != change.default]
    assert changed
    for change in changed:
        assert f"{change.name}: {change.tuned} # was {change.default}" in text


def test_every_usual_name_is_there(report, tmp_path):
    """The six values users know stand in every tracker file, changed or not; what nobody set does not."""
    path = tmp_path / "my.yaml"
    write_yaml(report, path)
    values = yaml.safe_load(path.read_text())
    usual = {"track_high_thresh", "track_low_thresh", "new_track_thresh", "match_thresh", "fuse_score"}
    assert {"tracker_type", "track_buffer_s", *usual} <= set(values)
    assert values["tracker_type"] == "bytetrack"
    assert not {"frame_rate", "compat", "birth_conf"} & set(values)
