"""A backend for the benchmark's tests, `python benchmark_backend.py HOW DATA`: it works, or goes wrong on purpose.

HOW: fine; AT:segv, AT:hang, AT:error, AT:exit with AT = load or the number of the first bad inference.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bright_session import BrightSession

from numa_benchmarks.timing.answering import Post, serve
from numa_runtime.errors import ModelError


def go_wrong(how: str) -> None:
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "hang":
        time.sleep(600)
    elif how == "exit":
        print("the driver is not in the mood", file=sys.stderr, flush=True)
        os._exit(7)
    elif how == "error":
        raise ModelError("the weights are made of cheese")


class Moody(BrightSession):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.at, _, self.how = how.partition(":")
        if self.at == "load":
            go_wrong(self.how)

    def run(self, batch):
        if self.at.isdigit() and len(self.seen) + 1 >= int(self.at):
            go_wrong(self.how)
        print("native libraries talk on standard output")
        return super().run(batch)


if __name__ == "__main__":
    serve(Post(lambda: Moody(sys.argv[1]), sys.argv[2]))
