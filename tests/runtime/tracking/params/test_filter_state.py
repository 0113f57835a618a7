"""What the filter holds and which box is reported: words, defaults, and who refuses them."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.config import TrackerName, load_params
from numa_runtime.tracking.objects import BYTETracker
from numa_runtime.tracking.objects.settings import as_namespace, params_of
from numa_runtime.tracking.params.filter_state import BoxOutput, FilterState
from numa_runtime.tracking.tracker import Tracker


def box(x, w=40.0, h=100.0, score=0.9):
    return [x - w / 2, 100 - h / 2, x + w / 2, 100 + h / 2, score, 0.0]


def test_words_are_read_and_others_refused():
    params = load_params("bytetrack", state="XYXY", output="Matched")
    assert (params.state, params.output) == (FilterState.XYXY, BoxOutput.MATCHED)
    with pytest.raises(TrackerError, match="state='xyzz' is unknown"):
        load_params("sort", state="xyzz")
    with pytest.raises(TrackerError, match="output='raw' is unknown"):
        load_params("sort", output="raw")


def test_each_tracker_has_its_own_state():
    states = {str(name): str(load_params(str(name)).filter_state) for name in TrackerName}
    assert states == {
        "bytetrack": "xywh",
        "sort": "xywh",
        "ocsort": "xysr",
        "botsort": "xywh",
        "cbiou": "xywh",
        "hybridsort": "xysr",
        "tracktrack": "xywh",
        "fasttrack": "xywh",
        "boosttrack": "xywh",
    }


def test_classic_is_centre_aspect_height_and_refuses_the_rest():
    assert load_params("bytetrack", compat="classic").filter_state is FilterState.XYAH
    for values in ({"state": "xyxy"}, {"output": "matched"}):
        with pytest.raises(TrackerError, match=f'compat="classic" has no {next(iter(values))}'):
            load_params("bytetrack", compat="classic", **values)


def test_the_class_of_objects_is_centre_aspect_height_and_refuses_the_rest():
    assert params_of(as_namespace({"track_high_thresh": 0.5})).state is FilterState.XYAH
    for values in ({"state": "xysr"}, {"output": "matched"}):
        with pytest.raises(TrackerError, match=f"{next(iter(values))}={next(iter(values.values()))} is not"):
            BYTETracker({"track_high_thresh": 0.5, **values})


@pytest.mark.parametrize("name", list(TrackerName))
@pytest.mark.parametrize("state", list(FilterState))
def test_matched_reports_the_detection_itself_where_filtered_does_not(name, state):
    still = {"gmc_method": "none"} if name == "botsort" else {}
    rng, worst = np.random.default_rng(0), {}
    for output in BoxOutput:
        tracker, off = Tracker(name, state=state, output=output, **still), []
        for step in range(15):
            rows = np.array([box(100 + 3 * step + rng.normal(0, 2)), box(np.nan), box(400, w=60 + rng.normal(0, 2))])
            tracks = tracker.update(rows)
            off.append(np.abs(tracks[:, :4] - rows[tracks[:, 7].astype(int), :4]).max(initial=0.0))
        worst[output] = max(off)
    assert worst[BoxOutput.MATCHED] == 0.0 < worst[BoxOutput.FILTERED]


def test_matched_reports_rotated_boxes_as_the_track_describes_them():
    tracker = Tracker(output="matched")
    for i in range(6):
        w, h, angle = (80.0, 30.0, 0.1) if i % 2 == 0 else (30.0, 80.0, 0.1 + np.pi / 2)
        tracks = tracker.update(np.array([[300.0 + 3 * i, 200.0, w, h, angle, 0.9, 0.0]]))
        np.testing.assert_allclose(tracks[0, :5], [300 + 3 * i, 200, 80, 30, 0.1])


def test_a_width_that_breathes_is_followed_where_the_aspect_is_held():
    """Someone who stretches out to the side: the aspect's filter hardly moves, the width's does."""
    off = {}
    for state in ("xyah", "xywh"):
        tracker = Tracker(state=state)
        for step in range(12):
            tracks = tracker.update(np.array([box(200, w=40 + 6 * step)]))
        off[state] = abs(tracks[0, 2] - tracks[0, 0] - (40 + 6 * 11))
    assert off["xywh"] < 0.25 * off["xyah"]
