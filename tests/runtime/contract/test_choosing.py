import shlex

import pytest

from numa_runtime.contract import Layout
from numa_runtime.contract.choosing import probable_family, readings
from numa_runtime.contract.family import Family
from numa_runtime.contract.reading import read_contract
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ContractError, UsageError

IMAGES = TensorInfo("images", (1, 3, 640, 640), "float32")


def out(*shape, name="output0"):
    return TensorInfo(name, shape, "float32")


def read(family, *outputs, metadata=None, door=IMAGES, names=None):
    return readings(family, metadata or {}, door, outputs, "/far/m.onnx", names)


@pytest.mark.parametrize(
    ("family", "shape", "layouts"),
    [
        (Family.YOLOX, (1, 8400, 85), [Layout.YOLOX_RAW, Layout.OBJECTNESS_ROWS]),
        (Family.YOLOV6, (1, 8400, 85), [Layout.OBJECTNESS_ROWS]),
        (Family.ULTRALYTICS, (1, 8400, 84), [Layout.CLASS_ROWS]),
        (Family.DEEPSTREAM, (1, 8400, 6), [Layout.LABELLED_ROWS]),
        (Family.RTDETR, (1, 300, 84), [Layout.QUERY_ROWS]),
    ],
)
def test_a_family_reads_one_shape_in_its_own_way(family, shape, layouts):
    found = read(family, out(*shape))
    assert [spec.layout for spec in found] == layouts
    assert all(spec.input.color is family.habits.color for spec in found)
    assert all(spec.thresholds == family.habits.thresholds for spec in found)


def test_another_familys_file_is_refused_with_its_family():
    with pytest.raises(ContractError, match=r"m\.onnx is not a file of the deepstream family: seen images") as error:
        read(Family.DEEPSTREAM, out(1, 25200, 85))
    assert error.value.hint == "numa-deploy adopt /far/m.onnx --family yolov5"


def test_pictures_that_are_fed_otherwise_are_refused_without_a_circle():
    with pytest.raises(ContractError, match="its input has the channels last") as error:
        read(Family.YOLOV5, out(1, 25200, 85), door=TensorInfo("x", (1, 640, 640, 3), "float32"))
    assert "numa-deploy adopt" not in error.value.hint


def test_a_uint8_input_scales_by_itself():
    door = TensorInfo("x", (1, 3, 640, 640), "uint8")
    (spec,) = read(Family.RFDETR, out(1, 300, 4, name="dets"), out(1, 300, 91, name="labels"), door=door)
    assert (spec.input.scale, spec.input.mean, spec.input.std) == (1.0, (), ())


def test_names_come_from_people_then_from_the_file_then_from_the_family(caplog):
    said = {"names": "{0: 'x', 1: 'y'}"}
    assert read(Family.YOLOV6, out(1, 8400, 7), metadata=said, names=["p", "q"])[0].names == ("p", "q")
    assert read(Family.YOLOV6, out(1, 8400, 7), metadata=said)[0].names == ("x", "y")
    assert read(Family.YOLOV6, out(1, 8400, 8), metadata=said)[0].names == ("class0", "class1", "class2")
    assert read(Family.YOLOV6, out(1, 8400, 7), metadata={"names": "x,y"})[0].names == ("class0", "class1")
    assert "--names says what the classes are" in caplog.text
    with pytest.raises(UsageError, match=r"3 names were given and m\.onnx has 2 classes"):
        read(Family.YOLOV6, out(1, 8400, 7), names=list("abc"))


def test_metadata_that_even_adopt_cannot_use_leads_out():
    words = {"task": "pose", "names": "{0: 'a'}", "stride": "32"}
    with pytest.raises(ContractError, match="needs 'kpt_shape'") as error:
        read(Family.ULTRALYTICS, out(1, 56, 8400), metadata=words)
    assert "export it again" in error.value.hint


@pytest.mark.parametrize(
    ("words", "shape", "hint"),
    [
        ({"names": "{1: 'a', 2: 'b'}"}, (1, 6, 8400), "numa-deploy adopt /far/m.onnx --family ultralytics"),
        (
            {"names": "{1: 'a', 2: 'it s'}"},
            (1, 300, 6),
            "numa-deploy adopt /far/m.onnx --family ultralytics --names 'a,it s'",
        ),
        (
            {"names": "{1: 'person'}", "task": "pose", "kpt_shape": "[17, 3]"},
            (1, 56, 8400),
            "numa-deploy adopt /far/m.onnx --family ultralytics --names person",
        ),
        ({"names": "a,b"}, (1, 300, 6), "numa-deploy adopt /far/m.onnx --family ultralytics --names class0,class1"),
        ({"names": "{0: 'a'}"}, (1, 25200, 85), "numa-deploy adopt /far/m.onnx --family yolov5"),
        ({"names": "{0: 'a'}"}, (1, 9), "export it again with its own tool: metadata and outputs have to agree"),
        (
            {"names": "{0: 'a'}", "task": "pose"},
            (1, 56, 8400),
            "export it again with its own tool: metadata and outputs have to agree",
        ),
    ],
)
def test_metadata_that_cannot_be_used_names_the_command_that_can(words, shape, hint):
    metadata = {"task": "detect", "stride": "32", **words}
    with pytest.raises(ContractError) as error:
        read_contract(metadata, [IMAGES], [out(*shape)], "/far/m.onnx")
    assert error.value.hint == hint
    if hint.startswith("numa-deploy"):
        _program, _mode, _path, _option, family, *more = shlex.split(hint)
        names = more[1].split(",") if more else None
        assert read(Family.parse(family), out(*shape), metadata=metadata, names=names)


@pytest.mark.parametrize(
    ("metadata", "shape", "family"),
    [
        ({"task": "detect", "names": "{0: 'a'}"}, (1, 5, 8400), Family.ULTRALYTICS),
        ({"stride": "32", "names": "{0: 'a'}"}, (1, 25200, 6), Family.YOLOV5),
        ({}, (1, 8400, 85), Family.YOLOX),
        ({}, (1, 1000), None),
    ],
)
def test_the_probable_family(metadata, shape, family):
    assert probable_family(metadata, [IMAGES], [out(*shape)]) is family
    assert probable_family(metadata, [IMAGES, IMAGES], [out(*shape)]) is None
