from __future__ import annotations

from pathlib import Path

from numa_runtime.sinks.mot import mot_lines, mot_sink


def test_tracked_boxes_only_frames_from_one(result) -> None:
    assert list(mot_lines(result(0, 3))) == [
        "1,1,0.00,5.00,8.00,20.00,0.900000,-1,-1,-1",
        "1,2,10.00,5.00,8.00,20.00,0.800000,-1,-1,-1",
    ]
    assert list(mot_lines(result(9, 0))) == list(mot_lines(result(9, 2, tracked=False))) == []


def test_classes_are_counted_from_one(result) -> None:
    plain, told = list(mot_lines(result(0, 3))), list(mot_lines(result(0, 3), classes=True))
    found = result(0, 3).detections
    kinds = [str(cls + 1) for cls in found.cls[found.id >= 0]]
    assert [line.split(",")[7] for line in told] == kinds
    assert [line.split(",")[:7] for line in told] == [line.split(",")[:7] for line in plain]


def test_trackeval_reads_it(tmp_path: Path, result) -> None:
    import pytest

    base = pytest.importorskip("trackeval.datasets._base_dataset")
    sink = mot_sink(tmp_path / "match.txt")
    for index in range(3):
        sink.write(result(index, 3), None)
    [path] = sink.close()
    rows, ignored = base._BaseDataset._load_simple_text_file(str(path), time_col=0, id_col=1)
    assert ignored == {}
    assert sorted(rows) == ["1", "2", "3"]
    assert [row[1] for row in rows["2"]] == ["1", "2"]
