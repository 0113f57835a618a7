"""From a failing state along the hint, as a user goes: it must end well, not at the same sentence again."""

import re
import shlex
import shutil

import pytest

from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import default_model, sample_photos


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(default_model(), "best.onnx")
    shutil.copy(sample_photos()[0], "photo.jpg")


def fail(capsys, words):
    """Run what fails; return the hint."""
    assert main(words) in (1, 2)
    lines = capsys.readouterr().err.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("error: "))
    return " ".join(line.strip() for line in lines[start + 1 :])


COMMANDS = [
    "info best.onnx",
    "adopt best.onnx --family yolox",
    "solutions count",
    "checks",
    "cfg",
    "hub",
    "trak",
    "predict --cnf 0.3",
    "inspect best.onnx best.onnx",
    "-q --source photo.jpg",
    "photo.jpg",
    "track hide_labelz=True",
]
"""What fails with a whole command in its hint."""


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_leads_on(words, capsys):
    hint = fail(capsys, words.split())
    found = re.search(r"numa-deploy (?P<words>[^,;]+?)(?=, or |; | where | lists |$)", hint)
    assert found is not None, hint
    command = shlex.split(found["words"])
    if command[0] in ("track", "predict") and "--help" not in command and "--source" not in command:
        command += ["--source", "photo.jpg"]
    assert main(command) == 0, (hint, capsys.readouterr().err)


WORDS = {
    "predict photo.jpg": ["predict"],
    "predict best.onnx": ["predict", "source=photo.jpg"],
    "predict model best.onnx": ["predict", "source=photo.jpg"],
    "predict --model photo.jpg": ["predict"],
    "predict --source best.onnx": ["predict", "source=photo.jpg"],
    "predict --source photo.jpg --json .": ["predict", "source=photo.jpg", "--json"],
    "check --device cuda:0 best.onnx": ["check", "best.onnx"],
}
"""What fails with a word or flag in its hint, and the command that it completes."""


@pytest.mark.parametrize("words", WORDS)
def test_a_word_leads_on(words, capsys):
    hint = fail(capsys, words.split())
    found = re.search(r"(--(model|source|device) \S+|(model|source)=\S+|[\w./-]*\.json)", hint)
    assert found is not None, hint
    rest = [*WORDS[words], *found[0].rstrip("?.,").split()]
    if rest[0] == "predict" and not any("source" in word for word in rest):
        rest.append("source=photo.jpg")
    assert main(rest) == 0, (hint, capsys.readouterr().err)
