"""Every command line and every Python block of README and docs runs as it stands; every link leads somewhere."""

import importlib.util
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from doc_pages import RUN, WAYS, blocks, inline_commands, links, pages, readmes
from support import ROOT

from numa_deploy.cli.main import app, main

MOST_WORDS = 700
BLOCKS = [block for page in pages() for block in blocks(page)]
GPU = Path("/dev/nvidia0").exists()


def case(block):
    marks = [pytest.mark.slow] if "slow" in block.ways else []
    if "skip" in block.ways:
        marks.append(pytest.mark.skip(reason=", ".join(block.ways["skip"])))
    if "only without a GPU" in block.ways.get("fails", []) and GPU:
        marks.append(pytest.mark.skip(reason="fails only without a GPU"))
    missing = [package for package in block.ways.get("needs", []) if importlib.util.find_spec(package) is None]
    if missing:
        marks.append(pytest.mark.skip(reason=f"needs {', '.join(missing)}"))
    return pytest.param(block, id=block.name, marks=marks)


def cases(language):
    return [case(block) for block in BLOCKS if block.language == language]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def place(text, folder):
    pytest.importorskip("onnx", reason="stand-ins are made with the export extra")
    from doc_stand_ins import place as place_stand_ins

    place_stand_ins(text, folder)


@pytest.mark.parametrize("block", cases("bash"))
def test_commands(block, folder, capsys):
    place(block.code, folder)
    for program, *words in block.commands:
        if program == "numa-deploy":
            run_numa_deploy(block, words, capsys)
        else:
            OTHERS[program](words)


def run_numa_deploy(block, words, capsys):
    code = main(words)
    said = " ".join(capsys.readouterr().err.split())
    if "fails" in block.ways:
        assert code != 0
        assert block.heading in said
    else:
        assert code == 0, said


def check_make(words):
    rules = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert [word for word in words if "=" not in word and word not in rules] == []


def check_pip(words):
    """Nothing is installed: the extras must be those of pyproject.toml."""
    assert words[0] == "install"
    with (ROOT / "pyproject.toml").open("rb") as file:
        known = tomllib.load(file)["project"]["optional-dependencies"]
    asked = [extra for word in words for group in re.findall(r"\[([\w,]+)\]", word) for extra in group.split(",")]
    assert set(asked) <= set(known)


OTHERS = {"make": check_make, "pip": check_pip}


@pytest.mark.parametrize("block", cases("python"))
def test_python(block, folder):
    place(block.code, folder)
    given = {"__name__": block.name, "detections": np.array([[10, 20, 50, 100, 0.9, 0]])}
    exec(compile(block.code, block.name, "exec"), given)


def test_blocks_say_what_they_are():
    known = {*RUN, "text", "dockerfile"}
    assert [block.name for block in BLOCKS if block.language not in known] == []
    assert [block.name for block in BLOCKS if not set(WAYS).issuperset(block.ways)] == []
    assert [block.name for block in BLOCKS for way in ("skip", "needs") if block.ways.get(way) == []] == []


@pytest.mark.parametrize("page", [*pages(), *readmes()], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


def test_commands_inside_a_line_name_modes_and_flags_that_exist():
    import typer

    modes = typer.main.get_command(app).commands
    wrong = []
    for page in pages():
        for command in inline_commands(page):
            mode, *words = command.split()[1:]
            if mode.startswith("-") or mode == "MODE":
                continue
            parameters = modes[mode].params if mode in modes else []
            flags = {flag for each in parameters for flag in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
            if not flags.issuperset(word.partition("=")[0] for word in words if word.startswith("--")):
                wrong.append(f"{page.name}: {command}")
    assert wrong == []


def test_readme_is_short_and_shows_a_picture():
    text = (ROOT / "README.md").read_text()
    assert len(text.split()) <= MOST_WORDS
    assert "](docs/images/rally-strip.jpg)" in text
