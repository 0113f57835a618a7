"""The words for camera motion."""

from __future__ import annotations

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera import CameraMotionMethod


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("sparseOptFlow", CameraMotionMethod.SPARSE_FLOW),
        ("sparseoptflow", CameraMotionMethod.SPARSE_FLOW),
        ("ORB", CameraMotionMethod.ORB),
        (" ecc ", CameraMotionMethod.ECC),
        ("None", CameraMotionMethod.NONE),
        (None, CameraMotionMethod.NONE),
        (CameraMotionMethod.ORB, CameraMotionMethod.ORB),
    ],
)
def test_words(word, method):
    assert CameraMotionMethod.parse(word) is method


def test_unknown_words_name_those_there_are():
    with pytest.raises(TrackerError) as error:
        CameraMotionMethod.parse("sparseOptFlo")
    assert error.value.what == "gmc_method='sparseOptFlo' is unknown (did you mean 'sparseOptFlow'?)"
    assert error.value.hint == "use sparseOptFlow, orb, ecc or none"
