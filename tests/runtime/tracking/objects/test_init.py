"""The package gives every name late."""

import subprocess
import sys

import pytest

from numa_runtime.tracking import objects


def test_every_name_is_there():
    assert sorted(objects.__all__) == sorted(objects._HOMES)
    assert all(callable(getattr(objects, name)) for name in objects.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Strack'"):
        objects.Strack  # noqa: B018


def test_the_package_itself_loads_nothing_heavy():
    code = "import sys, numa_runtime.tracking.objects; print('numba' in sys.modules, 'cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split() == ["False"] * 2
