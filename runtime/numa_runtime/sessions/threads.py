"""How many threads are worth starting: the physical cores this process may use."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from numa_runtime.errors import UsageError

MOST_THREADS = 256
"""More than any machine gains from; each has memory of its own, and starting 100,000 brings a machine down."""
_CPUS = Path("/sys/devices/system/cpu")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def thread_count(asked: int | None) -> int:
    """Return `asked`, or the number of usable physical cores when None.

    Raises:
        UsageError: fewer than one, or more than `MOST_THREADS` and the machine's CPUs.
    """
    if asked is None:
        return usable_cores()
    if asked < 1:
        raise UsageError(f"--threads {asked} is not a number of threads", hint="give 1 or more, or omit it")
    most = max(MOST_THREADS, os.cpu_count() or 1)
    if asked > most:
        raise UsageError(
            f"--threads {asked} is more than can be started: {most} is the most",
            hint=f"omit it: {usable_cores()} would be used, the physical cores",
        )
    return asked


@cache
def usable_cores(cpus: Path = _CPUS, quota: Path = _QUOTA) -> int:
    """Return the physical cores within the process's affinity and the container's CPU quota, at least 1.

    Two hardware threads of one core count once: they share the multiplier units a convolution keeps busy.
    Where the topology cannot be read (not Linux), every logical CPU counts.
    """
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    cores = len({_siblings(cpus, cpu) for cpu in allowed})
    return max(1, min(cores, _quota_cores(quota) or cores))


def _siblings(cpus: Path, cpu: int) -> str:
    try:
        return (cpus / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _quota_cores(quota: Path) -> int | None:
    try:
        limit, period = quota.read_text().split()
        return None if limit == "max" else -(-int(limit) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
