import hashlib
from collections import Counter

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from numa_export.exporting import export
from numa_export.graph.editor import dims_of, opset_of
from numa_export.graph.finish import check
from numa_export.graph.image_input import image_input
from numa_export.graph.metadata import read_contract
from numa_runtime import golden
from numa_runtime.errors import ModelError
from numa_runtime.sessions import load


def test_the_file_is_whole_and_says_what_it_is(exported):
    model = onnx.load(exported.path)
    check(model)
    contract = read_contract(model)
    assert contract.spec == exported.spec
    assert contract.record == exported.record
    assert contract.golden
    door = image_input(model.graph)
    assert (door.name, door.type.tensor_type.elem_type, dims_of(door)) == (
        "images",
        TensorProto.UINT8,
        (1, 3, 128, 128),
    )
    assert {out.name: dims_of(out) for out in model.graph.output} == {"boxes": (1, 8, 4), "scores": (1, 8, 2)}
    assert (exported.spec.input.height, exported.spec.input.width, exported.spec.input.batch) == (128, 128, 1)
    assert [out.shape for out in exported.spec.outputs] == [(1, 8, 4), (1, 8, 2)]
    assert [child.name for child in exported.path.parent.iterdir()] == ["tiny.onnx"]


def test_nothing_dead_is_in_it(exported):
    model = onnx.load(exported.path)
    graph = model.graph
    assert graph.node[0].op_type == "Cast"
    assert opset_of(model) == 20
    read = Counter(name for node in graph.node for name in node.input)
    read.update(out.name for out in graph.output)
    assert [init.name for init in graph.initializer if not read[init.name]] == []
    assert [node.name for node in graph.node if not any(read[name] for name in node.output)] == []
    assert not any(node.metadata_props or node.doc_string for node in graph.node)
    assert {entry.key for entry in model.metadata_props} == {"numa.spec", "numa.record", "numa.golden"}
    assert (model.producer_name, graph.name) == ("numa-deploy export", "tiny")
    assert b"/work/" not in model.SerializeToString()


def test_the_record_says_how_it_was_made(exported, network_class):
    record = exported.record
    assert (record.precision, record.created, record.source) == ("fp32", "2026-11-21", "tiny")
    assert record.tool.startswith("numa-deploy export ")
    assert dict(record.options) == {"imgsz": "128x128", "batch": "1", "opset": "20"}
    assert len(record.source_sha256) == 64


def test_it_answers_like_the_network(exported, network_class):
    import torch

    images = np.random.default_rng(5).integers(0, 256, (1, 3, 128, 128), dtype=np.uint8)
    expected = network_class().deploy()(torch.from_numpy(images))
    with load(exported.path, device="cpu") as session:
        found = session.run(images)
    np.testing.assert_allclose(found["boxes"], expected[0], atol=1e-3)
    np.testing.assert_allclose(found["scores"], expected[1], atol=1e-5)
    assert exported.parity.passed
    assert exported.parity.outputs[0].max < 0.01
    assert (exported.parity.images, exported.parity.matched) == (3, exported.parity.expected)


def test_the_golden_sample_is_found_again(exported):
    with load(exported.path, device="cpu") as session:
        report = golden.check_session(session)
    assert report.passed
    assert report.expected == exported.golden_rows


def test_the_report_reads_well(exported):
    lines = exported.lines()
    assert lines[0] == "tiny  3x128x128 uint8 -> boxes, scores"
    assert lines[1].startswith("onnx   0.1 MB  ")
    assert lines[1].endswith(f"s  fp32  {exported.path}")
    assert lines[2].startswith("proof  boxes ")
    assert lines[-1].startswith("golden ")
    values = exported.to_dict()
    assert (values["format"], values["precision"], values["proof"]["passed"]) == ("onnx", "fp32", True)
    assert values["options"]["imgsz"] == "128x128"


def test_a_dynamic_file_takes_any_size(dynamic, network_class):
    import torch

    model = onnx.load(dynamic.path)
    assert dims_of(image_input(model.graph)) == ("batch", 3, "height", "width")
    assert {dims_of(out)[0] for out in model.graph.output} == {"batch"}
    assert [node.op_type for node in model.graph.node if "images" in node.input] == ["Cast"]
    assert (dynamic.spec.input.height, dynamic.spec.input.width, dynamic.spec.input.batch) == (None, None, None)
    assert dynamic.parity.images == 3 + 4  # one by one at 128x192, and in pairs at 64x192
    network = network_class().deploy()
    with load(dynamic.path, device="cpu") as session:
        for shape in ((1, 3, 64, 128), (3, 3, 160, 96)):
            images = np.random.default_rng(6).integers(0, 256, shape, dtype=np.uint8)
            np.testing.assert_allclose(session.run(images)["boxes"], network(torch.from_numpy(images))[0], atol=1e-3)


def test_half_from_a_file_of_ours(exported, tmp_path, pictures):
    found = export(exported.path, "onnx", images=pictures, output=tmp_path / "half.onnx", half=True)
    stored = {init.data_type for init in onnx.load(found.path).graph.initializer if len(init.dims) == 4}
    assert stored == {TensorProto.FLOAT16}
    assert (found.record.precision, found.record.source) == ("fp16", "tiny.onnx")
    assert found.record.source_sha256 == hashlib.sha256(exported.path.read_bytes()).hexdigest()
    assert 0 < found.parity.outputs[0].mean < 0.05
    assert found.lines()[1].split("  ")[-2] == "mixed fp16"
    again = export(found.path, "onnx", images=pictures, output=tmp_path / "again.onnx", half=True)
    assert again.record.precision == "fp16"


def test_a_dynamic_file_is_set_to_one_size(dynamic, tmp_path, pictures):
    found = export(dynamic.path, "onnx", images=pictures, output=tmp_path / "fixed.onnx", imgsz=(96, 128), batch=2)
    with load(found.path, device="cpu") as session:
        assert [info.shape for info in (*session.inputs, *session.outputs)] == [(2, 3, 96, 128), (2, 8, 4), (2, 8, 2)]


def test_weights_that_are_not_numbers_are_named(network_class, exported, tmp_path, pictures):
    def damage(form):
        form.body.weight[0, 1, 2, 3] = float("nan")

    with pytest.raises(
        ModelError, match=r"tiny: the weights body\.weight hold 1 values of 2048 that are NaN or infinite"
    ):
        export(network_class(damage=damage), images=pictures, output=tmp_path / "bad.onnx")
    model = onnx.load(exported.path)
    stored = next(init for init in model.graph.initializer if init.name == "body.weight")
    values = onnx.numpy_helper.to_array(stored).copy()
    values[0, 0] = np.inf
    stored.CopyFrom(onnx.numpy_helper.from_array(values, stored.name))
    onnx.save(model, tmp_path / "bad.onnx")
    with pytest.raises(ModelError, match=r"bad\.onnx: the weights body\.weight hold 16 values of 2048"):
        export(tmp_path / "bad.onnx", "engine", images=pictures)


@pytest.mark.parametrize("opset", [18, 26])
def test_every_opset_between_these_two(network_class, tmp_path, pictures, opset):
    found = export(network_class(), images=pictures, output=tmp_path / "tiny.onnx", imgsz=128, opset=opset, half=True)
    model = onnx.load(found.path)
    check(model)
    assert opset_of(model) == opset
    assert [entry.domain for entry in model.opset_import] == [""]
    assert dict(found.record.options)["opset"] == str(opset)


def test_what_torch_cannot_trace_is_said_in_one_line(network_class, tmp_path, pictures, capfd):
    """64x64 has four cells, and the network wants the best eight of them."""
    with pytest.raises(ModelError) as caught:
        export(network_class(), images=pictures, output=tmp_path / "tiny.onnx", imgsz=64)
    assert "cannot export tiny at 1x3x64x64: k not in range for dimension" in caught.value.what
    assert len(caught.value.what.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err == ""
