"""Why a training cannot go on."""

from __future__ import annotations

import re
from pathlib import Path

import torch

from numa_deploy.training.train_options import TrainOptions
from numa_runtime.errors import NumaError


class TrainingError(NumaError):
    """The training cannot go on; the last good checkpoint is kept."""


def is_of_memory(error: BaseException) -> bool:
    """Whether memory was too small: on a CPU torch says so in words only."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


def lost_worker(error: RuntimeError, last: Path) -> TrainingError | None:
    """Return what to say of a process that loads samples and was ended from outside, None of any other error.

    Args:
        error: as torch's loader raises it.
        last: the checkpoint that is kept.
    """
    found = re.match(r"DataLoader worker \(pid(?:\(s\))? [\d, ]+\) (?:is killed by signal: (\w+)|exited)", str(error))
    if found is None:
        return None
    how = f"was ended by the signal {found[1]}" if found[1] else "ended"
    return TrainingError(
        f"a process that loads samples {how}",
        hint=f"{last} is kept: --resume goes on. Where memory is short, --workers 0 or --cache disk needs less",
    )


def too_large(samples: int, shape: tuple[int, ...], options: TrainOptions) -> TrainingError:
    """Return the error of a batch that does not fit, with the next smaller one."""
    less = f"--batch {options.batch // 2}: gradients are added up to --nbs {options.nbs} all the same"
    return TrainingError(
        f"{samples} samples of {'x'.join(map(str, shape))} do not fit into memory",
        hint=less if options.batch > 1 else "not even one fits: a smaller --imgsz or a smaller network",
    )
