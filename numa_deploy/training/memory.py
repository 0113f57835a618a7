"""How much memory a training takes: the GPU's where it runs on one, else this process's and its workers'."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

_PROC = Path("/proc")


def memory_mb(device: str = "cpu") -> float | None:
    """Return megabytes (1e6 bytes), None where the system does not tell.

    On a GPU what torch has reserved there at most; else the resident sets of this process and all that descend from it,
    in which memory that they share counts for each.

    Args:
        device: as torch names it.
    """
    if device.startswith("cuda"):
        import torch

        return torch.cuda.max_memory_reserved(device) / 1e6
    return _tree_mb(os.getpid())


def _tree_mb(root: int) -> float | None:
    """Return the resident sets of a process and its descendants; proc_pid_stat(5): field 4 is the parent."""
    if not (_PROC / "self" / "stat").is_file():
        return None
    children: dict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (said := _read(entry / "stat")):
            children[int(said.rpartition(")")[2].split()[1])].append(int(entry.name))
    pages, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        waiting += children[process]
        said = _read(_PROC / str(process) / "statm")
        pages += int(said.split()[1]) if said else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _read(path: Path) -> str:
    """Return a file's text, "" for that of a process that has ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
