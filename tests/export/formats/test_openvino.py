import json

import numpy as np
import pytest
from tiny_models import RECORD, detect_spec, tiny_onnx

from numa_export.formats.openvino import convert_onnx_bytes, write_contract, write_folder
from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, record_to_json, spec_to_json
from numa_runtime.errors import MissingExtra, ModelError, SinkError
from numa_runtime.files import atomic_path
from numa_runtime.sessions import load
from numa_runtime.sessions.describe import describe

pytest.importorskip("openvino", reason="needs openvino")
CANDIDATES = {"boxes": (1, 8, 4), "scores": (1, 8, 2)}
GOLDEN = json.dumps({"text": 'quotes " and <tags> & umlauts ä', "long": "A" * 200_000})


@pytest.fixture
def source(tmp_path):
    old = {
        SPEC_KEY: spec_to_json(detect_spec(names=("old", "older"))),
        RECORD_KEY: record_to_json(RECORD),
        GOLDEN_KEY: "old",
    }
    return tiny_onnx(tmp_path / "best.onnx", CANDIDATES, dtype="uint8", metadata=old)


def convert(source):
    return convert_onnx_bytes(source.read_bytes(), source.name)


def save(model, folder, golden=None, **options):
    write_contract(model, detect_spec(), RECORD, golden)
    with atomic_path(folder) as part:
        write_folder(model, part, folder, **options)
    return folder


def test_the_contract_comes_back_and_the_model_runs(source):
    folder = source.with_name("best_openvino_model")
    save(convert(source), folder, GOLDEN)
    assert sorted(child.name for child in folder.iterdir()) == ["best.bin", "best.xml"]
    batch = np.full((1, 3, 64, 64), 9, np.uint8)
    with load(folder) as session, load(source) as other:
        assert (session.spec, session.record, session.golden) == (detect_spec(), RECORD, GOLDEN)
        assert [info.name for info in session.outputs] == ["boxes", "scores"]
        for name, array in other.run(batch).items():
            np.testing.assert_allclose(session.run(batch)[name], array, atol=1e-4)


def test_an_older_contract_of_the_source_is_not_left_inside(source, tmp_path):
    folder = save(convert(source), tmp_path / "new_openvino_model")
    assert "older" not in (folder / "new.xml").read_text()
    assert describe(folder).has_golden is False


@pytest.mark.parametrize(("half", "precision"), [(True, "fp16"), (False, "fp32")])
def test_half_weights_are_half(source, tmp_path, half, precision):
    from numa_runtime.sessions.precision import judge, openvino_weights

    folder = tmp_path / "h_openvino_model"
    save(convert(source), folder, half_weights=half)
    assert judge(openvino_weights(folder / "h.xml")) == precision


def test_an_earlier_export_is_replaced_whole(source):
    folder = source.with_name("best_openvino_model")
    folder.mkdir()
    (folder / "other.xml").write_text("<net/>")
    save(convert(source), folder)
    assert sorted(child.name for child in folder.iterdir()) == ["best.bin", "best.xml"]


def test_a_failed_write_leaves_nothing(source, monkeypatch):
    import openvino as ov

    def fail(*args, **kwargs):
        raise RuntimeError("Check failed\nCannot open file")

    model = convert(source)
    monkeypatch.setattr(ov, "save_model", fail)
    with pytest.raises(SinkError, match="cannot be written: Cannot open file"):
        save(model, source.with_name("best_openvino_model"))
    assert [child.name for child in source.parent.iterdir()] == ["best.onnx"]


def test_a_file_that_cannot_be_converted_is_one_sentence(tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"\x08\x09nothing")
    with pytest.raises(ModelError, match=r"^m\.onnx cannot be converted to OpenVINO") as caught:
        convert(tmp_path / "m.onnx")
    assert "\n" not in caught.value.what


def test_openvino_that_is_not_installed_is_named(source, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openvino", None)
    with pytest.raises(MissingExtra, match="writing an OpenVINO model needs the package openvino"):
        convert(source)
