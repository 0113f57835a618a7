import pytest

from numa_runtime.errors import SourceError
from numa_runtime.sources.mot_places import find_detections


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_a_path_inside_the_sequence_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inside = touch(tmp_path / "train" / "S" / "det" / "det.txt")
    touch(tmp_path / "det" / "det.txt")
    assert find_detections("S", tmp_path / "train" / "S", inside.relative_to(tmp_path / "train" / "S"), single=False)
    assert find_detections("S", inside.parents[1], None, single=False) == inside


def test_one_of_the_three_copies_of_a_sequence(tmp_path):
    sdp = touch(tmp_path / "dets" / "S-SDP.txt")
    assert find_detections("S", tmp_path / "S", tmp_path / "dets", single=False) == sdp
    touch(tmp_path / "dets" / "S-DPM.txt")
    with pytest.raises(SourceError, match=r"S has no detections: .*S\.txt is missing"):  # which of them is meant?
        find_detections("S", tmp_path / "S", tmp_path / "dets", single=False)


def test_a_file_is_for_one_sequence(tmp_path):
    file = touch(tmp_path / "x.txt")
    assert find_detections("S", None, file, single=True) == file
    with pytest.raises(SourceError) as caught:
        find_detections("S", None, file, single=False)
    assert caught.value.hint.endswith("is one file, for one sequence")
