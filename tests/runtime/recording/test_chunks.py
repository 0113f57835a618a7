import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.recording import Recording, RecordingHeader, RecordingWriter
from numa_runtime.recording.chunks import last_index, pack, unpack
from numa_runtime.results import BallRecords, Detections, Results

counts = st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans())


def frame(index, boxes, balls, camera, *, keypoints, features, seed):
    rng = np.random.default_rng(seed + index)
    looks = rng.standard_normal((boxes, features)).astype(np.float32) if features else None
    found = Detections.of(
        rng.uniform(-9, 999, (boxes, 4)),
        rng.uniform(0, 1, boxes),
        rng.integers(0, 80, boxes),
        rng.uniform(0, 999, (boxes, keypoints, 3)),
        looks,
    )
    return Results(
        orig_shape=(480, 640),
        names={0: "a"},
        detections=found,
        ball_records=BallRecords.of(rng.uniform(0, 99, (balls, 6))),
        previous_balls=BallRecords.of(rng.uniform(0, 99, (balls, 6))),
        frame_index=2 * index,
        timestamp=index / 7,
        padded=camera,
        dropped=balls,
        warp=rng.standard_normal((2, 3)) if camera else None,
    )


def same(one, two):
    np.testing.assert_array_equal(one.detections.rows(), two.detections.rows())
    np.testing.assert_array_equal(one.detections.keypoints, two.detections.keypoints)
    np.testing.assert_array_equal(one.ball_records.rows(), two.ball_records.rows())
    np.testing.assert_array_equal(one.previous_balls.rows(), two.previous_balls.rows())
    if len(one.detections) and one.detections.features is not None:
        np.testing.assert_array_equal(one.detections.features, two.detections.features)
    for name in ("orig_shape", "frame_index", "timestamp", "padded", "dropped"):
        assert getattr(one, name) == getattr(two, name)
    assert (one.warp is None) == (two.warp is None)
    if one.warp is not None:
        np.testing.assert_array_equal(one.warp, two.warp)


@settings(max_examples=40)
@given(
    st.lists(counts, min_size=1, max_size=5),
    st.sampled_from([0, 17]),
    st.sampled_from([0, 8]),
    st.integers(0, 2**32 - 9),
)
def test_what_is_packed_is_unpacked_to_the_last_bit(frames, keypoints, features, seed):
    given_ = [
        frame(index, *what, keypoints=keypoints, features=features, seed=seed) for index, what in enumerate(frames)
    ]
    block = pack(given_)
    found = unpack(block, {0: "a"})
    assert last_index(block) == 2 * (len(frames) - 1)
    for one, two in zip(given_, found, strict=True):
        same(one, two)


def test_balls_keypoints_and_features_go_through_a_file(tmp_path):
    given_ = [frame(index, 3, 2, True, keypoints=17, features=8, seed=5) for index in range(70)]
    writer = RecordingWriter(tmp_path / "m.numa", RecordingHeader(name="m.mp4", width=640, height=480, balls=True))
    for result in given_:
        writer.write(result, b"picture")
    writer.close()
    recording = Recording(tmp_path / "m.numa")
    assert (recording.whole, recording.frame_count, recording.has_features) == (True, 139, True)
    assert (recording.header.balls, recording.header.name) == (True, "m.mp4")
    assert recording.picture(2) == b"picture"
    assert recording.picture(3) == b""
    for one, two in zip(given_, recording, strict=True):
        same(one, two)
