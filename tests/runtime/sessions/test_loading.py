import subprocess
import sys

import pytest
from tiny_models import rtx_plan, tiny_onnx

from numa_runtime import sessions
from numa_runtime.errors import EngineError, MissingExtra, ModelError, UsageError
from numa_runtime.installing import pip_line
from numa_runtime.sessions import load


@pytest.fixture
def model(tmp_path):
    return tiny_onnx(tmp_path / "m.onnx", {"output0": (1, 84, 84)})


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_a_path_in_any_spelling(model, kind):
    with load(kind(model), device="auto", threads=1) as session:
        assert session.backend == "onnxruntime"


def test_an_openvino_folder(model, tmp_path):
    ov = pytest.importorskip("openvino", reason="needs openvino")
    folder = tmp_path / "m_openvino_model"
    ov.save_model(ov.Core().read_model(str(model)), str(folder / "m.xml"))
    with load(folder, "cpu") as session:
        assert (session.backend, session.path) == ("openvino", str(folder / "m.xml"))


def test_openvino_that_is_not_installed_is_named(tmp_path, monkeypatch):
    (tmp_path / "m.xml").write_text("<net/>")
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtra, match="needs the package openvino") as caught:
        load(tmp_path)
    assert caught.value.hint == pip_line("openvino")


def test_the_device_word_is_checked_first(tmp_path):
    with pytest.raises(UsageError, match="is not a device"):
        load(tmp_path / "missing.onnx", device="cuda:x")


def test_a_missing_file(tmp_path):
    with pytest.raises(ModelError, match="does not exist"):
        load(tmp_path / "missing.onnx")


def test_an_engine_on_a_machine_without_a_gpu(tmp_path):
    """In a process of its own: TensorRT objects made without a driver can crash the one that makes them."""
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan())
    tiny_onnx(tmp_path / "best.onnx", {"output0": (1, 84, 84)})
    code = (
        "import sys; from numa_runtime.sessions import load; from numa_runtime.errors import EngineError\n"
        "from numa_runtime.sessions.tensorrt.cuda import probe_machine\n"
        "if probe_machine().gpus: sys.exit(77)\n"
        f"try: load({str(path)!r})\n"
        "except EngineError as error: print(error)\n"
        "print(sorted(name for name in sys.modules if 'tensorrt_rtx' in name or name == 'tensorrt'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    if done.returncode == 77:
        pytest.skip("this machine has a GPU")
    assert done.returncode == 0, done.stderr
    first, second, modules = done.stdout.splitlines()
    assert first.startswith("best.engine was built by TensorRT RTX 1.7.1 for SM89; this machine has no ")
    assert second.startswith("run the ONNX next to it (--model best.onnx)")
    assert modules == "[]"


def test_a_truncated_engine(tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan()[:1000])
    with pytest.raises(EngineError, match="truncated: its header says 4,096 bytes, the file has 1,000"):
        load(path)


def test_the_package_is_light_and_has_no_other_names():
    code = (
        "import sys, numa_runtime.sessions\n"
        "from numa_runtime.sessions import Session, TensorInfo, load\n"
        "heavy = {'torch', 'cv2', 'onnxruntime', 'openvino', 'numba', 'onnx', 'tensorrt', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "from numa_runtime.sessions.loading import load as same\n"
        "assert numa_runtime.sessions.load is same\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="has no attribute 'lod'"):
        _ = sessions.lod
