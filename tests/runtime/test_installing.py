"""The line that installs what is missing must work where it is typed: this Python, this clone, the extras there are."""

import json
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from numa_runtime import installing
from numa_runtime.errors import MissingExtra, require
from numa_runtime.installing import EXTRAS, absent, extras_for, pip_line, upgrade_line

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.fixture
def came_from(monkeypatch):
    """What pip recorded; None: nothing is installed."""
    installing._origin.cache_clear()
    installing._pip.cache_clear()

    def set_to(record):
        class Found:
            def read_text(self, name):
                assert name == "direct_url.json"
                return record if record is None or isinstance(record, str) else json.dumps(record)

        monkeypatch.setattr("importlib.metadata.distribution", lambda _: Found())

    yield set_to
    installing._origin.cache_clear()
    installing._pip.cache_clear()


@pytest.fixture
def own_pip(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: str(Path(sys.executable).with_name("pip")))


@pytest.mark.parametrize(("editable", "flag"), [(True, "-e "), (False, "")])
def test_a_clone_is_named_by_its_path(tmp_path, came_from, own_pip, editable, flag):
    clone = tmp_path / "my clone"
    clone.mkdir()
    (clone / "pyproject.toml").touch()
    came_from({"url": clone.as_uri(), "dir_info": {"editable": editable}})
    assert pip_line("export") == f'pip install {flag}"{clone}[export]"'
    assert pip_line("export", "train") == f'pip install {flag}"{clone}[export,train]"'
    assert upgrade_line() == f'git -C "{clone}" pull'


def test_a_repository_is_named_by_its_address(came_from, own_pip):
    came_from({"url": "https://example.org/numa.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}})
    assert pip_line("eval") == 'pip install "numa-deploy[eval] @ git+https://example.org/numa.git"'


@pytest.mark.parametrize("record", [None, "not json", "[]", {"dir_info": {}}])
def test_what_came_from_an_index_comes_from_it_again(came_from, own_pip, record, monkeypatch):
    came_from(record)
    monkeypatch.setattr(installing, "__file__", "/usr/lib/python3/site-packages/numa_runtime/installing.py")
    assert pip_line("eval") == 'pip install "numa-deploy[eval]"'
    assert upgrade_line() == "pip install --upgrade numa-deploy"


def test_a_clone_that_is_gone_is_not_named(tmp_path, came_from, own_pip):
    came_from({"url": (tmp_path / "gone").as_uri(), "dir_info": {"editable": True}})
    assert str(tmp_path) not in pip_line("eval")


def test_a_clone_that_nobody_installed_names_itself(came_from, own_pip, monkeypatch):
    def nothing(_):
        raise PackageNotFoundError

    came_from(None)
    monkeypatch.setattr("importlib.metadata.distribution", nothing)
    assert pip_line("eval") == f'pip install -e "{PYPROJECT.parent}[eval]"'


def test_the_pip_of_another_python_is_not_advised(came_from, monkeypatch):
    came_from(None)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/pip")
    assert pip_line("eval").startswith(f"{sys.executable} -m pip install ")


def test_every_extra_that_is_named_exists_and_brings_the_package():
    extras = tomllib.loads(PYPROJECT.read_text())["project"]["optional-dependencies"]
    brought = {"tensorrt_rtx": "tensorrt_rtx_cu13_libs", "scipy": "trackeval"}  # by another name, by another package
    for module, names in EXTRAS.items():
        for name in names:
            needs = [need.replace("-", "_") for need in extras[name]]
            assert any(need.startswith(brought.get(module, module)) for need in needs), (module, name)


def test_the_fewest_extras_that_bring_everything():
    assert extras_for(["optuna", "trackeval", "scipy"]) == ("tune",)
    assert extras_for(["trackeval"]) == ("eval",)
    assert extras_for(["onnx", "torch", "onnxscript"]) == ("export", "train")


def test_all_that_is_missing_is_named_at_once(monkeypatch):
    require("nothing", "json")
    monkeypatch.setattr("numa_runtime.errors.absent", lambda names: [name for name in names if name != "openvino"])
    with pytest.raises(MissingExtra) as caught:
        require("exporting to onnx", "onnx", "openvino", "torch", "onnxscript")
    assert caught.value.what == (
        "exporting to onnx needs the packages onnx, torch and onnxscript, which are not installed"
    )
    assert caught.value.hint == pip_line("export", "train")


def test_a_module_is_absent_without_being_imported(monkeypatch):
    assert absent(["json", "no_such_module"]) == ["no_such_module"]
    monkeypatch.setitem(sys.modules, "torch", None)
    assert absent(["torch"]) == ["torch"]
