import logging
from pathlib import Path

import pytest
from tiny_models import rtx_plan, tensorrt_plan

from numa_runtime.errors import DeviceError, EngineError
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.tensorrt.container import EngineFile
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine, gpu_summary, probe_machine
from numa_runtime.sessions.tensorrt.header import parse_header
from numa_runtime.sessions.tensorrt.preflight import check_device, check_version, refused_by_runtime, version_tuple

L4, T4 = Gpu("NVIDIA L4", 89), Gpu("Tesla T4", 75)
AUTO = Device("auto")


def engine(plan, path=Path("/nowhere/best.engine")):
    return EngineFile(path, parse_header(plan, path.name))


def test_the_right_gpu_passes():
    assert check_device(engine(rtx_plan(0b1000)), AUTO, Machine((L4,))) == L4
    assert check_device(engine(tensorrt_plan()), AUTO, Machine((T4,))) == T4
    assert check_device(engine(rtx_plan(0b1000)), Device("cuda", 1), Machine((T4, L4))) == L4


@pytest.mark.parametrize(
    ("machine", "have"),
    [
        (Machine(problem="no NVIDIA driver"), "no NVIDIA driver"),
        (Machine(), "no NVIDIA GPU"),
        (Machine((T4,)), "Tesla T4 (SM75)"),
    ],
)
def test_built_by_x_for_y_this_machine_has_z(machine, have):
    with pytest.raises(EngineError) as caught:
        check_device(engine(rtx_plan(0b1000)), AUTO, machine)
    assert caught.value.what == f"best.engine was built by TensorRT RTX 1.7.1 for SM89; this machine has {have}"
    assert caught.value.hint == (
        "run the ONNX file it was made from, or build for the GPU at hand: "
        "numa-deploy export --model MODEL.onnx --format engine"
    )


def test_the_onnx_beside_it_is_offered(tmp_path):
    (tmp_path / "best.onnx").write_bytes(b"x")
    with pytest.raises(EngineError) as caught:
        check_device(engine(rtx_plan(), tmp_path / "best.engine"), AUTO, Machine())
    assert caught.value.hint.startswith("run the ONNX next to it (--model best.onnx)")


@pytest.mark.parametrize(
    ("capability", "fits"), [(75, False), (80, True), (87, True), (89, True), (90, True), (121, True), (130, True)]
)
def test_a_portable_engine_runs_on_ampere_and_later(capability, fits):
    machine = Machine((Gpu("some GPU", capability),))
    if fits:
        assert check_device(engine(rtx_plan(126)), AUTO, machine).capability == capability
    else:
        with pytest.raises(EngineError, match=r"for SM80 and later; this machine has some GPU \(SM75\)"):
            check_device(engine(rtx_plan(126)), AUTO, machine)


def test_explicit_devices_that_cannot_be_honoured():
    with pytest.raises(DeviceError, match=r"runs on NVIDIA GPUs only; --device cpu is not one"):
        check_device(engine(rtx_plan()), Device("cpu"), Machine((L4,)))
    with pytest.raises(DeviceError, match=r"device cuda:3 was asked for; this machine has 1"):
        check_device(engine(rtx_plan()), Device("cuda", 3), Machine((L4,)))


def test_an_older_runtime_is_refused_a_newer_one_is_said(caplog):
    with pytest.raises(EngineError, match=r"built by TensorRT RTX 1\.7\.1 .* has TensorRT RTX 1\.6\.2"):
        check_version(engine(rtx_plan()), "1.6.2.5")
    with pytest.raises(EngineError, match=r"built by TensorRT 10\.8\.0; this machine has TensorRT 10\.3\.0"):
        check_version(engine(tensorrt_plan()), "10.3.0")
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        check_version(engine(rtx_plan()), "1.7.1.200")
        check_version(engine(rtx_plan()), "1.8.0.1")
    assert caplog.messages == ["best.engine was built by TensorRT RTX 1.7.1 and is opened by 1.8.0"]


def test_what_tensorrt_refuses_all_the_same():
    error = refused_by_runtime(engine(rtx_plan()), "1.7.1.116", L4, "bad plan")
    assert error.what == (
        "best.engine was built by TensorRT RTX 1.7.1 for SM89; "
        "this machine has TensorRT RTX 1.7.1.116 on NVIDIA L4 (SM89), which refuses it: bad plan"
    )


def test_versions_are_numbers():
    assert version_tuple("1.7.1.116") == (1, 7, 1, 116)
    assert version_tuple("10.8.0rc1") == (10, 8, 0)


def test_the_probe_answers_on_any_machine():
    machine = probe_machine()
    assert bool(machine.gpus) != bool(machine.problem)
    assert gpu_summary()
