from types import SimpleNamespace

import pytest

from numa_export.formats.engine_tools import choose_toolkit, installed
from numa_export.plan import Given, Precision, Target, plan
from numa_runtime.errors import EngineError, MissingExtra, UsageError
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine
from numa_runtime.sessions.tensorrt.header import Flavour

NOTHING = Machine(problem="no NVIDIA driver")
ADA, HOPPER = Machine((Gpu("NVIDIA L4", 89),)), Machine((Gpu("NVIDIA H100", 90),))


def having(*flavours):
    modules = {
        Flavour.RTX: SimpleNamespace(__version__="1.7.1.116"),
        Flavour.TENSORRT: SimpleNamespace(__version__="11.4.0"),
    }
    return lambda flavour: modules[flavour] if flavour in flavours else None


BOTH = having(Flavour.RTX, Flavour.TENSORRT)


def choose(machine, find=BOTH, **options):
    return choose_toolkit(plan("engine", options), machine, find)


def test_rtx_builds_for_another_gpu_without_one():
    found = choose(NOTHING, target="sm89")
    assert (found.flavour, found.target, found.version, found.target_words) == (
        Flavour.RTX,
        Target(89),
        "1.7.1.116",
        "SM89",
    )


def test_auto_is_the_gpu_of_this_machine():
    assert choose(ADA).target == Target(89)
    assert choose(ADA, target="sm120").target == Target(120)


def test_without_a_gpu_auto_is_portable_and_says_so(caplog):
    found = choose(NOTHING)
    assert found.target == Target()
    assert found.target_words == "SM80 and later"
    assert caplog.messages == [
        "no --target and no GPU here that RTX builds for: the engine is for every GPU from SM80 (Ampere) on"
    ]


def test_tensorrt_builds_where_rtx_cannot():
    found = choose(HOPPER)
    assert (found.flavour, found.target) == (Flavour.TENSORRT, Target(90))
    assert choose(ADA, having(Flavour.TENSORRT)).flavour is Flavour.TENSORRT
    assert choose(ADA, builder="tensorrt").flavour is Flavour.TENSORRT


def test_an_engine_for_others_is_announced(caplog):
    assert choose(HOPPER, having(Flavour.RTX)).target == Target()
    assert (
        caplog.messages[0] == "this machine's GPU (SM90) runs no TensorRT RTX engine; the engine is for other machines"
    )


def test_tensorrt_needs_the_gpu_it_builds_for():
    with pytest.raises(EngineError, match="TensorRT builds on the GPU itself; this machine has no NVIDIA driver"):
        choose(NOTHING, builder="tensorrt")
    with pytest.raises(
        EngineError, match=r"TensorRT builds for the GPU of this machine, NVIDIA L4 \(SM89\), not for sm86"
    ):
        choose(ADA, builder="tensorrt", target="sm86")


@pytest.mark.parametrize(
    ("machine", "options", "package"),
    [
        (NOTHING, {}, "tensorrt_rtx"),
        (ADA, {"target": "sm86"}, "tensorrt_rtx"),
        (ADA, {"builder": "tensorrt"}, "tensorrt"),
    ],
)
def test_a_missing_builder_is_named(machine, options, package):
    with pytest.raises(MissingExtra, match=f"needs the package {package},"):
        choose(machine, having(), **options)


def test_the_gpu_that_was_found_must_have_the_precision():
    given = Given("x.onnx", fixed=True, size=(64, 64), batch=1, precision=Precision.BF16, opset=20)
    turing = Machine((Gpu("T4", 75),))
    with pytest.raises(UsageError, match="target sm75 has no bf16"):
        choose_toolkit(plan("engine", {}, given), turing, BOTH)


def test_broken_bindings_are_not_called_missing(monkeypatch):
    from numa_export.formats import engine_tools

    def broken(name):
        raise ModuleNotFoundError("No module named 'tensorrt_libs'", name="tensorrt_libs")

    monkeypatch.setattr(engine_tools.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="tensorrt_libs"):
        installed(Flavour.TENSORRT)

    def absent(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(engine_tools.importlib, "import_module", absent)
    assert installed(Flavour.TENSORRT) is None
