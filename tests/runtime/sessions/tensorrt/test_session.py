"""The session's logic on a made-up GPU: device memory is a dict of byte arrays."""

import itertools

import numpy as np
import pytest
from tiny_models import rtx_plan, tensorrt_plan

from numa_runtime.contract import Layout
from numa_runtime.errors import EngineError, MissingExtra, ModelError
from numa_runtime.installing import pip_line
from numa_runtime.sessions import Session
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.tensorrt import session as module
from numa_runtime.sessions.tensorrt.adapter import EngineTensor
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine
from numa_runtime.sessions.tensorrt.session import TensorRtSession

L4 = Machine((Gpu("NVIDIA L4", 89),))
AUTO = Device("auto")


class FakeGpu:
    """An engine whose output is [B, 5, 84] filled with the sum of each image; checks its caller's manners."""

    version = "1.7.1.116"

    def __init__(self, dynamic=False, data_dependent=False):
        self.dynamic, self.data_dependent = dynamic, data_dependent
        self.memory, self.bound, self.queue = {}, {}, []
        self.batch = 1
        self.counter = itertools.count(1000)
        self.shapes_set = []
        self.allow_execute = self.allow_bind = True
        self.closed = self.active = False

    def tensors(self):
        batch = -1 if self.dynamic else 1
        bounds = ((1, 3, 64, 64), (4, 3, 64, 64)) if self.dynamic else (None, None)
        return (
            EngineTensor("images", (batch, 3, 64, 64), "uint8", True, *bounds),
            EngineTensor("output0", (batch, 5, 84), "float32", False),
        )

    def activate(self):
        self.active = True

    def set_input_shape(self, name, shape):
        assert name == "images"
        self.shapes_set.append(shape)
        if shape[0] > 4:
            return False
        self.batch = shape[0]
        return True

    def output_shape(self, name):
        return (-1, 5, 84) if self.data_dependent else (self.batch, 5, 84)

    def allocate(self, size):
        pointer = next(self.counter)
        self.memory[pointer] = bytearray(size)
        return pointer

    def free(self, pointer):
        assert not self.closed, "memory must be freed before the stream goes"
        del self.memory[pointer]

    def bind(self, name, pointer):
        assert pointer in self.memory
        self.bound[name] = pointer
        return self.allow_bind

    def upload(self, pointer, array):
        assert self.active
        assert array.flags.c_contiguous
        self.queue.append(lambda: self.write(pointer, array))

    def download(self, array, pointer):
        assert array.flags.c_contiguous
        self.queue.append(lambda: self.read(array, pointer))

    def execute(self):
        self.queue.append(self.compute)
        return self.allow_execute

    def synchronize(self):
        while self.queue:
            self.queue.pop(0)()

    def close(self):
        self.closed = True

    def write(self, pointer, array):
        self.memory[pointer][: array.nbytes] = array.tobytes()

    def read(self, array, pointer):
        array[...] = np.frombuffer(self.memory[pointer], array.dtype, array.size).reshape(array.shape)

    def compute(self):
        count = self.batch * 3 * 64 * 64
        images = np.frombuffer(self.memory[self.bound["images"]], np.uint8, count).reshape(self.batch, -1)
        sums = np.repeat(images.sum(1, dtype=np.float32), 5 * 84)
        self.write(self.bound["output0"], sums)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan())
    return path


def start(path, gpu):
    return TensorRtSession(path, AUTO, machine=L4, loader=lambda plan, flavour, index, where: gpu)


def images(batch, value=1):
    return np.full((batch, 3, 64, 64), value, np.uint8)


def test_a_batch_goes_in_and_comes_out(path):
    gpu = FakeGpu()
    with start(path, gpu) as session:
        assert isinstance(session, Session)
        assert (session.backend, session.device) == ("tensorrt", "cuda:0 (NVIDIA L4), TensorRT RTX")
        assert session.spec.layout is Layout.ULTRALYTICS_RAW
        found = session.run(images(1, 2))["output0"]
        assert found.shape == (1, 5, 84)
        assert (found == 2 * 3 * 64 * 64).all()
    assert gpu.memory == {}
    assert gpu.closed


def test_buffers_are_kept_while_the_shape_stays(path):
    gpu = FakeGpu()
    with start(path, gpu) as session:
        first = session.run(images(1))["output0"]
        pointers = dict(gpu.bound)
        second = session.run(images(1, 3))["output0"]
        assert (first[0, 0, 0], second[0, 0, 0]) == (3 * 64 * 64, 9 * 64 * 64)
        assert gpu.bound == pointers
        assert gpu.shapes_set == []


def test_a_dynamic_engine_follows_the_batch_and_grows_once(path):
    gpu = FakeGpu(dynamic=True)
    with start(path, gpu) as session:
        for batch in (1, 4, 2, 4):
            found = session.run(images(batch))["output0"]
            assert found.shape == (batch, 5, 84)
            assert (found == 3 * 64 * 64).all()
        assert [shape[0] for shape in gpu.shapes_set] == [1, 4, 2, 4]
        assert len(gpu.memory) == 2
        assert next(gpu.counter) == 1004  # two at batch 1, two more at batch 4, none after


def test_a_small_batch_is_filled_up_to_the_engines_own(path, caplog):
    gpu = FakeGpu()
    gpu.batch = 4
    gpu.tensors = lambda: (
        EngineTensor("images", (4, 3, 64, 64), "uint8", True),
        EngineTensor("output0", (4, 5, 84), "float32", False),
    )
    with start(path, gpu) as session:
        assert session.run(images(1, 2))["output0"].tolist() == np.full((1, 5, 84), 2 * 3 * 64 * 64).tolist()
    assert "best.engine always computes 4 images at once" in caplog.text


def test_a_strided_batch_is_made_contiguous(path):
    frame = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), np.uint8)
    with start(path, FakeGpu()) as session:
        assert session.run(frame.transpose(0, 3, 1, 2))["output0"][0, 0, 0] == frame.sum(dtype=np.float32)


def test_a_batch_beyond_the_profile_names_it_and_the_next_one_works(path):
    gpu = FakeGpu(dynamic=True)
    with start(path, gpu) as session:
        with pytest.raises(ModelError) as caught:
            session.run(images(8))
        assert caught.value.what == ("best.engine takes images from 1x3x64x64 to 4x3x64x64; the batch is 8x3x64x64")
        assert session.run(images(2))["output0"].shape == (2, 5, 84)


def test_a_wrong_dtype_is_refused_before_anything_is_copied(path):
    gpu = FakeGpu()
    with start(path, gpu) as session, pytest.raises(ModelError, match=r"takes images \[1, 3, 64, 64\] uint8"):
        session.run(images(1).astype(np.float32))
    assert gpu.queue == []


def test_outputs_whose_shape_depends_on_the_data_are_refused(path):
    sentence = r"the shape of output0 depends on the data \(-1x5x84\)"
    with start(path, FakeGpu(data_dependent=True)) as session, pytest.raises(EngineError, match=sentence):
        session.run(images(1))


@pytest.mark.parametrize(
    ("flag", "sentence"), [("allow_execute", "refused to run"), ("allow_bind", "refused the memory of images")]
)
def test_what_tensorrt_refuses_is_an_error(path, flag, sentence):
    gpu = FakeGpu()
    setattr(gpu, flag, False)
    with start(path, gpu) as session, pytest.raises(EngineError, match=sentence):
        session.run(images(1))


def test_closing_twice_is_fine_and_running_afterwards_is_not(path):
    session = start(path, FakeGpu())
    session.close()
    session.close()
    with pytest.raises(ModelError, match="is closed"):
        session.run(images(1))


def test_a_plan_that_is_refused_names_builder_and_machine(path, monkeypatch):
    monkeypatch.setattr(module, "_installed", lambda flavour: "1.7.1.116")

    def refuse(plan, flavour, index, where):
        raise EngineError("the log line above says why")

    with pytest.raises(EngineError, match=r"on NVIDIA L4 \(SM89\), which refuses it: the log line above says why"):
        TensorRtSession(path, AUTO, machine=L4, loader=refuse)


def test_an_unreadable_contract_closes_the_engine(path):
    gpu = FakeGpu()
    path.with_name("best.engine.json").write_text('{"numa.spec": {"version": [9, 0]}}')
    with pytest.raises(Exception, match=r"version 9\.0"):
        start(path, gpu)
    assert gpu.closed


@pytest.mark.parametrize(
    ("plan", "package", "extra"), [(rtx_plan(), "tensorrt_rtx", "rtx"), (tensorrt_plan(), "tensorrt", "tensorrt")]
)
def test_missing_bindings_are_named_with_their_extra(path, monkeypatch, plan, package, extra):
    path.write_bytes(plan)
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=f"needs the package {package}, which is not installed") as caught:
        TensorRtSession(path, AUTO, machine=L4)
    assert caught.value.hint == pip_line(extra)
