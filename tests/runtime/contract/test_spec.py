from numa_runtime.contract import InputSpec


def test_planes_are_frames_times_channels():
    assert InputSpec(640, 640).planes == 3
    assert InputSpec(640, 640, channels=1, frames=10).planes == 10
