from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.results import BallRecords, Detections, Ended, Results


def shot(frame, ids=(), balls=(), ended=None):
    found = Detections.of([[0, 0, 9, 9]] * len(ids), [0.9] * len(ids), [0] * len(ids)).with_ids(ids)
    flying = BallRecords.of([[5, 5, 6, 6, 0.9, 0]] * len(balls))
    flying.id[:] = balls
    return Results((48, 64), {0: "person"}, found, flying, timestamp=frame / 10, ended=ended or Ended())


def summary_of(*shots):
    summary = RunSummary({0: "person"})
    for result in shots:
        summary.add(result)
    return summary


def test_what_ended_is_counted_and_forgotten():
    summary = summary_of(shot(0, [1, 2], [1]), shot(1, [1], [-1]), shot(2, [1], [], Ended.of([2], [1])))
    assert (summary.ended, summary.balls_ended) == (1, 1)
    assert summary._born == {1: 0.0}
    assert summary._flying == set()
    told = summary.to_dict()
    assert [told[key] for key in ("ids", "ended", "ball_ids", "balls_ended")] == [2, 1, 1, 1]
    assert summary.lines(tracked=True)[1] == "2 ids (person 2), 1 ended; longest: id 1, 0.2 s; 2 balls under 1 id"


def test_nothing_is_said_where_nothing_ended():
    summary = summary_of(shot(0, [1]), shot(1, [1]))
    assert summary.lines(tracked=True)[1] == "1 id (person 1); longest: id 1, 0.1 s"


def test_untracked_balls_have_no_ids():
    summary = summary_of(shot(0, [], [-1, -1]))
    assert summary.lines(tracked=False)[1] == "0 objects; 2 balls"
    assert summary.lines(tracked=True)[1] == "0 ids; 2 balls under 0 ids"


def test_the_next_timeline_counts_its_own_ids():
    summary = summary_of(shot(0, [1], [1]))
    summary.new_timeline()
    summary.add(shot(0, [1], [1]))
    assert (summary.to_dict()["ids"], summary.ball_ids) == (2, 2)
