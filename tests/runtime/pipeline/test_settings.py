"""Every word that sets a tracker, known without loading one."""

import subprocess
import sys

from numa_runtime.pipeline.settings import ball_settings, every_setting


def test_names_of_all_trackers():
    assert {"match_thresh", "delta_t", "gmc_method", "min_hits", "ball_gate", "ball_use_next"} <= every_setting()
    assert "gate" not in every_setting()
    assert all(name.startswith("ball_") for name in ball_settings())


def test_asking_loads_no_numba():
    code = """
import sys
from numa_runtime.pipeline.settings import every_setting
every_setting()
sys.exit(bool({'numba', 'cv2', 'yaml'} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
