from __future__ import annotations

from pathlib import Path

from numa_runtime.sinks.ball_csv import ball_sink


def test_best_ball_of_each_frame_or_zeros(tmp_path: Path, result, balls) -> None:
    sink = ball_sink(tmp_path / "ball.csv")
    sink.write(result(0, ball_records=balls), None)
    sink.write(result(1), None)
    [path] = sink.close()
    assert path.read_text() == "Frame,Visibility,X,Y\n0,1,10.26,20.00\n1,0,0,0\n"
