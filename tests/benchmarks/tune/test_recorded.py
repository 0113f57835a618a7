import numpy as np
import pytest
from tune_scenes import write_sequences

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.tune.folders import open_sequences
from numa_benchmarks.tune.recorded import recorded_sequences
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start_known import find_recordings, start_known


@pytest.fixture
def train(tmp_path):
    truth = write_sequences(tmp_path / "train")
    words = {"source": truth, "detections": "det/det.txt", "record": tmp_path / "recs"}
    for _ in start_known(TrackRunOptions.of(words)):
        pass
    return truth


def test_recorded_sequences_are_those_of_the_folder(train, tmp_path):
    folder = open_sequences(train)
    recorded = recorded_sequences(train, find_recordings(tmp_path / "recs"))
    assert [each.name for each in recorded] == ["a", "b", "c"]
    for one, two in zip(folder, recorded, strict=True):
        assert one.frames == two.frames
        for before, after in zip(one.detections, two.detections, strict=True):
            np.testing.assert_allclose(before, after, rtol=1e-6)  # a recording holds float32
        np.testing.assert_allclose(one.times, two.times)
        assert two.warps is None


def test_a_sequence_without_a_recording(train, tmp_path):
    (tmp_path / "recs" / "b.numa").unlink()
    with pytest.raises(DataError, match="b has no recording") as caught:
        recorded_sequences(train, find_recordings(tmp_path / "recs"))
    assert "there is a, c" in caught.value.hint
    (only,) = recorded_sequences(train / "b", find_recordings(tmp_path / "recs" / "a.numa"))
    assert only.name == "b"  # one of each: names do not matter


def test_every_second_frame_is_not_enough(train, tmp_path):
    words = {"source": train / "a", "detections": "det/det.txt", "record": tmp_path / "two.numa", "vid_stride": 2}
    for _ in start_known(TrackRunOptions.of(words)):
        pass
    with pytest.raises(DataError, match="has every 2th frame only"):
        recorded_sequences(train / "a", find_recordings(tmp_path / "two.numa"))
