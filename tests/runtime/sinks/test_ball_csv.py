from __future__ import annotations

from pathlib import Path

from numa_runtime.sinks.ball_csv import ball_sink


def test_best_ball_of_each_frame_or_zeros(tmp_path: Path, result, balls) -> None:
    sink = ball_sink(tmp_path / "ball.csv")
    sink.write(result(0, ball_records=balls), None)
    sink.write(result(1), None)
    [path] = sink.close()
    assert path.read_text() == "Frame,Visibility,X,Y\n0,1,10.26,20.00\n1,0,0,0\n"


def test_a_tracked_ball_comes_before_a_better_one_that_is_not(result, balls) -> None:
    from dataclasses import replace

    import numpy as np

    from numa_runtime.sinks.ball_csv import ball_lines

    assert list(ball_lines(result(4, ball_records=replace(balls, id=np.array([1, -1]))))) == ["4,1,1.00,2.00"]
    assert list(ball_lines(result(4, ball_records=replace(balls, id=np.array([1, 2]))))) == ["4,1,10.26,20.00"]
