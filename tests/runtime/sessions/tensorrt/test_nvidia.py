"""What the real adapter uses exists in whichever TensorRT is installed: no GPU is needed to look."""

import importlib
import importlib.util

import pytest

from numa_runtime.errors import MissingExtra
from numa_runtime.sessions.tensorrt import nvidia
from numa_runtime.sessions.tensorrt.header import Flavour


def installed(flavour):
    name = next((name for name in flavour.modules if importlib.util.find_spec(name)), None)
    if name is None:
        pytest.skip(f'needs pip install "numa-deploy[{flavour.extra}]"')
    return importlib.import_module(name)


@pytest.mark.parametrize("flavour", Flavour)
def test_every_name_exists(flavour):
    trt = installed(flavour)
    for owner, names in nvidia.TENSORRT_NAMES.items():
        thing = getattr(trt, owner) if owner else trt
        assert [name for name in names if not hasattr(thing, name)] == []


def test_every_cuda_call_exists():
    if importlib.util.find_spec("cuda") is None:
        pytest.skip("needs cuda-bindings")
    cuda = nvidia.cuda_runtime(Flavour.RTX, "best.engine")
    names = ("SetDevice", "StreamCreate", "StreamDestroy", "StreamSynchronize", "Malloc", "Free", "MemcpyAsync")
    assert [name for name in names if not hasattr(cuda, f"cuda{name}")] == []


def test_missing_bindings_are_named(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(nvidia.importlib, "import_module", missing)
    with pytest.raises(MissingExtra, match=r"running best\.engine \(TensorRT RTX\) needs the package tensorrt_rtx"):
        nvidia.bindings(Flavour.RTX, "best.engine")
    with pytest.raises(MissingExtra, match="needs the package cuda-bindings"):
        nvidia.cuda_runtime(Flavour.TENSORRT, "best.engine")


def test_a_broken_installation_is_not_called_missing(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'tensorrt_libs'", name="tensorrt_libs")

    monkeypatch.setattr(nvidia.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="tensorrt_libs"):
        nvidia.bindings(Flavour.TENSORRT, "best.engine")


def test_the_logger_is_made_once_and_forwards(caplog):
    class ILogger:
        INTERNAL_ERROR, ERROR, WARNING, INFO, VERBOSE = range(5)

    fake = type("trt", (), {"ILogger": ILogger, "__name__": "fake_trt"})
    try:
        logger = nvidia._logger(fake)
        assert nvidia._logger(fake) is logger
        with caplog.at_level("DEBUG", "numa_runtime"):
            logger.log(ILogger.ERROR, "bad plan")
            logger.log(ILogger.INFO, "hello")
        assert [(each.levelname, each.message) for each in caplog.records] == [
            ("ERROR", "TensorRT: bad plan"),
            ("DEBUG", "TensorRT: hello"),
        ]
    finally:
        nvidia._loggers.pop("fake_trt", None)
