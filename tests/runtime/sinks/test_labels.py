from __future__ import annotations

from pathlib import Path

from numa_runtime.sinks.labels import LabelSink, label_lines


def test_lines_are_class_box_keypoints_conf_id(result) -> None:
    first, second = label_lines(result(0, 2))
    assert first == f"0 {4 / 64:.6g} {15 / 48:.6g} {8 / 64:.6g} {20 / 48:.6g} 1"
    assert second.split()[0] == "1"
    assert len(second.split()) == 5  # not tracked: no id
    [line] = label_lines(result(0, 1, keypoints=2, tracked=False), save_conf=True)
    assert line == f"0 {4 / 64:.6g} {15 / 48:.6g} {8 / 64:.6g} {20 / 48:.6g} 0.1875 0.5 0.5 0.1875 0.5 0.5 0.9"


def test_one_file_per_frame_with_detections(tmp_path: Path, result) -> None:
    sink = LabelSink(tmp_path / "labels", many_per_file=True)
    for index in range(3):
        sink.write(result(index, index), None)
    assert sink.close() == (tmp_path / "labels",)
    assert sorted(p.name for p in (tmp_path / "labels").iterdir()) == ["match_2.txt", "match_3.txt"]
    assert len((tmp_path / "labels" / "match_3.txt").read_text().splitlines()) == 2


def test_images_give_their_names_and_nothing_found_gives_no_file(tmp_path: Path, result) -> None:
    sink = LabelSink(tmp_path)
    sink.write(result(0, 0, path="a.jpg"), None)
    assert sink.close() == ()
    sink.write(result(0, 1, path="b.jpg"), None)
    assert sink.close() == (tmp_path / "b.txt",)
    sink.abort()
