"""Real engines from a tiny ONNX, built by TensorRT RTX on the CPU; and the names used exist in every flavour."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tiny_models import RECORD, detect_spec, tiny_onnx

from numa_export.formats import engine_builder
from numa_export.formats.engine_builder import BUILDER_NAMES, RTX_NAMES, build_engine
from numa_export.formats.engine_tools import Toolkit, installed
from numa_export.plan import Builder, Target, plan
from numa_runtime.errors import EngineError
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.tensorrt.header import Flavour, parse_header

OUTPUTS = {"boxes": (1, 8, 4), "scores": (1, 8, 2)}


def bindings(flavour):
    return installed(flavour) or pytest.skip(f'needs pip install "numa-deploy[{flavour.extra}]"')


@pytest.fixture(scope="module")
def rtx():
    return Toolkit(Flavour.RTX, bindings(Flavour.RTX), Target(89))


@pytest.fixture(scope="module")
def onnx_bytes(tmp_path_factory):
    return tiny_onnx(tmp_path_factory.mktemp("engine") / "best.onnx", OUTPUTS, dtype="uint8").read_bytes()


def build(data, toolkit, progress=None, **options):
    wanted = plan("engine", {"imgsz": 64, **options})
    return build_engine(data, toolkit, wanted, detect_spec(), RECORD, progress=progress)


@pytest.mark.parametrize("flavour", Flavour)
def test_every_name_exists(flavour):
    trt = bindings(flavour)
    tables = [BUILDER_NAMES, RTX_NAMES] if flavour is Flavour.RTX else [BUILDER_NAMES]
    for table in tables:
        for owner, names in table.items():
            thing = getattr(trt, owner) if owner else trt
            assert [name for name in names if not hasattr(thing, name)] == []


def test_the_header_names_the_target_and_inspect_reads_it(tmp_path, rtx, onnx_bytes):
    path = tmp_path / "best.engine"
    path.write_bytes(build(onnx_bytes, rtx, target="sm89"))
    card = describe(path)
    assert card.engine.target_words == "SM89"
    assert card.engine.builder == f"TensorRT RTX {'.'.join(rtx.version.split('.')[:3])}"
    assert (card.spec, card.record, card.contract_origin) == (detect_spec(), RECORD, "numa")


@pytest.mark.parametrize("capability", [75, 121])
def test_other_targets(rtx, onnx_bytes, capability):
    data = build(onnx_bytes, replace(rtx, target=Target(capability)))
    assert parse_header(data, "x").targets == (f"sm{capability}",)


def test_without_a_target_it_is_portable(rtx, onnx_bytes):
    header = parse_header(build(onnx_bytes, replace(rtx, target=Target()), workspace=1), "x")
    assert header.target_words == "SM80 and later"


def test_engines_are_reproducible(rtx, onnx_bytes):
    assert build(onnx_bytes, rtx) == build(onnx_bytes, rtx)


def test_progress_comes_from_the_builder(rtx, onnx_bytes):
    seen = []
    build(onnx_bytes, rtx, lambda name, share: seen.append(share))
    assert len(seen) > 5
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)


def test_it_can_be_cancelled(rtx, onnx_bytes):
    with pytest.raises(EngineError, match="the engine's build was cancelled"):
        build(onnx_bytes, rtx, lambda name, share: False)


def test_a_dynamic_engine_gets_its_profile(rtx, tmp_path):
    shape = ("batch", 3, "height", "width")
    data = tiny_onnx(tmp_path / "d.onnx", {"boxes": (8, 4)}, shape=shape, dtype="uint8").read_bytes()
    assert build(data, rtx, dynamic=True, max_batch=2)[:4] == b"vtrt"
    with pytest.raises(EngineError, match=r"TensorRT RTX 1\.\S+ cannot build the engine: .*profile"):
        build(data, rtx)


def test_a_graph_it_cannot_read_is_said_by_node(rtx, tmp_path):
    import onnx

    model = onnx.load(tiny_onnx(tmp_path / "x.onnx", OUTPUTS, dtype="uint8"))
    model.graph.node[1].op_type = "Wondrous"
    with pytest.raises(EngineError, match=r"TensorRT RTX \S+ cannot read the graph: .*Wondrous"):
        build(model.SerializeToString(), rtx)


def test_a_target_it_has_no_code_for(rtx, onnx_bytes):
    with pytest.raises(EngineError, match=r"TensorRT RTX \S+ does not build for sm90"):
        build(onnx_bytes, replace(rtx, target=Target(90)), builder=Builder.RTX.value)


def test_a_target_that_is_ignored_does_not_ship(rtx, onnx_bytes, monkeypatch):
    monkeypatch.setattr(engine_builder, "_configure", lambda *arguments: None)
    with pytest.raises(EngineError, match="sm89 was asked for, but the engine says SM80 and later"):
        build(onnx_bytes, rtx)


def test_set_compute_capability_says_no_by_returning_false(rtx):
    config = SimpleNamespace(set_compute_capability=lambda capability, index: False)
    with pytest.raises(EngineError, match="does not build for sm89"):
        engine_builder._configure(config, rtx.trt, rtx, plan("engine", {"target": "sm89"}))
