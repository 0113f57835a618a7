"""Loading the tracker's kernels ahead of the first frame."""

import subprocess
import sys

from numa_runtime.tracking.tracker import Tracker, warm_up


def test_says_nothing_when_nothing_is_compiled():
    Tracker()
    said = []
    assert warm_up(said.append) > 0
    assert said == []


def test_loads_the_ball_trackers_kernel_too():
    warm_up()
    from numa_runtime.tracking.kernels import single

    assert single.assign_dense.signatures


def test_importing_the_package_loads_no_numba():
    code = "import sys, numa_runtime.tracking, numa_runtime.tracking.kernels; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
