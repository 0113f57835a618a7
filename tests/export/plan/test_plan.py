"""The whole matrix of formats and options, without touching a file."""

import itertools

import pytest

from numa_export.plan import OPTIONS, RTX_CAPABILITIES, RULES, Builder, Given, Precision, Profile, Target, plan
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format
from numa_runtime.installing import pip_line

VALUES = {
    "imgsz": (384, 640),
    "batch": 2,
    "dynamic": True,
    "half": True,
    "opset": 22,
    "features": True,
    "ball_frames": 2,
    "max_batch": 8,
    "max_imgsz": 1280,
    "target": "sm89",
    "builder": "rtx",
    "workspace": 4,
}
STATIC = Given("x.onnx", fixed=True, size=(640, 640), batch=1, opset=20)
DYNAMIC = Given("x.onnx", fixed=True, opset=20)


def refused(kind, options, given=None):
    with pytest.raises(UsageError) as caught:
        plan(kind, options, given)
    return caught.value


def test_every_option_has_a_value_here():
    assert set(VALUES) == set(OPTIONS)
    assert all(option.help for option in OPTIONS.values())


@pytest.mark.parametrize(("kind", "name"), list(itertools.product(Format, VALUES)))
def test_each_option_is_taken_or_refused_by_name(kind, name):
    options = {name: VALUES[name]} | ({"dynamic": True} if name.startswith("max_") and kind is Format.ENGINE else {})
    if name in RULES[kind].options:
        assert plan(kind, options).format is kind
        return
    error = refused(kind, {name: VALUES[name]})
    assert error.what.startswith(f"format {kind} does not take {name} (")
    assert error.hint == f"{kind} takes {', '.join(RULES[kind].options)}"
    assert all(member.value in error.what for member in Format if name in RULES[member].options)


@pytest.mark.parametrize("kind", Format)
def test_nothing_given_is_a_static_square_in_fp32(kind):
    found = plan(kind, dict.fromkeys(OPTIONS))
    assert (found.size, found.batch, found.dynamic, found.precision) == ((640, 640), 1, False, Precision.FP32)
    assert (found.target, found.builder, found.profile, found.workspace_gib) == (Target(), Builder.AUTO, None, None)


@pytest.mark.parametrize(("options", "size"), [({}, (288, 512)), ({"imgsz": 320}, (320, 320))])
def test_a_network_is_exported_at_the_size_it_was_trained_at(options, size):
    assert plan("onnx", options, Given(usual=(288, 512))).size == size


@pytest.mark.parametrize("kind", Format)
def test_switching_off_what_is_not_there_asks_for_nothing(kind):
    assert plan(kind, {"half": False, "dynamic": False, "features": False}) == plan(kind)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("tensorrt", Format.ENGINE), ("trt", Format.ENGINE), (".ONNX", Format.ONNX), (" ov ", Format.OPENVINO)],
)
def test_formats_have_other_names(word, kind):
    assert plan(word).format is kind


def test_a_misspelt_format_gets_the_nearest():
    error = refused("onxx", {})
    assert error.what == "'onxx' is not a format that export writes (did you mean 'onnx'?)"
    assert error.hint == "--format onnx, engine, openvino or torchscript"
    assert "tensorrt" in refused("tensort", {}).what
    assert refused("coreml", {}).what == "'coreml' is not a format that export writes"


def test_aliases_and_paths(tmp_path):
    assert Format.ENGINE.aliases == ("tensorrt", "trt", "rtx")
    names = [kind.path_for(tmp_path / "best.v2").name for kind in Format]
    assert names == ["best.v2.onnx", "best.v2.engine", "best.v2_openvino_model", "best.v2.torchscript"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"haf": True}, "'haf' is not an option of export (did you mean 'half'?)"),
        ({"simplify": True}, "simplify is not an option of export: graphs are always cleaned"),
        ({"nms": True}, "nms is not an option of export: artifacts give fixed-size candidates"),
        ({"imgsz": 0}, "imgsz=0 is not a size"),
        ({"imgsz": (1, 2, 3)}, "imgsz=(1, 2, 3) is not a size"),
        ({"imgsz": "wide"}, "imgsz='wide' is not a size"),
        ({"imgsz": True}, "imgsz=True is not a size"),
        ({"imgsz": (360, 640)}, "imgsz 360x640 does not fit: both sides are multiples of the stride 32"),
        ({"batch": 0}, "batch=0 is not a number of 1 or more"),
        ({"batch": 1.5}, "batch=1.5 is not a number of 1 or more"),
        ({"half": "yes"}, "half='yes' is neither True nor False"),
        ({"features": 64}, "features=64 is neither True nor False"),
        ({"opset": 17}, "opset 17 is refused: torch's exporter writes invalid files for 15 to 17"),
        ({"opset": 11}, "opset 11 is refused"),
        ({"opset": 27}, "opset=27 is not an opset export can write"),
    ],
)
def test_what_cannot_be_meant(options, what):
    error = refused("onnx", options)
    assert error.what.startswith(what)
    assert error.hint


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"workspace": -1}, "workspace=-1 is not a number of GiB"),
        ({"workspace": "much"}, "workspace='much' is not a number of GiB"),
        ({"target": "sm88"}, "'sm88' is not a target (did you mean 'sm89'?)"),
        ({"target": "rtx4090"}, "'rtx4090' is not a target"),
        ({"target": "sm90"}, "target sm90 (H100 and H200) is refused: TensorRT RTX builds for sm75, sm80"),
        ({"builder": "tensorrrt"}, "'tensorrrt' is not a builder of engines (did you mean 'tensorrt'?)"),
        ({"max_batch": 4}, "max_batch is for dynamic engines only"),
        ({"max_imgsz": 640}, "max_imgsz is for dynamic engines only"),
        ({"dynamic": True, "imgsz": 640, "max_imgsz": 320}, "the largest batch and size (4 x 320x320) is below the"),
        ({"dynamic": True, "batch": 8, "max_batch": 4}, "the largest batch and size (4 x 640x640) is below the"),
        ({"dynamic": True, "max_imgsz": 650}, "max_imgsz 650x650 does not fit"),
    ],
)
def test_what_an_engine_cannot_be(options, what):
    error = refused("engine", options)
    assert error.what.startswith(what)
    assert error.hint


@pytest.mark.parametrize("value", [384, "384", (384, 384), [384, 384], "384,384", "384x384"])
def test_sizes_as_people_write_them(value):
    assert plan("onnx", {"imgsz": value}).size == (384, 384)


@pytest.mark.parametrize("opset", range(18, 27))
def test_valid_opsets(opset):
    assert plan("onnx", {"opset": opset}).opset == opset
    assert plan("onnx", {"opset": str(opset)}).opset == opset


@pytest.mark.parametrize("word", ["sm89", "SM89", "sm_89", "8.9", "89", 89])
def test_targets_as_people_write_them(word):
    assert plan("engine", {"target": word}).target == Target(89)


@pytest.mark.parametrize("capability", RTX_CAPABILITIES)
@pytest.mark.parametrize("precision", Precision)
def test_every_target_with_every_precision(capability, precision):
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, precision=precision, opset=20)
    options = {"target": f"sm{capability}"}
    lacks = (precision is Precision.FP8 and capability < 89) or (precision is Precision.BF16 and capability < 80)
    if not lacks:
        assert plan("engine", options, given).target.capability == capability
        return
    error = refused("engine", options, given)
    assert error.what == (
        f"target sm{capability} has no {precision}: that needs SM{89 if precision is Precision.FP8 else 80} or newer"
    )


def test_a_portable_engine_has_what_ampere_has():
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, precision=Precision.FP8, opset=20)
    assert refused("engine", {}, given).what.startswith("target auto (every GPU from SM80 on) has no fp8")
    assert plan("onnx", {}, given).precision is Precision.FP8


def test_tensorrt_builds_for_more_gpus():
    assert plan("engine", {"builder": "tensorrt", "target": "sm90"}).target == Target(90)


def test_a_file_of_any_batch_keeps_its_one_size_in_the_profile():
    source = Given("net.onnx", fixed=True, stride=32, size=(288, 512))
    assert plan("engine", {}, source).profile == Profile((1, 288, 512), (1, 288, 512), (4, 288, 512))


def test_a_dynamic_engine_has_a_profile():
    found = plan("engine", {"dynamic": True, "imgsz": (384, 640), "max_batch": 8, "max_imgsz": 1280})
    assert found.profile == Profile((1, 64, 64), (1, 384, 640), (8, 1280, 1280))
    assert str(found.profile) == "1x64x64 .. 1x384x640 .. 8x1280x1280"
    assert plan("engine", {"dynamic": True, "imgsz": (384, 640)}).profile.largest == (4, 640, 640)
    assert plan("onnx", {"dynamic": True}).profile is None


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"imgsz": 320}, "imgsz 320x320 was asked for, but x.onnx is fixed at 640x640, batch 1"),
        ({"batch": 2}, "batch 2 was asked for, but x.onnx is fixed at 640x640, batch 1"),
        ({"dynamic": True}, "dynamic was asked for, but x.onnx is fixed at 640x640, batch 1"),
        ({"opset": 18}, "opset 18 was asked for, but x.onnx has opset 20"),
    ],
)
def test_a_static_file_stays_as_it_is(options, what):
    assert refused("engine", options, STATIC).what == what
    same = {"imgsz": 640, "batch": 1, "opset": 20}
    assert plan("engine", same, STATIC) == plan("engine", {}, STATIC)


def test_a_dynamic_file_becomes_static_when_a_size_is_asked_for():
    assert plan("engine", {}, DYNAMIC).profile is not None
    fixed = plan("engine", {"imgsz": 320, "batch": 2}, DYNAMIC)
    assert (fixed.dynamic, fixed.size, fixed.batch, fixed.profile) == (False, (320, 320), 2, None)
    assert not plan("engine", {"dynamic": False}, DYNAMIC).dynamic


def test_half_of_what_is_quantised_is_refused():
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, precision=Precision.INT8, opset=20)
    assert refused("engine", {"half": True}, given).what == "half was asked for, but x.onnx is int8 already"


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize("wish", [None, False, True])
def test_a_network_gives_features_where_they_are_asked_for(kind, wish):
    found = plan(kind, {"features": wish})
    assert found.features is (wish is True)
    assert dict(found.options).get("features") == ("true" if wish else None)


@pytest.mark.parametrize("kind", [kind for kind in Format if RULES[kind].needs_onnx])
@pytest.mark.parametrize("has", [False, True])
@pytest.mark.parametrize("wish", [None, False, True])
def test_a_file_has_features_or_has_not(kind, has, wish):
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, opset=20, features=has)
    if wish in (None, has):
        assert plan(kind, {"features": wish}, given).features is has
        return
    error = refused(kind, {"features": wish}, given)
    if wish:
        assert error.what == "features were asked for, but x.onnx has none"
        assert error.hint == "export from the network (.pt or .yaml) with features"
    else:
        assert error.what == "features were declined, but x.onnx has some"
        assert error.hint == "export from the network (.pt or .yaml) without features"


def test_a_file_tells_balls_of_the_frames_it_does():
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, opset=20, ball_frames=10)
    assert plan("engine", {"ball_frames": 10}, given).ball_frames == 10
    error = refused("engine", {"ball_frames": 2}, given)
    assert error.what == "balls of 2 frames were asked for, but x.onnx tells those of 10"
    assert error.hint == "omit ball_frames, or export from the network (.pt or .yaml)"
    error = refused("onnx", {"ball_frames": 2}, STATIC)
    assert error.what == "balls of 2 frames were asked for, but x.onnx finds no balls"


def test_torchscript_is_made_from_networks_only():
    assert refused("torchscript", {}, STATIC).what == "torchscript is made from a network, and x.onnx is an ONNX file"


def test_the_record_keeps_what_was_chosen():
    found = plan("engine", {"dynamic": True, "workspace": 2, "opset": 21})
    assert dict(found.options) == {
        "imgsz": "640x640",
        "batch": "1",
        "dynamic": "true",
        "opset": "21",
        "workspace": "2",
    }
    assert "opset" not in dict(plan("torchscript").options)


def test_missing_packages_are_named(monkeypatch):
    from numa_runtime import installing
    from numa_runtime.errors import MissingExtra

    absent = "onnxscript"
    monkeypatch.setattr(installing, "find_spec", lambda name: None if name == absent else object())
    RULES[Format.ONNX].require(from_network=False)
    with pytest.raises(MissingExtra, match="exporting to onnx needs the package onnxscript") as caught:
        RULES[Format.ONNX].require(from_network=True)
    assert caught.value.hint == pip_line("train")
    absent = "openvino"
    with pytest.raises(MissingExtra, match="exporting to openvino needs the package openvino"):
        RULES[Format.OPENVINO].require(from_network=False)
