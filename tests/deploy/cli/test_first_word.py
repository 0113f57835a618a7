"""The first word: a mode, or what people type in its place."""

import pytest

from numa_deploy.cli.first_word import lead
from numa_deploy.cli.main import main
from numa_deploy.cli.words import ModeFlags
from numa_runtime.errors import UsageError

MODES = {name: ModeFlags(frozenset(), frozenset()) for name in ("predict", "track", "val", "export", "version")}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "--help"),
        ("help", "--help"),
        ("help track", "track --help"),
        ("help --help", "--help --help"),
        ("track conf=0.3", "track conf=0.3"),
        ("detect track conf=0.3", "detect track conf=0.3"),
        ("task=detect mode=predict model=a.onnx", "predict model=a.onnx"),
        ("model=a.onnx mode=track", "track model=a.onnx"),
        ("yolo predict model=a.onnx", "predict model=a.onnx"),
        ("yolo task=detect mode=val", "val"),
        ("--version", "--version"),
        ("-h", "-h"),
    ],
)
def test_the_mode_comes_first(typed, words):
    assert lead(typed.split(), MODES) == words.split()


@pytest.mark.parametrize(
    ("typed", "sentence", "hint"),
    [
        ("solutions count", "no ready-made solutions", "numa-deploy track --save-csv"),
        ("cfg", "every setting is a flag", "numa-deploy track --help"),
        ("copy-cfg", "every setting is a flag", "numa-deploy track --help"),
        ("settings", "every setting is a flag", "numa-deploy track --help"),
        ("login", "nothing leaves this machine", "numa-deploy --help"),
        ("hub", "nothing leaves this machine", "numa-deploy inspect best.onnx"),
        ("checks", "here it is 'doctor'", "numa-deploy doctor --help"),
        ("test", "here it is 'val'", "numa-deploy val --help"),
        ("convert", "here it is 'export'", "numa-deploy export --help"),
        ("trak", "there is no mode 'trak' (did you mean 'track'?)", "numa-deploy --help lists them"),
        ("model=a.onnx", "'model=a.onnx' stands where a mode is expected", "numa-deploy predict --help"),
        ("--source x.mp4", "'--source' stands where a mode is expected", "numa-deploy predict --help"),
        ("detect", "'detect' is a task", "numa-deploy predict --help"),
        ("match.mp4", "'match.mp4' stands where a mode is expected", "numa-deploy predict --source match.mp4"),
    ],
)
def test_what_is_no_mode_is_told_what_is_there(typed, sentence, hint):
    with pytest.raises(UsageError) as caught:
        lead(typed.split(), MODES)
    assert sentence in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.parametrize("words", [[], ["help"], ["--help"], ["help", "track"], ["track", "help"]])
def test_help_is_no_error(words, capsys):
    assert main(words) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("Usage: numa-deploy")
    assert captured.err == ""


def test_the_version_has_three_names(capsys):
    for words in (["version"], ["--version"], ["-v"]):
        assert main(words) == 0
    assert len(set(capsys.readouterr().out.splitlines())) == 1
