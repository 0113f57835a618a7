import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.mot_folders import pair_sequences

LINE = "1,1,10,20,30,40,1,1,1\n"


@pytest.fixture
def truth(tmp_path):
    for name in ("A", "B"):
        (tmp_path / "gt" / name / "gt").mkdir(parents=True)
        (tmp_path / "gt" / name / "gt" / "gt.txt").write_text(LINE)
    (tmp_path / "gt" / "A" / "seqinfo.ini").write_text(
        "[Sequence]\nname=A\nframeRate=25\nseqLength=7\nimWidth=100\nimHeight=80\n"
    )
    (tmp_path / "results").mkdir()
    for name in ("A", "B"):
        (tmp_path / "results" / f"{name}.txt").write_text(LINE)
    return tmp_path


def test_pairs_by_name(truth):
    pairs = pair_sequences(truth / "gt", truth / "results")
    assert [(pair.name, pair.frames, len(pair.truth), len(pair.result)) for pair in pairs] == [
        ("A", 7, 1, 1),
        ("B", None, 1, 1),
    ]


def test_one_sequence_and_one_file(truth):
    (pair,) = pair_sequences(truth / "gt" / "B", truth / "results" / "A.txt")
    assert pair.name == "B"


def test_a_missing_result_is_named(truth):
    (truth / "results" / "B.txt").unlink()
    with pytest.raises(DataError, match=r"B has no result: .*B\.txt is missing"):
        pair_sequences(truth / "gt", truth / "results")


@pytest.mark.parametrize(("place", "sentence"), [("nowhere", "is not a folder"), ("results", "holds no ground truth")])
def test_no_ground_truth(truth, place, sentence):
    with pytest.raises(DataError, match=sentence):
        pair_sequences(truth / place, truth / "results")
