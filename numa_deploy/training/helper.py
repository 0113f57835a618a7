"""Another rank of a training: `python -m numa_deploy.training.helper`, started and told what to do by rank 0."""

from __future__ import annotations

import pickle
import re
import signal
import sys
import traceback

import torch
from torch import distributed
from torch._C._distributed_c10d import TCPStore

from numa_deploy.training.failures import TrainingError
from numa_deploy.training.launch import LONGEST, Assignment, came, joined
from numa_deploy.training.run import learn_beside
from numa_runtime.errors import NumaError

_GONE = re.compile("[Cc]onnection (closed|reset) by peer")


def main() -> int:
    """Learn beside rank 0 until it ends; return the exit code. What failed is written to standard output, pickled."""
    # Ctrl-C reaches every process of a terminal: rank 0 keeps the state, with the others' help, and ends them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    assignment: Assignment = pickle.load(sys.stdin.buffer)
    torch.set_num_threads(assignment.threads)
    store = TCPStore("127.0.0.1", assignment.port, is_master=False, timeout=LONGEST)
    places = [torch.device(place) for place in assignment.places]
    store.set(came(assignment.rank), "")
    try:
        learn_beside(assignment.options, assignment.folder, joined(store, places, assignment.rank))
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        pickle.dump(_told(error, f"rank {assignment.rank} ({assignment.places[assignment.rank]})"), output)
        output.flush()
        return 1
    return 0


def _told(error: Exception, name: str) -> NumaError | None:
    """Return what rank 0 is to raise; None where an error only says that another rank is gone."""
    if isinstance(error, NumaError):
        return error
    if isinstance(error, distributed.DistError) or _GONE.search(str(error)):
        return None
    traceback.print_exception(error)
    return TrainingError(f"{name} failed: {type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
