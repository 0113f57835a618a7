"""Sessions in threads, and files with a fixed batch: the same rules for every backend."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
from tiny_models import tiny_onnx

from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ModelError
from numa_runtime.sessions import load
from numa_runtime.sessions.running import BaseSession

FOUR = (4, 3, 64, 64)
TWO_CLASSES = {"task": "detect", "stride": "32", "names": "{0: 'a', 1: 'b'}"}


class OneScratch(BaseSession):
    """A backend that may serve one thread at a time: its answer passes through memory that all calls share."""

    def __init__(self, batch=1):
        super().__init__("scratch.test")
        self.inputs = (TensorInfo("images", (batch, 3, 4, 4), "uint8"),)
        self.scratch = np.zeros((), np.int64)
        self.released = 0

    def _run(self, batch):
        self.scratch[...] = batch.sum()
        time.sleep(0.002)
        return {"sums": batch.sum(axis=(1, 2, 3)), "total": np.array([self.scratch.item()])}

    def _release(self):
        self.released += 1


def answers(session, batches, threads=6):
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(session.run, batches))


def test_a_backend_that_serves_one_thread_at_a_time_is_not_entered_twice():
    batches = [np.full((1, 3, 4, 4), value, np.uint8) for value in range(60)]
    found = answers(OneScratch(), batches)
    assert [int(outputs["total"][0]) for outputs in found] == [48 * value for value in range(60)]


def test_closing_waits_for_the_thread_that_runs_and_happens_once():
    session = OneScratch()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(session.run, np.ones((1, 3, 4, 4), np.uint8))
        time.sleep(0.001)
        session.close()
        assert running.result()["total"].tolist() == [48]
    session.close()
    assert session.released == 1
    with pytest.raises(ModelError, match=r"the session of scratch\.test is closed"):
        session.run(np.ones((1, 3, 4, 4), np.uint8))


def test_a_fixed_batch_is_filled_up_and_said_once(caplog):
    session = OneScratch(batch=4)
    images = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1) * np.ones((1, 3, 4, 4), np.uint8)
    assert session.run(images[1:2])["sums"].tolist() == [48]
    outputs = session.run(images)
    # What has no batch axis stays whole: the sum over all four, the first of them twice.
    assert (outputs["sums"].tolist(), outputs["total"].tolist()) == ([0, 48, 96], [144])
    assert session.run(np.concatenate([images, images[:1]]))["sums"].tolist() == [0, 48, 96, 0]
    assert len(caplog.messages) == 1
    assert "scratch.test always computes 4 images at once" in caplog.text


def test_more_images_than_the_fixed_batch_are_refused_with_the_limit():
    with pytest.raises(ModelError, match=r"takes images \[4, 3, 4, 4\] uint8; the batch is \[5, 3") as caught:
        OneScratch(batch=4).run(np.zeros((5, 3, 4, 4), np.uint8))
    assert caught.value.hint == "give it at most 4 at a time"


def convert(path):
    openvino = pytest.importorskip("openvino", reason="needs openvino")
    target = path.with_suffix(".xml")
    openvino.save_model(openvino.Core().read_model(str(path)), str(target), compress_to_fp16=False)
    return target


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_a_real_backend_answers_each_thread_its_own_picture(tmp_path, backend):
    path = tiny_onnx(tmp_path / "m.onnx", {"output0": (1, 84, 84)})
    rng = np.random.default_rng(0)
    batches = [rng.random((1, 3, 64, 64), np.float32) for _ in range(40)]
    with load(convert(path) if backend == "openvino" else path, device="cpu", threads=1) as session:
        # Kept to the end: an array that a later call overwrites would show.
        one_by_one = [session.run(batch)["output0"].copy() for batch in batches]
        for found, want in zip(answers(session, batches), one_by_one, strict=True):
            np.testing.assert_array_equal(found["output0"], want)


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_a_real_file_of_batch_four_runs_one_two_and_four(tmp_path, backend):
    path = tiny_onnx(tmp_path / "m.onnx", {"output0": ("batch", 6, "anchors")}, shape=FOUR, metadata=TWO_CLASSES)
    images = np.random.default_rng(0).random(FOUR, np.float32)
    with load(convert(path) if backend == "openvino" else path, device="cpu") as session:
        whole = session.run(images)["output0"]
        for count in (1, 2):
            found = session.run(images[:count])["output0"]
            np.testing.assert_allclose(found, whole[:count], rtol=1e-5)


def test_closing_in_one_thread_is_a_sentence_in_another(tmp_path):
    path = tiny_onnx(tmp_path / "m.onnx", {"output0": (1, 84, 84)})
    with closing(load(path, device="cpu")) as session:
        session._session = None  # what another thread's close leaves behind
        with pytest.raises(ModelError, match=r"the session of m\.onnx is closed"):
            session.run(np.zeros((1, 3, 64, 64), np.float32))
