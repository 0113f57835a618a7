import json
from dataclasses import replace

from explain_scenes import box, record, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.explain import Recorder
from numa_runtime.explain.course import Kind
from numa_runtime.tracking.tracker import Tracker


def test_reasons_are_counted():
    frames = [[box(100), box(300)]] * 5 + [[box(100, score=0.07), box(300)]] + [[box(100), box(300)]] * 3
    frames += [[box(300), box(600)]]
    overview = record([*frames, []]).overview()
    assert overview.losses == {"score below track_low_thresh 0.1": 1, "nothing was detected there": 2}
    assert overview.drops == {"nothing was detected there": 1}
    assert (overview.now.ids, overview.never_shown, overview.doubles) == (2, 1, 0)
    lines = overview.lines()
    assert lines[0] == "2 ids shown in 18 boxes; 1 more never shown; 0 doubles removed"
    assert "     1  score below track_low_thresh 0.1" in lines


def test_doubles_are_counted():
    frames = [[box(100)]] * 5 + [[], [box(102, score=0.3)], []]
    assert record(frames, match_thresh=0.5).overview().doubles == 1


def test_ids_that_are_probably_one_are_named():
    overview = record([[box(100)]] * 5 + [[box(127)]] * 3).overview()
    assert "probably one object under two ids (and the frames between): 1 -> 2 (1)" in overview.lines()


def test_what_the_tracker_refuses_is_not_tried():
    overview = record([[box(100)]] * 3, track_high_thresh=0.12).overview()
    assert all(change.new > 0.1 for change, _ in overview.changes if change.name == "track_high_thresh")
    assert not any(change.name == "track_buffer" for change, _ in record([[]], track_buffer_s=1.0).overview().changes)


def test_nothing_at_all():
    overview = record([[], []]).overview()
    assert overview.lines()[0] == "0 ids shown in 0 boxes; 0 more never shown; 0 doubles removed"


def test_what_changes_nothing_takes_one_line():
    lines = record([[box(100)]] * 3).overview().lines()
    assert lines[-2].startswith("  no effect: match_thresh=0.7, match_thresh=0.9, second_match_thresh=0.7")
    assert lines[-3].split() == ["as", "it", "is", "1", "3", "0"]


def test_files(tmp_path):
    overview = record([[box(100)]] * 3).overview()
    folder = overview.save(tmp_path / "explain-all")
    assert str(overview) in (folder / "explain.md").read_text()
    assert json.loads((folder / "explain.json").read_text()) == overview.to_dict()


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 10_000))
def test_counts_are_those_of_the_lives_and_of_the_runs(seed):
    recorder = Recorder(Tracker(track_buffer=6, ids="born"))
    for frame in walk(seed, frames=25, objects=6):
        recorder.update(frame)
    overview = recorder.overview()
    lives = [recorder.explain(track_id) for track_id in range(1, recorder.born + 1)]
    ends = [event.text for life in lives for event in life.events if event.kind is Kind.ENDED]
    assert overview.losses.total() == sum(event.kind is Kind.LOST for life in lives for event in life.events)
    assert overview.doubles == sum("Removed as a double" in text for text in ends)
    assert overview.drops.total() == sum("Dropped before" in text for text in ends)
    assert overview.now.ids + overview.never_shown == recorder.born
    for change, told in overview.changes:
        tracker = Tracker(replace(recorder.params, **{change.name: change.new}))
        rows = [tracker.update(moment.detections) for moment in recorder.moments]
        assert (told.boxes, told.ids) == (sum(map(len, rows)), len({i for r in rows for i in r[:, 4]}))


def test_thresholds_that_the_scores_propose_are_tried():
    frames = [[box(100 * row, score=0.8 if row % 2 else 0.3) for row in range(12)] for _ in range(50)]
    overview = record(frames).overview()
    values, then = overview.proposed
    assert values == {"track_high_thresh": 0.54, "new_track_thresh": 0.63, "match_thresh": 0.9}
    assert (overview.now.ids, then.ids) == (12, 6)  # doubts start no track any more
    lines = overview.lines()
    at = lines.index("  auto: track_high_thresh=0.54, new_track_thresh=0.63, match_thresh=0.9")
    assert lines[at - 1].split() == ["--thresholds", "auto", "(below)", "6", "300", "0"]
    assert overview.to_dict()["auto"]["ids"] == 6
    assert record(frames, **values).overview().proposed is None  # they are set already
    assert record(frames[:3]).overview().proposed is None  # too few boxes
