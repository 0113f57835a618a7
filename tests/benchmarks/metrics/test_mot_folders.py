import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.metrics.mot import score_mot
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
    left_out = LeftOut()
    assert [pair.name for pair in pair_sequences(truth / "gt", truth / "results", left_out)] == ["A"]
    assert left_out.faulty
    (line,) = left_out.lines()
    assert line.startswith("left out: 1 x sequence without a result (B has no result:")
    (truth / "results" / "A.txt").unlink()
    with pytest.raises(DataError, match=r"A has no result: .*A\.txt is missing"):
        pair_sequences(truth / "gt", truth / "results")


@pytest.mark.parametrize(("place", "sentence"), [("nowhere", "is not a folder"), ("results", "holds no ground truth")])
def test_no_ground_truth(truth, place, sentence):
    with pytest.raises(DataError, match=sentence):
        pair_sequences(truth / place, truth / "results")


def test_results_and_folders_that_belong_to_nothing_are_said(truth):
    (truth / "results" / "C.txt").write_text(LINE)
    (truth / "gt" / "D").mkdir()
    left_out = LeftOut()
    assert len(pair_sequences(truth / "gt", truth / "results", left_out)) == 2
    assert [omission.reason for omission in left_out] == ["result without ground truth", "folder without ground truth"]
    assert not left_out.faulty


@pytest.mark.parametrize(
    ("row", "reason", "fault"),
    [
        ("1,1,10,20,30,40,1,1,1", "row that is there twice, counted once", False),
        ("1,1,99,20,30,40,1,1,1", "second box of an id in a frame", True),
        ("2,1,10,20,0,40,1,1,1", "box without an area", False),
        ("2,1,nan,20,30,40,1,1,1", "malformed row", True),
        ("two,1,10,20,30,40,1,1,1", "malformed row", True),
        ("2,1,10,20", "malformed row", True),
    ],
)
def test_a_bad_row_of_truth_or_result_costs_itself_alone(truth, row, reason, fault):
    for file in (truth / "gt" / "B" / "gt" / "gt.txt", truth / "results" / "A.txt"):
        file.write_text(LINE + LINE.replace("1,1,", "2,2,", 1) + row + "\n")
        left_out = LeftOut()
        pairs = pair_sequences(truth / "gt", truth / "results", left_out)
        assert [(omission.reason, omission.count) for omission in left_out] == [(reason, 1)]
        assert left_out.faulty is fault
        report = score_mot(pairs, left_out=left_out)
        assert report.complete is not fault
        assert report.to_dict()["left_out"][0]["reason"] == reason
        assert any(line.startswith(f"left out: 1 x {reason}") for line in report.lines())
        file.write_text(LINE)


def test_whose_rules_apply_is_told_by_folder_name_and_seqinfo(truth):
    """Two people of one's own class 3: MOTChallenge's rules would leave both out."""
    for name in ("A", "B"):
        (truth / "gt" / name / "gt" / "gt.txt").write_text("1,1,10,20,30,40,1,3,1\n")
    own = score_mot(pair_sequences(truth / "gt", truth / "results"))
    assert (own.combined.hota, own.to_dict()["rules"]) == (100, ["none"])
    (truth / "gt" / "A" / "seqinfo.ini").write_text("[Sequence]\nname=MOT17-02-FRCNN\nseqLength=7\n")
    assert score_mot(pair_sequences(truth / "gt", truth / "results")).to_dict()["rules"] == ["mot17", "none"]
    (truth / "MOT20").mkdir()
    (truth / "gt").rename(truth / "MOT20" / "train")
    (truth / "MOT20" / "train" / "A" / "seqinfo.ini").unlink()
    found = score_mot(pair_sequences(truth / "MOT20" / "train", truth / "results"))
    assert found.to_dict()["rules"] == ["mot20"]


def test_a_name_without_classes_recognises_nothing(truth):
    for name in ("A", "B"):
        (truth / "gt" / name / "gt" / "gt.txt").write_text("1,1,10,20,30,40,1,-1,-1\n")
    (truth / "gt").rename(truth / "MOT17")
    report = score_mot(pair_sequences(truth / "MOT17", truth / "results"))
    assert (report.combined.hota, report.to_dict()["rules"]) == (100, ["none"])
