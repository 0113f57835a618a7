"""Names that are imported when they are asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

from numa_runtime.lazy import lazy

PACKAGES = [
    "numa_deploy",
    "numa_deploy.network",
    "numa_deploy.yolo",
    "numa_export.adopt",
    "numa_runtime.sessions",
    "numa_runtime.tracking",
    "numa_runtime.tracking.balls",
    "numa_runtime.tracking.objects",
]


def test_a_name_comes_from_its_home_when_it_is_asked_for():
    fetch, _ = lazy("numa_runtime", {"Results": "results", "JSONEncoder": "json.encoder"})
    assert fetch("Results") is import_module("numa_runtime.results").Results
    assert fetch("JSONEncoder") is import_module("json").JSONEncoder


def test_an_unknown_name_is_an_attribute_error():
    fetch, _ = lazy("numa_runtime", {"Results": "results"})
    with pytest.raises(AttributeError, match="module 'numa_runtime' has no attribute 'Result'"):
        fetch("Result")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_lazy_name_of_a_package_is_listed(name):
    package = import_module(name)
    names = dir(package)
    assert len(names) == len(set(names))
    assert {"__doc__", *getattr(package, "__all__", ())} <= set(names)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_itself_is_light(name):
    code = f"import sys, {name}; print(*[m for m in ('torch', 'cv2', 'onnxruntime', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
