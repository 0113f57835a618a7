import pytest

from numa_runtime.contract import InputSpec, Layout, Task


@pytest.mark.parametrize(("task", "keypoints"), [("detect", False), ("pose", True), ("multitask", True)])
def test_tasks_know_whether_they_have_keypoints(task, keypoints):
    assert Task(task).has_keypoints is keypoints


def test_ours_and_foreign_layouts():
    assert [layout.value for layout in Layout if layout.is_ours] == ["candidates", "final", "multitask"]


def test_planes_are_frames_times_channels():
    assert InputSpec(640, 640).planes == 3
    assert InputSpec(640, 640, channels=1, frames=10).planes == 10
