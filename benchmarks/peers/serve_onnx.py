"""One ONNX file in ONNX Runtime, resident: asked in JSON lines, as the benchmark's workers.

python serve_onnx.py FILE THREADS SPINNING (0 or 1). The input is random and of the type the file asks for.
"""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import Any

import numpy as np

from numa_peers.answering import answer_requests


class File:
    """An open file and one input for it."""

    def __init__(self, path: str, threads: int, spinning: str) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", spinning)
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0]
        shape = [size if isinstance(size, int) else 1 for size in self.input.shape]
        frame = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
        self.batch = frame if "uint8" in self.input.type else (frame / 255).astype(np.float32)

    def load(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Run it three times; return what it takes."""
        self.run({"frames": 3})
        return {"dtype": str(self.batch.dtype), "shape": list(self.batch.shape)}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run `frames` times; return the nanoseconds of each."""
        spent = []
        for _ in range(int(request["frames"])):
            begin = perf_counter_ns()
            self.session.run(None, {self.input.name: self.batch})
            spent.append(perf_counter_ns() - begin)
        return {"ns": spent}


if __name__ == "__main__":
    answer_requests(lambda: File(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
