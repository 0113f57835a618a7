from __future__ import annotations

from clips import numbered_frame

from numa_runtime.sources.seen import Seen, Sight, checksum


def seen(times: list[int | None], keys: set[int], stride: int = 1) -> Seen:
    record = Seen(stride)
    for index, pts in enumerate(times):
        record.add(pts, key=index in keys)
        if index % stride == 0:
            record.add_picture(numbered_frame(index))
    return record


def test_a_frame_is_known_by_time_and_picture_and_found_from_key_frames() -> None:
    record = seen(list(range(0, 1000, 10)), {0, 20, 40, 60, 80})
    assert record.sight(83) == Sight(83, 830, checksum(numbered_frame(83)), (800, 760, 600, 200))
    assert record.sight(59).seeks == (400, 360, 200)
    assert record.sight(19).seeks == ()  # the beginning is as near
    assert len(record) == 100


def test_what_was_not_given_has_no_picture_and_is_not_sought() -> None:
    record = seen(list(range(0, 300, 10)), {0, 10, 20}, stride=3)
    assert record.sight(25) == Sight(25, 250)
    assert record.sight(24) == Sight(24, 240, checksum(numbered_frame(24)), (200, 160, 100))
    assert record.sight(1000) == Sight(1000)


def test_times_in_any_order_will_do_while_each_is_another() -> None:
    record = seen([1, 4, 3, 2, 5, 8, 7, 6], {0, 4})
    assert record.sight(6).pts == 7
    record.add(7, key=False)
    assert (record.sight(6).pts, record.sight(6).seeks) == (None, ())
    assert seen([1, None, 3], {0}).sight(2).pts is None


def test_every_object_of_sixteen_lines_changes_the_checksum() -> None:
    image = numbered_frame(3)
    for top in range(0, 32):
        other = image.copy()
        other[top : top + 16, 5] += 1
        assert checksum(other) != checksum(image)
