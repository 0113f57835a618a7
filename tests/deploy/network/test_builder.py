import logging

import pytest
import torch
import yaml
from foreign_files import predecessor

from numa_deploy.network.builder import build, read
from numa_deploy.network.config.names import FAMILIES, SCALES, SINGLE, find_config, known_names, split_scale
from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.info import info
from numa_deploy.network.model import Network
from numa_runtime.contract import Color, Layout, Task
from numa_runtime.contract.coco import COCO_NAMES
from numa_runtime.errors import ModelError, UsageError

# Public figures: the comment lines of the families' own configurations and model cards.
PARAMETERS = {
    "yolov8n": 3_157_200,
    "yolov8s": 11_166_560,
    "yolov8m": 25_902_640,
    "yolov8l": 43_691_520,
    "yolov8x": 68_229_648,
    "yolov8n-pose": 3_295_470,
    "yolo11n": 2_624_080,
    "yolo11s": 9_458_752,
    "yolo11m": 20_114_688,
    "yolo11l": 25_372_160,
    "yolo11x": 56_966_176,
}


def _count(name: str) -> int:
    with torch.device("meta"):
        return sum(weight.numel() for weight in Network(build_config(name)).parameters())


def build_config(name: str) -> NetworkConfig:
    return read(name)


@pytest.mark.parametrize(("name", "count"), PARAMETERS.items())
def test_parameters_equal_the_public_figures(name, count):
    assert _count(name) == count


def test_operations_equal_the_public_figures():
    assert info(build("yolov8n")).gflops == pytest.approx(8.7, abs=0.1)
    assert info(build("yolo11n")).gflops == pytest.approx(6.5, abs=0.1)


def test_the_grouped_track_head_of_the_predecessor_has_the_known_size_and_cost():
    path, scale = find_config("multitask-n")
    plain = yaml.safe_load(path.read_text())
    assert scale == next(iter(plain["scales"])) == "n"
    rows = {row.block: row for row in info(build(predecessor(plain))).rows}
    assert rows["track"].parameters == pytest.approx(1.83e6, rel=0.005)
    assert rows["track"].gflops / 2 == pytest.approx(4.17, abs=0.01)


def test_info_has_a_line_for_the_trunk_each_head_and_the_sum():
    report = info(build("multitask-n"), 320, 320)
    text = report.table()
    assert [line.split()[0] for line in text.splitlines()[-4:-1]] == ["trunk", "22", "24"]
    assert text.splitlines()[-1].startswith("multitask-n: ")
    plain = report.to_dict()
    assert set(plain["parts"]) == {"trunk", "pose", "track"}
    assert sum(part["parameters"] for part in plain["parts"].values()) == plain["parameters"]


def test_every_family_and_scale_has_a_name_and_a_configuration():
    assert len(known_names()) == len(FAMILIES) * len(SCALES) + len(SINGLE)
    assert {"multitask-n", "yolov8n-pose", "yolo11x"} <= set(known_names())
    for name in known_names():
        path, scale = find_config(f"{name}.yaml")
        assert path.is_file()
        assert scale in SCALES


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("yolov8n", ("yolov8", "n")),
        ("yolov8-n", ("yolov8", "n")),
        ("yolo11s-pose", ("yolo11-pose", "s")),
        ("yolo11-s-pose", ("yolo11-pose", "s")),
        ("multitask-x", ("multitask", "x")),
        ("multitask", ("multitask", "")),
        ("yolov8-pose", ("yolov8-pose", "")),
    ],
)
def test_names_split_into_family_and_scale(stem, parts):
    assert split_scale(stem) == parts


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(UsageError, match=r"no network 'yolov8b'.*did you mean 'yolov8"):
        build("yolov8b.yaml")
    with pytest.raises(UsageError, match="did you mean 'multitask-n'"):
        build("multitaks-n")
    with pytest.raises(UsageError, match=r"no network configuration nowhere/net.yaml"):
        build("nowhere/net.yaml")


def test_a_name_without_scale_takes_the_first_and_says_so(caplog):
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert read("yolov8").scale.width == 0.25
    assert "yolov8 has no scale in its name; n is taken" in caplog.text


def test_the_contract_of_each_task():
    multi = build("multitask-n.yaml").spec
    assert (multi.task, multi.layout, multi.groups, multi.stride) == (Task.MULTITASK, Layout.MULTITASK, 10, 32)
    assert (multi.input.frames, multi.input.channels, multi.input.color) == (10, 1, Color.GRAY)
    assert (multi.names, multi.ball_names, multi.keypoint_shape) == (("player",), ("ball",), (17, 3))
    assert [out.name for out in multi.outputs] == ["boxes", "scores", "keypoints", "balls"]
    detect = build("yolov8n").spec
    assert (detect.names, detect.layout, detect.name) == (COCO_NAMES, Layout.CANDIDATES, "yolov8n")
    assert build("yolov8n-pose").spec.names == ("person",)


def test_classes_by_number_and_by_name():
    assert build("yolov8n", nc=3).spec.names == ("class0", "class1", "class2")
    assert build("yolov8n", names=["cat", "dog"]).detect_head.nc == 2
    with pytest.raises(ModelError, match="nc is 3, but there are 2 names: cat, dog"):
        build("yolov8n", nc=3, names=["cat", "dog"])
    with pytest.raises(ModelError, match="nc is 0"):
        build("yolov8n", nc=0)


def test_a_head_can_be_left_away_and_the_other_keeps_its_name():
    track, pose = build("multitask-n", pose=False), build("multitask-n", track=False)
    assert track.pose_head is None
    assert (track.spec.names, track.spec.keypoint_shape, track.spec.groups) == ((), None, 10)
    assert [out.name for out in track.spec.outputs] == ["balls"]
    assert any(name.startswith("model.23.") for name in track.state_dict())
    assert pose.track_head is None
    assert (pose.spec.groups, pose.spec.ball_names) == (0, ())
    with pytest.raises(ModelError, match="no head left"):
        build("multitask-n", track=False, pose=False)


def test_what_only_a_missing_head_reads_is_missing_too():
    network = build("multitask-p")
    pose, track = build("multitask-p", track=False), build("multitask-p", pose=False)
    assert {"20", "21"}.isdisjoint(pose.model)
    assert set(track.model) == {"20", "21"}
    assert (pose.spec.stride, track.spec.stride) == (32, 8)
    assert {"20", "21"}.isdisjoint(network.deploy(track=False).model)
    assert set(network.deploy(pose=False).model) == {"20"}


def test_the_same_seed_gives_the_same_weights_and_leaves_the_callers_random_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, again, other = build("yolov8n"), build("yolov8n"), build("yolov8n", seed=1)
    assert torch.rand(1) == expected
    weights = [net.state_dict()["model.0.conv.weight"] for net in (first, again, other)]
    assert weights[0].equal(weights[1])
    assert not weights[0].equal(weights[2])


def test_an_untrained_network_finds_nothing():
    net = build("multitask-n")
    found = net.infer(net.example_input(64, 64))
    assert found["scores"].max() < 0.1
    assert found["balls"][..., 4].max() < 0.1


@pytest.fixture
def tiny():
    return {
        "task": "multitask",
        "nc": 1,
        "names": ["player"],
        "kpt_shape": [5, 3],
        "input": {"frames": 2, "channels": 1, "color": "gray"},
        "backbone": [[-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]]],
        "head": [
            [-1, 1, "Conv", [24, 3, 2]],
            [[2, 3], 1, "PoseHead", {}],
            [[2, 3], 1, "TrackHead", {"num_groups": 2, "reg_max": 6}],
        ],
    }


def test_a_dict_and_a_file_build_the_same(tiny, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(tiny))
    a, b = build(tiny), build(path)
    assert a.state_dict().keys() == b.state_dict().keys()
    assert b.spec.name == "mine"
    assert a.track_head.strides == (8, 16)
    assert NetworkConfig.from_dict(b.config.to_dict()) == b.config


def test_others_words_for_blocks_are_understood(tiny):
    tiny = {key: tiny[key] for key in ("backbone",)} | {
        "nc": 4,
        "head": [[-1, 1, "nn.Upsample", ["None", 2, "nearest"]], [[-1], 1, "Detect", ["nc"]]],
    }
    net = build(tiny)
    assert net.spec.task is Task.DETECT
    assert net.detect_head.strides == (4,)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"bakbone": []}, "key 'bakbone', which no network has .did you mean 'backbone'"),
        ({"task": "pos"}, "task 'pos'.*did you mean 'pose'"),
        ({"backbone": None}, "needs 'backbone', a list of"),
        ({"nc": 0}, "nc is 0; it must be a whole number"),
        ({"kpt_shape": [5, 4]}, r"kpt_shape is \[5, 4\]"),
        ({"head": [[-1, 1, "TrackHed", {}]]}, "layer 3 is a 'TrackHed'.*did you mean 'TrackHead'"),
        ({"head": [[7, 1, "Conv", [8]]]}, "reads layer 7, which does not come before it"),
        ({"head": [[-1, 1, "Conv"]]}, "layer 3 is .*; it must be"),
        ({"head": [[-1, 1, "Conv", [8]]]}, "no head left"),
        ({"head": [[-1, 1, "Conv", []]]}, "layer 3 .Conv"),
        (
            {"head": [[-1, 1, "Upsample", [2]], [[-1, 2], 1, "Concat", []], [-1, 1, "PoseHead", {}]]},
            "do not fit together",
        ),
    ],
)
def test_a_configuration_that_cannot_be_meant_is_refused_by_name(tiny, change, text):
    with pytest.raises(ModelError, match=text):
        build({**tiny, **change})


def test_head_numbers_that_do_not_agree_are_all_named(tiny):
    head = tiny["head"]
    cases = {
        "feat_no F=6, reg_max R=16, num_groups G=2, nc=1.*needs F=8": {"feat_no": 6},
        "num_groups G=3, but the clip has 2 frames": {"num_groups": 3},
        "1290 channels per level, but .* is 258 .feat_no F=8, reg_max R=16, num_groups G=2, nc=1": {"no": 1290},
        "R=2, num_groups G=2, nc=1. needs G >= 1, R >= 3": {"reg_max": 2},
    }
    for text, options in cases.items():
        with pytest.raises(ModelError, match=text):
            build({**tiny, "head": [*head[:2], [[2, 3], 1, "TrackHead", options]]})


def test_the_network_for_cpus_fits_four_megabytes_and_looks_for_balls_at_stride_8():
    with torch.device("meta"):
        network = Network(build_config("multitask-p.yaml"))
    assert sum(weight.numel() for weight in network.parameters()) * 4 < 4e6
    assert [network.pose_head.strides, network.track_head.strides] == [(8, 16), (8,)]

    assert network.track_head.shared


@pytest.mark.parametrize("name", [*FAMILIES, *SINGLE])
def test_any_size_that_is_a_multiple_of_the_stride_goes_through(name: str):
    with torch.device("meta"):
        network = Network(build_config(name)).eval()
        stride = network.spec.stride
        network(torch.zeros(1, network.config.frames * network.config.channels, 3 * stride, 5 * stride))


def test_a_layer_may_read_the_input_by_name():
    stems = [[-1, 1, "Conv", [8, 3, 2]], ["input", 1, "Conv", [8, 3, 2]], [[0, 1], 1, "Concat", []]]
    network = build({"nc": 1, "backbone": stems, "head": [[[2], 1, "DetectHead", {}]]})
    assert network.channels["2"] == 16
    assert network.routes[1].sources == ("input",)
    assert NetworkConfig.from_dict(network.config.to_dict()) == network.config
    with pytest.raises(ModelError, match=r"layer 1 .Conv. reads 'images'; it is a layer's number, or input"):
        build({"nc": 1, "backbone": [stems[0], ["images", 1, "Conv", [8, 3, 2]]], "head": [[[1], 1, "DetectHead", {}]]})


def test_groups_that_share_their_weights_need_features_of_every_frame():
    backbone = [[-1, 1, "Conv", [8, 3, 2]]]
    head = [[[0], 1, "TrackHead", {"shared": True}]]
    with pytest.raises(ModelError, match=r"(?s)8 channels.*10 frames.*FrameStem"):
        build({"task": "multitask", "input": {"frames": 10, "channels": 1}, "backbone": backbone, "head": head})
