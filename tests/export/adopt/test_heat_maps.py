import json
import logging

import numpy as np
import onnx
import pytest
import tiny_balls
import tiny_onnx
from onnx import helper
from tiny_balls import HEIGHT, WIDTH

from numa_export.adopt import adopt
from numa_runtime.contract import Anchor, Color, Layout, Task
from numa_runtime.errors import ContractError, ModelError, UsageError
from numa_runtime.golden import check_session
from numa_runtime.pipeline.model import FrameInfo, Model
from numa_runtime.sessions import load

NETWORKS = {
    "tracknetv2": ({}, "tracknet", (3, 3, False)),
    "tracknetv3": ({"frames": 8, "background": True}, "tracknet", (8, 3, True)),
    "tracknetv4": ({"motion": True}, "tracknetv4", (3, 3, False)),
    "wasb": ({"logits": True, "normalised": True}, "wasb", (3, 3, False)),
    "vballnet": ({"frames": 9, "channels": 1}, "vballnet", (9, 1, False)),
    "fifteen-grey": ({"frames": 15, "channels": 1, "logits": True}, "tracknet", (15, 1, False)),
    "grey-background": ({"frames": 5, "channels": 1, "background": True}, "tracknet", (5, 1, True)),
    "half-size-maps": ({"scale": 2}, "tracknet", (3, 3, False)),
    "batch-of-2": ({"batch": 2}, "tracknet", (3, 3, False)),
    "frames-axis": ({"frames": 5, "axes": "frames"}, "tracknet", (5, 3, False)),
    "channels-axis": ({"frames": 5, "axes": "channels"}, "tracknet", (5, 3, False)),
    "opset17": ({"opset": 17}, "tracknet", (3, 3, False)),
}


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR, "numa_runtime")


def write(tmp_path, **words):
    return tiny_onnx.save(tiny_balls.stacked(**words), tmp_path / "net.onnx")


def adopted(tmp_path, family="tracknet", more=None, **words):
    return adopt(write(tmp_path, **words), family, images=tiny_onnx.photographs(2), **(more or {}))


def refusal(error):
    return f"{error.value.what} | {error.value.hint}"


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_is_adopted_and_finds_the_ball(network, tmp_path):
    words, family, (frames, channels, background) = NETWORKS[network]
    report = adopted(tmp_path, family, **words)
    spec = report.spec
    assert report.parity.passed
    assert (spec.task, spec.layout, spec.names, spec.ball_names) == (Task.MULTITASK, Layout.MULTITASK, (), ("ball",))
    assert (spec.input.frames, spec.input.channels, spec.input.background) == (frames, channels, background)
    assert spec.groups == frames
    assert (spec.outputs[0].name, spec.outputs[0].shape[1:]) == ("balls", (frames, 5, 6))
    film, places = tiny_balls.film(18)
    with load(report.path, device="cpu") as session:
        assert check_session(session).passed
        if words.get("batch") == 2:
            return  # a model runs frame by frame: batches are for `session.run`
        model = Model(session)
        model.start()
        for number, (frame, place) in enumerate(zip(film, places, strict=True)):
            found = model(frame, FrameInfo(index=number)).ball_records
            if number < frames and background:
                continue  # the background is learned as the video goes on
            assert len(found.xy) >= 1, number
            assert np.hypot(*(found.xy[0] - place)) < (1.0 if words.get("scale") else 0.6), number


def test_places_are_exact_to_a_fraction_of_a_pixel(tmp_path):
    report = adopted(tmp_path)
    with load(report.path, device="cpu") as session:
        model = Model(session)
        for dx in (0.0, 0.25, 0.5, 0.75):
            film, places = tiny_balls.film(4, start=(40.0 + dx, 31.0 - dx), step=(5.0, 1.0))
            model.start()
            found = [model(frame).ball_records.xy[0] for frame in film]
            assert np.abs(np.array(found) - places).max() < 0.2


def test_a_ball_at_the_edge_and_two_balls_at_once(tmp_path):
    report = adopted(tmp_path)
    (one,), (edge,) = tiny_balls.film(1, start=(3.0, 60.0))
    (two,), (middle,) = tiny_balls.film(1, start=(90.0, 20.0))
    both = np.maximum(one, two)
    with load(report.path, device="cpu") as session:
        model = Model(session)
        found = model(both).ball_records
    assert len(found.xy) == 2
    order = np.argsort(found.xy[:, 0])
    assert np.abs(found.xy[order[0]] - edge).max() < 1.5
    assert np.abs(found.xy[order[1]] - middle).max() < 0.2


def test_next_is_the_following_map_s_ball_and_unknown_for_the_newest(tmp_path):
    report = adopted(tmp_path, frames=5, channels=1)
    film, places = tiny_balls.film(5)
    clip = np.stack([cv_grey(frame) for frame in film])[None]
    with load(report.path, device="cpu") as session:
        balls = session.run(clip)["balls"][0]
        result = None
        model = Model(session)
        for frame in film:
            result = model(frame)
    np.testing.assert_allclose(balls[:, 0, :2], places, atol=0.3)
    np.testing.assert_array_equal(balls[:-1, 0, 2:4], balls[1:, 0, :2])
    np.testing.assert_array_equal(balls[-1, 0, 2:4], balls[-1, 0, :2])
    assert np.isnan(result.ball_records.next_xy[0]).all()
    np.testing.assert_allclose(result.previous_balls.next_xy[0], places[-1], atol=0.3)
    assert not balls[:, 1:, 4].any() or balls[:, 1:, 4].max() < 0.25


def cv_grey(frame):
    import cv2

    return cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)


def test_an_empty_picture_has_no_ball(tmp_path):
    report = adopted(tmp_path)
    with load(report.path, device="cpu") as session:
        assert len(Model(session)(np.full((HEIGHT, WIDTH, 3), 90, np.uint8)).ball_records.xy) == 0


def test_how_pixels_are_prepared_is_the_family_s(tmp_path):
    tracknet = adopted(tmp_path).reading.input
    assert (tracknet.color, tracknet.letterbox.anchor, tracknet.mean) == (Color.RGB, Anchor.STRETCH, ())
    wasb = adopted(tmp_path, "wasb", logits=True, normalised=True)
    assert (wasb.reading.input.letterbox.anchor, wasb.reading.input.letterbox.pad_value) == (Anchor.CENTER, 0)
    assert wasb.reading.input.mean == tiny_balls.MEAN
    assert wasb.reading.layout is Layout.HEAT_MAP_LOGITS
    assert wasb.spec.thresholds.conf == 0.5
    assert "heat-map-logits: 3 frames, rgb float32" in "\n".join(wasb.lines())
    assert "tracknet multitask" not in wasb.lines()[0]
    assert "9x64x128 uint8 -> balls" in "\n".join(wasb.lines())
    assert json.loads(json.dumps(wasb.to_dict()))["source_layout"] == "heat-map-logits"


def test_the_finest_of_several_maps_is_taken(tmp_path):
    model = tiny_balls.stacked(logits=True)
    pool = helper.make_node("MaxPool", ["heat"], ["coarse"], name="pool", kernel_shape=[2, 2], strides=[2, 2])
    model.graph.node.append(pool)
    coarse = helper.make_tensor_value_info("coarse", onnx.TensorProto.FLOAT, ["N", 3, HEIGHT // 2, WIDTH // 2])
    model.graph.output.insert(0, coarse)
    report = adopt(tiny_onnx.save(model, tmp_path / "net.onnx"), "tracknet", images=tiny_onnx.photographs(1))
    assert report.reading.outputs[0].shape == ("N", 3, HEIGHT, WIDTH)


def test_the_number_of_maps_tells_nine_grey_frames_from_three_of_colour(tmp_path):
    assert adopted(tmp_path).spec.input.frames == 3
    assert adopted(tmp_path, frames=9, channels=1).spec.input.frames == 9


def test_open_planes_are_asked_for_and_then_found(tmp_path):
    path = write(tmp_path, open_planes=True, background=True, frames=4)
    with pytest.raises(ModelError) as error:
        adopt(path, "tracknet", images=tiny_onnx.photographs(1))
    assert "how many frames it wants is not known" in error.value.what
    assert error.value.hint.endswith("net.onnx --family tracknet --frames 3")
    spec = adopt(path, "tracknet", images=tiny_onnx.photographs(1), frames=4).spec
    assert (spec.input.frames, spec.input.channels, spec.input.background) == (4, 3, True)
    with pytest.raises(ModelError, match="runs as a network of 7 frames with none of 7, 8, 21, 24 planes"):
        adopt(path, "tracknet", images=tiny_onnx.photographs(1), frames=7)


def test_wrong_words_are_refused(tmp_path):
    path = write(tmp_path)
    with pytest.raises(UsageError, match=r"--frames 9: net\.onnx gives 3 maps, so it takes 3 colour frames"):
        adopt(path, "tracknet", images=tiny_onnx.photographs(1), frames=9)
    with pytest.raises(UsageError, match="2 names were given; a heat-map network knows one thing, the ball"):
        adopt(path, "tracknet", images=tiny_onnx.photographs(1), names=("ball", "racket"))
    with pytest.raises(UsageError, match="files of the yolox family take single images, not clips of 3 frames"):
        adopt(
            tiny_onnx.save(tiny_onnx.yolox(), tmp_path / "x.onnx"), "yolox", images=tiny_onnx.photographs(1), frames=3
        )
    assert adopt(path, "tracknet", images=tiny_onnx.photographs(1), names=("puck",)).spec.ball_names == ("puck",)


def test_files_that_are_no_heat_map_networks_are_refused(tmp_path):
    def fails(model, match):
        path = tiny_onnx.save(model, tmp_path / "net.onnx")
        with pytest.raises(ModelError) as error:
            adopt(path, "tracknet", images=tiny_onnx.photographs(1))
        assert match in refusal(error)

    one_map = tiny_balls.stacked()
    one_map.graph.node[-1].op_type = "ReduceMax"
    one_map.graph.node[-1].attribute.extend([helper.make_attribute("axes", [1]), helper.make_attribute("keepdims", 1)])
    one_map.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 1
    fails(
        one_map,
        "takes 9 planes (2 colour frames and their background or 3 colour frames or 8 grey frames and their background",
    )
    fails(tiny_balls.stacked(frames=4, scale=16), "of at least 1/8 of the input's size, is needed")
    hot = tiny_balls.stacked()
    hot.graph.node[-1].op_type = "Mul"
    hot.graph.node[-1].input.append("c2")
    fails(hot, "and never go below 0: neither probabilities nor logits")
    fails(tiny_onnx.yolox(), "net.onnx takes 3 planes")
    turned = tiny_balls.stacked(size=(HEIGHT, 96))
    dims = turned.graph.input[0].type.tensor_type.shape.dim
    for dim, value in zip(dims[1:], (HEIGHT, 96, 9), strict=True):
        dim.dim_value = value
    fails(turned, "has the channels last")
    memory = tiny_balls.stacked()
    memory.graph.input.append(helper.make_tensor_value_info("h0", onnx.TensorProto.FLOAT, [1, 8]))
    fails(memory, "networks that keep a memory from clip to clip are not read")


def test_an_open_size_is_asked_for(tmp_path):
    model = tiny_balls.stacked()
    for value in (model.graph.input[0], model.graph.output[0]):
        for axis, word in ((2, "h"), (3, "w")):
            value.type.tensor_type.shape.dim[axis].dim_param = word
    path = tiny_onnx.save(model, tmp_path / "net.onnx")
    with pytest.raises(ModelError, match="the file takes any input size") as error:
        adopt(path, "tracknet", images=tiny_onnx.photographs(1))
    assert error.value.hint.endswith("--imgsz 288 512")
    spec = adopt(path, "tracknet", images=tiny_onnx.photographs(1), imgsz=(64, 96)).spec
    assert (spec.input.height, spec.input.width) == (64, 96)


def test_a_file_without_contract_names_the_command(tmp_path):
    path = write(tmp_path, frames=9, channels=1)
    with pytest.raises(ContractError) as error:
        load(path, device="cpu")
    assert error.value.hint == f"numa-deploy adopt {path} --family tracknet"
    path = write(tmp_path, frames=5, axes="frames")
    with pytest.raises(ContractError) as error:
        load(path, device="cpu")
    assert error.value.hint == f"numa-deploy adopt {path} --family tracknet"
