from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import shared_data

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable, read_mot, read_seqinfo
from numa_benchmarks.metrics.mot import MotReport, MotScores, score_mot
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_runtime.errors import UsageError

KEYS = {
    "hota": "HOTA",
    "deta": "DetA",
    "assa": "AssA",
    "mota": "MOTA",
    "idf1": "IDF1",
    "id_switches": "IDSW",
    "fragments": "Frag",
    "false_positives": "FP",
    "false_negatives": "FN",
    "truth_boxes": "GT",
}


def walkers(frames: int = 20, people: int = 3, **columns: float) -> MotTable:
    """Return people who walk side by side, far from each other."""
    frame, person = np.meshgrid(np.arange(1, frames + 1), np.arange(people), indexing="ij")
    frame, person = frame.ravel(), person.ravel()
    boxes = np.stack([10 + 3 * frame, 10 + 200 * person, np.full(len(frame), 50), np.full(len(frame), 100)], axis=1)
    return MotTable.of(frame, person + 1, boxes, **{key: np.full(len(frame), v) for key, v in columns.items()})


def one(truth: MotTable, result: MotTable, **options) -> MotScores:
    return score_mot([MotSequence("walk", truth, result)], **options).combined


def test_a_perfect_tracker_scores_a_hundred() -> None:
    scores = one(walkers(), walkers())
    assert (scores.hota, scores.deta, scores.assa, scores.mota, scores.idf1) == pytest.approx((100,) * 5)
    assert (scores.id_switches, scores.fragments, scores.false_positives, scores.false_negatives) == (0, 0, 0, 0)
    assert (scores.truth_boxes, scores.result_boxes, scores.truth_ids, scores.result_ids) == (60, 60, 3, 3)


def test_one_switch_costs_identity_but_no_detection() -> None:
    """One of three people gets a new id half-way: 10 of 60 boxes have a wrong identity."""
    result = walkers()
    result = replace(result, id=np.where((result.id == 1) & (result.frame > 10), 77, result.id))
    scores = one(walkers(), result)
    assert scores.id_switches == 1
    assert scores.deta == pytest.approx(100)
    assert scores.mota == pytest.approx(100 * (1 - 1 / 60))
    assert scores.idf1 == pytest.approx(100 * 50 / 60)


def test_a_missing_person_is_a_third_of_the_boxes() -> None:
    result = walkers()
    scores = one(walkers(), result.select(result.id != 2))
    assert scores.false_negatives == 20
    assert scores.mota == pytest.approx(100 * 2 / 3)


def test_nothing_found_and_nothing_there() -> None:
    assert one(walkers(), MotTable.empty()).false_negatives == 60
    assert one(walkers(), MotTable.empty()).hota == 0
    assert one(MotTable.empty(), walkers()).false_positives == 60


def test_rows_marked_zero_are_not_scored() -> None:
    truth = walkers()
    truth = replace(truth, conf=np.where(truth.id == 3, 0.0, 1.0))
    result = walkers()
    assert one(truth, result.select(result.id != 3)).mota == pytest.approx(100)


def test_results_on_distractors_are_taken_away_by_the_rules_of_mot17() -> None:
    """A static person (class 7) of MOT17 need not be tracked, and may be."""
    truth = walkers(kind=1)
    truth = replace(truth, kind=np.where(truth.id == 3, 7.0, 1.0))
    assert one(truth, walkers(), rules=MotRules.MOT17).mota == pytest.approx(100)
    assert one(truth, walkers(), rules=MotRules.MOT17).truth_boxes == 40
    assert one(truth, walkers(), rules=MotRules.NONE).truth_boxes == 60


@pytest.mark.parametrize("kind", [-1.0, 1.0, 3.0, 7.0, 13.0, 20.0, 4.4852])
def test_other_peoples_classes_are_not_mot17s(kind: float) -> None:
    """Perfect tracks are perfect, whatever number their class has."""
    assert one(walkers(kind=kind), walkers()).hota == pytest.approx(100)


def test_challenges_are_recognised_by_name_and_said() -> None:
    names = {"MOT17-02-SDP": "mot17", "MOT16-04": "mot17", "mot20-01": "mot20", "TUD-Campus": "none", "walk": "none"}
    assert {name: str(MotRules.AUTO.settle(name)) for name in names} == names
    assert MotRules.NONE.settle("MOT17-02") is MotRules.NONE
    report = score_mot([MotSequence("MOT17-02", walkers(kind=1), walkers()), MotSequence("a", walkers(), walkers())])
    assert report.lines()[-2].startswith("rules mot17: pedestrians (class 1) only")
    assert report.lines()[-1] == (
        "rules none: every row whose confidence is not 0, whatever its class (a, by the data's names; "
        "--rules mot17, mot20 or none says otherwise)"
    )
    assert report.to_dict()["rules"] == ["mot17", "none"]
    asked = score_mot([MotSequence("a", walkers(), walkers())], rules=MotRules.NONE)
    assert asked.lines()[-1].endswith("whatever its class (as asked)")
    with pytest.raises(UsageError, match=r"there are no rules 'mot71' \(did you mean 'mot17'\?\)"):
        MotRules.parse("mot71")


def test_rules_that_go_by_classes_need_some() -> None:
    with pytest.raises(
        DataError, match=r"MOT17-02: the rules of mot17 go by classes 1 to 13, and its ground truth has"
    ):
        score_mot([MotSequence("MOT17-02", walkers(), walkers())])
    assert score_mot([MotSequence("MOT17-02", walkers(), walkers())], rules=MotRules.NONE).combined.hota > 99


def test_ids_may_be_any_numbers() -> None:
    result = walkers()
    assert one(walkers(), replace(result, id=result.id * 10**12 - 5)).hota == pytest.approx(100)


def test_second_half() -> None:
    """Frames after length // 2 + 1: of 20 frames those from 12 on, nine of them."""
    result = walkers()
    bad_start = replace(result, id=np.where(result.frame <= 11, result.id + 50 * result.frame, result.id))
    half = score_mot([MotSequence("walk", walkers(), bad_start, 20)], half=True).combined
    assert (half.frames, half.truth_boxes) == (9, 27)
    assert half.hota == pytest.approx(100)
    from_one = score_mot([MotSequence("walk", walkers(), result.after(11), 20)], half=True, result_from_one=True)
    assert from_one.combined == half


def test_sequences_add_up() -> None:
    result = walkers()
    report = score_mot(
        [MotSequence("a", walkers(), walkers()), MotSequence("b", walkers(), result.select(result.id != 1))]
    )
    assert [row.name for row in report.sequences] == ["a", "b"]
    assert report.combined.name == "COMBINED"
    assert report.combined.false_negatives == 20
    assert report.combined.mota == pytest.approx(100 * 100 / 120)
    assert report.combined.truth_ids == 6
    plain = json.loads(json.dumps(report.to_dict()))
    assert plain["mota"] == pytest.approx(report.combined.mota)
    assert [row["name"] for row in plain["rows"]] == ["a", "b"]
    *lines, rules = report.lines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert lines[-1].startswith("COMBINED")
    assert rules.startswith("rules none: every row")


def test_bad_input() -> None:
    twice = MotTable.of([1, 1], [4, 4], np.ones((2, 4)))
    with pytest.raises(DataError, match="walk: the result has id 4 more than once in frame 1"):
        one(walkers(), twice)
    with pytest.raises(DataError, match="the result goes to frame 20, the sequence ends at 10") as caught:
        score_mot([MotSequence("walk", walkers(10), walkers(20), 10)])
    assert "numbered from 1" in caught.value.hint
    with pytest.raises(DataError, match="no sequences to score"):
        score_mot([])
    with pytest.raises(DataError, match="the sequence a comes twice"):
        score_mot([MotSequence("a", walkers(), walkers())] * 2)


def unpacked(archive: str, folder: Path) -> Path:
    with tarfile.open(shared_data("mot", f"{archive}.tar.xz")) as tar:
        members = [member for member in tar.getmembers() if "/det/" not in member.name]
        tar.extractall(folder, members, filter="data")
    inner = folder / archive
    return inner if inner.is_dir() else folder


def assert_published(report: MotReport, expected: Path) -> None:
    """Compare with the figures TrackEval's own command line gave, to their four decimals."""
    figures = json.loads(expected.read_text())
    assert len(report.sequences) == len(figures) - 1
    for row in (*report.sequences, report.combined):
        published = figures["COMBINED_SEQ" if row is report.combined else row.name]
        ours = {key: getattr(row, name) for name, key in KEYS.items()}
        assert ours == pytest.approx({key: published[key] for key in ours}, abs=6e-5)


def test_tud_as_published(tmp_path: Path) -> None:
    root = unpacked("motmetrics-TUD", tmp_path)
    names = ("TUD-Campus", "TUD-Stadtmitte")
    report = score_mot(
        [MotSequence(name, read_mot(root / name / "gt.txt"), read_mot(root / name / "test.txt")) for name in names]
    )
    assert_published(report, root / "expected-trackeval.json")


@pytest.mark.parametrize(
    ("tracker", "half"),
    [pytest.param("linking-fullTrain", False, marks=pytest.mark.slow), ("bytetrack-python-halfval", True)],
)
def test_mot17_as_published(tmp_path: Path, tracker: str, half: bool) -> None:
    truth = unpacked("MOT17-train", tmp_path / "gt")
    results = unpacked("MOT17-results", tmp_path / "results") / tracker
    sequences = [
        MotSequence(
            path.stem,
            read_mot(truth / path.stem / "gt" / "gt.txt"),
            read_mot(path),
            read_seqinfo(truth / path.stem / "seqinfo.ini").frames,
        )
        for path in sorted(results.glob("MOT17-*.txt"))
    ]
    report = score_mot(sequences, half=half, result_from_one=half)
    assert_published(report, results / "expected-trackeval.json")
