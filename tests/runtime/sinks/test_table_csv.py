from __future__ import annotations

import csv
from pathlib import Path

from numa_runtime.sinks.table_csv import COLUMNS, table_sink


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_row_per_detection_with_names_quoted(tmp_path: Path, result) -> None:
    sink = table_sink(tmp_path / "a.csv")
    sink.write(result(0, 0), None)
    sink.write(result(4, 2), None)
    [path] = sink.close()
    first, second = rows_of(path)
    assert tuple(first) == COLUMNS
    assert (first["frame"], first["timestamp"], first["track_id"], first["name"]) == ("4", "0.160", "1", "person")
    assert (second["track_id"], second["name"], second["x2"]) == ("-1", 'cup, "big"', "18.00")


def test_keypoints_have_columns_even_when_the_first_frame_is_empty(tmp_path: Path, result) -> None:
    sink = table_sink(tmp_path / "a.csv")
    sink.write(result(0, 0, keypoints=2), None)
    sink.write(result(1, 1, keypoints=2), None)
    [row] = rows_of(sink.close()[0])
    assert (row["kpt1_x"], row["kpt1_y"], row["kpt1_visible"]) == ("12.00", "24.00", "0.50")


def test_no_frames_still_give_a_header(tmp_path: Path) -> None:
    [path] = table_sink(tmp_path / "a.csv").close()
    assert path.read_text() == ",".join(COLUMNS) + "\n"
