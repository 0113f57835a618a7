import numpy as np
import pytest

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.metrics.mot import score_mot
from numa_benchmarks.metrics.mot_counts import figure
from numa_benchmarks.metrics.mot_folders import pair_sequences
from numa_benchmarks.metrics.mot_sequence import MotSequence

pytest.importorskip("trackeval", reason="needs the eval extra")


def table(kinds, *, swap_at=0):
    """One object of each class for 20 frames; from frame `swap_at` on the first one is called by another class."""
    rows = [(frame, row) for frame in range(1, 21) for row in range(len(kinds))]
    kind = [kinds[1] if swap_at and row == 0 and frame >= swap_at else kinds[row] for frame, row in rows]
    boxes = [(5 * frame + 200 * row, 10, 40, 80) for frame, row in rows]
    return MotTable.of([f for f, _ in rows], [r + 1 for _, r in rows], boxes, conf=np.ones(len(rows)), kind=kind)


def test_a_class_that_is_called_by_another_half_of_the_time():
    report = score_mot([MotSequence("x", table([1, 4]), table([1, 4], swap_at=11), class_names={1: "car", 4: "bus"})])
    car, bus = report.classes
    assert (car.name, car.truth_boxes, car.false_negatives) == ("car", 20, 10)
    assert (bus.name, bus.false_negatives, bus.false_positives) == ("bus", 0, 10)
    assert report.combined.hota == pytest.approx(100)  # classes aside, all is found
    assert [line.split()[0] for line in report.lines()[3:7] if line] == ["class", "car", "bus"]
    assert [row["name"] for row in report.to_dict()["classes"]] == ["car", "bus"]


def test_without_classes_in_the_results_there_are_none():
    assert score_mot([MotSequence("x", table([1, 4]), table([-1, -1]))]).classes == ()
    assert score_mot([MotSequence("x", table([1, 1]), table([1, 1]))]).classes == ()


def test_counts_give_the_figures():
    sequences = [
        MotSequence("a", table([1, 4]), table([1, 4]).after(5)),
        MotSequence("b", table([2, 4]), table([4, 2])),
    ]
    report = score_mot(sequences)
    total = sum(report.counts.values())
    for name in ("hota", "mota", "idf1"):
        assert figure(name, total) == pytest.approx(getattr(report.combined, name))


def test_names_as_cvat_writes_them(tmp_path):
    (tmp_path / "gt").mkdir()
    (tmp_path / "gt" / "gt.txt").write_text("1,1,0,0,9,9,1,2,1\n")
    (tmp_path / "gt" / "labels.txt").write_text("car\nbus\n")
    (tmp_path / "r.txt").write_text("1,1,0,0,9,9,1,2,-1,-1\n")
    (pair,) = pair_sequences(tmp_path, tmp_path / "r.txt")
    assert pair.class_names == {1: "car", 2: "bus"}
