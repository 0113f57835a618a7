"""The real adapter's calls, against stand-ins for TensorRT and CUDA whose device memory is the host's."""

import ctypes
from enum import IntEnum
from types import SimpleNamespace

import numpy as np
import pytest
from tiny_models import rtx_plan

from numa_runtime.errors import EngineError
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.tensorrt import nvidia
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine
from numa_runtime.sessions.tensorrt.header import Flavour
from numa_runtime.sessions.tensorrt.nvidia import NvidiaAdapter
from numa_runtime.sessions.tensorrt.session import TensorRtSession

SHAPES = {"images": (-1, 3, 8, 8), "output0": (-1, 300, 6)}


class Status(IntEnum):
    cudaSuccess = 0
    cudaErrorMemoryAllocation = 2


class Cuda:
    """`cuda.bindings.runtime` on host memory: every call returns a tuple that starts with a status."""

    cudaMemcpyKind = SimpleNamespace(cudaMemcpyHostToDevice=1, cudaMemcpyDeviceToHost=2)

    def __init__(self):
        self.memory, self.device, self.streams, self.full = {}, None, 0, False

    def cudaSetDevice(self, index):
        self.device = index
        return (Status.cudaSuccess,)

    def cudaStreamCreate(self):
        self.streams += 1
        return Status.cudaSuccess, 77

    def cudaStreamDestroy(self, stream):
        self.streams -= 1
        return (Status.cudaSuccess,)

    def cudaStreamSynchronize(self, stream):
        return (Status.cudaSuccess,)

    def cudaMalloc(self, size):
        if self.full:
            return Status.cudaErrorMemoryAllocation, 0
        buffer = ctypes.create_string_buffer(size)
        self.memory[ctypes.addressof(buffer)] = buffer
        return Status.cudaSuccess, ctypes.addressof(buffer)

    def cudaFree(self, pointer):
        del self.memory[pointer]
        return (Status.cudaSuccess,)

    def cudaMemcpyAsync(self, target, source, size, kind, stream):
        assert stream == 77
        assert (target if kind == 1 else source) in self.memory
        ctypes.memmove(target, source, size)
        return (Status.cudaSuccess,)


class Context:
    """An execution context that writes the first pixel of each image into all of its output."""

    def __init__(self):
        self.batch, self.addresses = None, {}

    def set_input_shape(self, name, shape):
        self.batch = shape[0]
        return shape[0] <= 2

    def get_tensor_shape(self, name):
        return [self.batch, 300, 6]

    def set_tensor_address(self, name, pointer):
        self.addresses[name] = pointer
        return True

    def execute_async_v3(self, stream):
        images = (ctypes.c_uint8 * (self.batch * 3 * 64)).from_address(self.addresses["images"])
        output = (ctypes.c_float * (self.batch * 1800)).from_address(self.addresses["output0"])
        for index in range(self.batch * 1800):
            output[index] = images[index // 1800 * 3 * 64]
        return True


class Engine:
    num_io_tensors = 2

    def create_execution_context(self):
        return Context()

    def get_tensor_name(self, index):
        return list(SHAPES)[index]

    def get_tensor_shape(self, name):
        return list(SHAPES[name])

    def get_tensor_mode(self, name):
        return "in" if name == "images" else "out"

    def get_tensor_dtype(self, name):
        return np.uint8 if name == "images" else np.float32

    def get_tensor_profile_shape(self, name, profile):
        return [1, 3, 8, 8], [1, 3, 8, 8], [2, 3, 8, 8]


class ILogger:
    INTERNAL_ERROR, ERROR, WARNING, INFO, VERBOSE = range(5)


@pytest.fixture
def gpu(monkeypatch):
    """Put the stand-ins in place; `engine` None is what TensorRT returns for a plan it refuses."""
    state = SimpleNamespace(cuda=Cuda(), engine=Engine())
    runtime = SimpleNamespace(deserialize_cuda_engine=lambda plan: state.engine)
    trt = SimpleNamespace(
        __name__="stand_in",
        __version__="1.7.1.116",
        ILogger=ILogger,
        Runtime=lambda logger: runtime,
        TensorIOMode=SimpleNamespace(INPUT="in"),
        nptype=lambda dtype: dtype,
    )
    monkeypatch.setattr(nvidia, "bindings", lambda flavour, where: trt)
    monkeypatch.setattr(nvidia, "cuda_runtime", lambda flavour, where: state.cuda)
    yield state
    nvidia._loggers.pop("stand_in", None)


def test_pixels_go_through_device_memory_and_everything_is_given_back(gpu, tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan())
    machine = Machine((Gpu("NVIDIA T4", 75), Gpu("NVIDIA L4", 89)))
    with TensorRtSession(path, Device("cuda", 1), machine=machine, loader=NvidiaAdapter) as session:
        assert gpu.cuda.device == 1
        assert str(session.inputs[0]) == "images [batch, 3, 8, 8] uint8"
        for batch in (1, 2):
            images = np.stack([np.full((3, 8, 8), 5 + index, np.uint8) for index in range(batch)])
            found = session.run(images)["output0"]
            assert found.dtype == np.float32
            assert found[:, 0, 0].tolist() == [5.0, 6.0][:batch]
    assert gpu.cuda.memory == {}
    assert gpu.cuda.streams == 0


def test_a_full_gpu_is_named(gpu):
    adapter = NvidiaAdapter(b"", Flavour.RTX, 0, "best.engine")
    gpu.cuda.full = True
    with pytest.raises(EngineError, match="CUDA's cudaMalloc failed: cudaErrorMemoryAllocation"):
        adapter.allocate(10)
    assert adapter.version == "1.7.1.116"


def test_a_refused_plan_and_a_missing_context(gpu):
    gpu.engine.create_execution_context = lambda: None
    with pytest.raises(EngineError, match="no execution context"):
        NvidiaAdapter(b"", Flavour.RTX, 0, "best.engine")
    gpu.engine = None
    with pytest.raises(EngineError, match="the log line above says why"):
        NvidiaAdapter(b"", Flavour.RTX, 0, "best.engine")
