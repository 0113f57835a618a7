"""What a result is turned into: pictures, crops, label files, tables, words."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from numa_runtime.errors import NumaError, SinkError, UsageError
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.vision.draw import paint

NAMES = {0: "person", 1: "../cup: a|b"}
POINTS = np.array([[[20, 50, 0.9]], [[200, 100, 1]]])
FOUND = Detections.of([[20, 10, 60, 30], [0, 0, 200, 100]], [0.75, 0.5], [0, 1], POINTS)
FRAME = np.arange(100 * 200 * 3, dtype=np.uint8).reshape(100, 200, 3)


def result(detections=FOUND, **more):
    return Results((100, 200), NAMES, detections, **{"orig_img": FRAME, "painter": paint, **more})


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "index", "name"),
    [
        ("/photos/bus.jpg", 0, "results_bus.jpg"),
        ("/photos/bus.png", 3, "results_bus.png"),
        ("match.mp4", 11, "results_match_12.jpg"),
        ("rtsp://me:secret@camera.local:554/live?token=1", 0, "results_live_1.jpg"),
        ("rtsp://me:secret@camera.local:554", 0, "results_camera_1.jpg"),
        ("", 0, "results_frame_1.jpg"),
    ],
)
def test_save_names_the_picture_after_its_source(here, path, index, name):
    assert result(path=path, frame_index=index).save() == name
    assert [file.name for file in here.iterdir()] == [name]


def test_save_takes_the_words_of_plot(here):
    import cv2

    assert (
        cv2.imread(result().save("plain.png", labels=False, conf=False, boxes=False, keypoints=False)) == FRAME
    ).all()


def test_the_source_is_not_overwritten(here):
    import cv2

    cv2.imwrite("bus.png", FRAME)
    before = (here / "bus.png").read_bytes()
    with pytest.raises(SinkError, match=r"bus\.png is the picture itself: it would be overwritten"):
        result(path=str(here / "bus.png")).save("bus.png")
    assert (here / "bus.png").read_bytes() == before


def test_a_format_that_cannot_be_written_is_named(here):
    with pytest.raises(SinkError, match=r"OpenCV cannot write .xyz pictures") as error:
        result().save("a.xyz")
    assert error.value.hint == "name it .jpg or .png"
    assert not list(here.iterdir())


def test_plot_draws_on_another_picture_of_the_same_size():
    blank = np.zeros_like(FRAME)
    image = result(orig_img=None).plot(img=blank)
    assert image.any()
    assert not blank.any()
    with pytest.raises(UsageError, match=r"img is uint8 of shape \(50, 100, 3\), but these results are of 200x100 px"):
        result().plot(img=FRAME[::2, ::2])


def test_plot_saves_and_gives_pil(here):
    pytest.importorskip("PIL")
    picture = result().plot(pil=True, save=True, filename="a.png")
    assert picture.size == (200, 100)
    assert np.array_equal(np.asarray(picture)[..., ::-1], result().plot())
    assert (here / "a.png").is_file()


def test_plot_without_pillow_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(NumaError, match="needs the package Pillow") as error:
        result().plot(pil=True)
    assert error.value.hint == "pip install pillow"


def test_no_window_without_a_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if sys.platform == "linux":
        for show in (result().show, lambda: result().plot(show=True)):
            with pytest.raises(SinkError, match=r"show\(\) needs a display"):
                show()


def test_save_txt_adds_lines_as_users_know_them(tmp_path):
    target = tmp_path / "deep" / "a.txt"
    assert result(FOUND.with_ids([7, -1])).save_txt(target, save_conf=True) == str(target)
    result(Detections.empty(1)).save_txt(target)
    result(FOUND.select(0)).save_txt(target)
    assert target.read_text().splitlines() == [
        "0 0.2 0.2 0.2 0.2 0.1 0.5 0.9 0.75 7",
        "1 0.5 0.5 1 1 1 1 1 0.5",
        "0 0.2 0.2 0.2 0.2 0.1 0.5 0.9",
    ]
    result(Detections.empty(1)).save_txt(tmp_path / "nothing.txt")
    assert not (tmp_path / "nothing.txt").exists()
    with pytest.raises(SinkError, match="a file is in the way"):
        result().save_txt(target / "b.txt")


def test_crops_are_what_lies_in_the_boxes(tmp_path):
    import cv2

    first, second = result(path="bus.png").save_crop(tmp_path / "crops")
    assert first.relative_to(tmp_path).as_posix() == "crops/person/bus.png"
    assert second.parent.parent == tmp_path / "crops", "a class's name does not lead out of the folder"
    assert (cv2.imread(str(first)) == FRAME[10:30, 20:60]).all()
    assert (cv2.imread(str(second)) == FRAME).all()


def test_crops_never_overwrite_and_are_never_empty(tmp_path, caplog):
    boxes = [[-20, -5, 10.2, 8.5], [195, 90, 300, 200], [250, 10, 260, 20], [5, 5, 5, 9], [np.nan, 0, 5, 5]]
    found = Detections.of(boxes, np.ones(5), np.zeros(5))
    for _ in range(3):
        result(found).save_crop(tmp_path, file_name="im.jpg")
    names = {path.name for path in (tmp_path / "person").iterdir()}
    assert names == {"im.jpg", *(f"im-{number}.jpg" for number in range(2, 7))}
    assert all(path.stat().st_size for path in (tmp_path / "person").iterdir())
    assert caplog.messages[0] == "3 of 5 boxes lie outside of the frame: they have no crop"


def test_crops_of_a_video_have_the_frames_number(tmp_path):
    (only,) = result(FOUND.select(0), path="match.mp4", frame_index=11).save_crop(tmp_path)
    assert only.name == "match_12.jpg"


def test_tables_have_the_same_columns_always():
    columns = "name,class,confidence,x1,y1,x2,y2,track_id,kpt0_x,kpt0_y,kpt0_visible"
    rows = result(FOUND.with_ids([7, -1])).to_csv(decimals=2).splitlines()
    assert rows == [
        columns,
        "person,0,0.75,20.0,10.0,60.0,30.0,7,20.0,50.0,0.9",
        "../cup: a|b,1,0.5,0.0,0.0,200.0,100.0,-1,200.0,100.0,1.0",
    ]
    assert result(Detections.empty(1)).to_csv() == columns + "\n"
    assert result().to_csv(normalize=True).splitlines()[1].startswith("person,0,0.75,0.1,0.1,0.3,0.3,-1,")


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_frame_of_the_package_there_is(monkeypatch, package):
    for name in ("pandas", "polars"):
        fake = types.SimpleNamespace(DataFrame=lambda data, name=name: (name, data)) if name == package else None
        monkeypatch.setitem(sys.modules, name, fake)
    made_by, data = result().to_df()
    assert made_by == package
    assert data["name"] == ["person", "../cup: a|b"]
    assert data["track_id"] == [-1, -1]
    assert result(Detections.empty()).to_df()[1]["x1"] == []


def test_no_package_for_frames_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(
        NumaError, match=r"to_df\(\) needs the package pandas or polars, and neither is installed"
    ) as no:
        result().to_df()
    assert no.value.hint == "pip install pandas, or without it: to_csv(), to_json()"


def test_print_shows_a_screenful():
    many = Detections.of(np.tile([1, 2, 3, 4], (300, 1)), np.ones(300), np.zeros(300)).with_ids(np.arange(300))
    names = {number: f"class {number}" for number in range(1000)} | {0: "a\x1b[31mred\n" * 20}
    shown = result(many, path="/a/ma\ttch.mp4", frame_index=3, timestamp=0.12, speed={"inference": 3.14}).new(
        names=names
    )
    lines = str(shown).splitlines()
    assert lines[0].startswith("ma\\ttch.mp4, frame 3 at 0.12 s, 200x100 px: 300 a\\x1b[31mred\\n")
    assert lines[-1] == "  inference 3.1 ms"
    assert len(lines) < 24
    assert max(map(len, lines)) <= 120
    assert str(shown).isprintable() or {c for c in str(shown) if not c.isprintable()} == {"\n"}
    nothing = str(result(Detections.empty(), ball_records=BallRecords.of([[1, 2, 3, 4, 0.5, 0]])))
    assert nothing == "a frame, frame 0 at 0.00 s, 200x100 px: 1 ball"
