"""`args` of every kind."""

import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import ByteTrackParams
from numa_runtime.tracking.objects.settings import as_namespace, params_of

SIX = {
    "track_high_thresh": 0.5,
    "track_low_thresh": 0.2,
    "new_track_thresh": 0.6,
    "track_buffer": 20,
    "match_thresh": 0.7,
    "fuse_score": False,
}


def test_namespaces_dicts_parameters_names_and_yaml_are_one(tmp_path):
    yaml = tmp_path / "mine.yaml"
    yaml.write_text("tracker_type: bytetrack\n" + "".join(f"{k}: {v}\n" for k, v in SIX.items()))
    expected = ByteTrackParams(**SIX)
    for args in (SimpleNamespace(**SIX, tracker_type="bytetrack", gmc_method="none"), SIX, expected, yaml, str(yaml)):
        assert params_of(as_namespace(args)) == replace(expected, ids="born", state="xyah")
    assert (
        params_of(as_namespace("bytetrack")) == params_of(as_namespace({})) == ByteTrackParams(ids="born", state="xyah")
    )


def test_other_objects_and_bad_values_are_refused():
    for wrong in (None, 7, SimpleNamespace(colour=1)):
        with pytest.raises(TrackerError, match="hold none of the tracker's parameters"):
            params_of(as_namespace(wrong))
    with pytest.raises(TrackerError, match="match_thresh=7 is not a number from 0 to 1"):
        params_of(as_namespace({"match_thresh": 7}))


def test_another_trackers_parameters_are_refused():
    for other in ("ocsort", "botsort.yaml"):
        with pytest.raises(TrackerError, match="BYTETracker is bytetrack; it cannot be"):
            params_of(as_namespace(other))


def test_a_misspelt_name_is_warned_about(caplog):
    with caplog.at_level(logging.WARNING):
        params_of(as_namespace({**SIX, "match_tresh": 0.5, "colour": 1}))
    assert "the tracker has no parameter 'match_tresh' (did you mean 'match_thresh'?)" in caplog.text
    assert "colour" not in caplog.text
