"""Trainings that take seconds: three generated rallies, the multitask network with an eighth of its channels."""

import pytest
from rally_files import SIZE, write_rallies


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tiny layers gain nothing from a second thread, and on a busy machine each waits for the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("numa_runtime.sessions.threads.usable_cores", lambda: 1)
        yield


@pytest.fixture(scope="session")
def rallies(tmp_path_factory):
    """The data.yaml of two rallies to train on and one to validate with."""
    return write_rallies(tmp_path_factory.mktemp("rallies"))


@pytest.fixture(scope="session")
def narrow(tmp_path_factory):
    """A configuration like multitask-n.yaml, but narrow."""
    from numa_deploy.network.config.names import find_config

    path, _ = find_config("multitask-n.yaml")
    text = path.read_text().replace("  n: [0.33, 0.25, 1024]", "  n: [0.33, 0.0625, 512]")
    file = tmp_path_factory.mktemp("narrow") / "narrow.yaml"
    file.write_text(text)
    return file


@pytest.fixture(scope="session")
def recipe(rallies, narrow):
    """The words of a training of 2 epochs of 2 steps, two batches each."""
    return {
        "model": str(narrow), "data": str(rallies), "epochs": 2, "batch": 4, "nbs": 8, "imgsz": SIZE, "workers": 0,
        "device": "cpu", "cache": "ram", "plots": False, "tensorboard": False,
    }  # fmt: skip
