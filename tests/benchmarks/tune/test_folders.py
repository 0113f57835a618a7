import pytest
from tune_scenes import write_sequences

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.tune.folders import open_sequences


@pytest.fixture
def truth(tmp_path):
    return write_sequences(tmp_path / "train")


def test_detections_beside_the_truth(truth):
    found = open_sequences(truth)
    assert [(each.name, each.frames) for each in found] == [("a", 60), ("b", 60), ("c", 60)]
    assert found[0].times[1] == pytest.approx(1 / 30)
    assert sum(len(rows) for rows in found[0].detections) > 200


def test_detections_elsewhere(truth, tmp_path):
    (tmp_path / "dets").mkdir()
    for name in "abc":
        (truth / name / "det" / "det.txt").rename(tmp_path / "dets" / f"{name}.txt")
    assert len(open_sequences(truth, tmp_path / "dets")) == 3
    with pytest.raises(DataError, match=r"a has no detections: .*det\.txt is missing") as caught:
        open_sequences(truth)
    assert "--detections DIR" in caught.value.hint
    (tmp_path / "dets" / "b.txt").rename(tmp_path / "dets" / "bb.txt")
    with pytest.raises(DataError, match=r"b has no detections: .*b\.txt is missing") as caught:
        open_sequences(truth, tmp_path / "dets")
    assert "holds a.txt, bb.txt, c.txt" in caught.value.hint


def test_detections_laid_out_as_the_challenge_does(truth, tmp_path):
    (tmp_path / "dets").mkdir()
    for name in "abc":
        (tmp_path / "dets" / name).mkdir()
        (truth / name / "det").rename(tmp_path / "dets" / name / "det")
    assert len(open_sequences(truth, tmp_path / "dets")) == 3


def test_one_sequence_and_one_file(truth):
    (one,) = open_sequences(truth / "b", truth / "a" / "det" / "det.txt")
    assert one.name == "b"


def test_without_seqinfo_there_is_no_time(truth):
    (truth / "a" / "seqinfo.ini").unlink()
    first = open_sequences(truth)[0]
    assert first.times is None
    assert first.frames == 60


@pytest.mark.parametrize(("place", "sentence"), [("nowhere", "is not a folder"), ("dets", "holds no ground truth")])
def test_no_ground_truth(tmp_path, place, sentence):
    (tmp_path / "dets").mkdir()
    with pytest.raises(DataError, match=sentence):
        open_sequences(tmp_path / place)


def test_no_such_folder_of_detections(truth, tmp_path):
    with pytest.raises(DataError, match="a has no detections") as caught:
        open_sequences(truth, tmp_path / "nothing")
    assert caught.value.hint.endswith("does not exist")
