"""The way out that a sentence names: each command in it exists, takes these flags, and accepts these values."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import typer

from numa_deploy.cli.first_word import lead
from numa_deploy.cli.leftovers import refuse_leftovers
from numa_deploy.cli.main import app, mode_flags
from numa_deploy.cli.words import translate

ROOT = Path(__file__).parents[2]
PARSER = typer.main.get_command(app)
MODES = mode_flags(PARSER)
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

SPEAKS = {"does", "needs", "runs", "reads", "downloads", "and", "has", "writes", "already"}
"""What follows where numa-deploy is the subject of a sentence and no command."""
VALUES = {
    "version": "and",
    "_likely": "predict",
    "format": "onnx",
    "family": "yolox",
    "mode": "track",
    "word": "track_buffer",
    "precision": "80",
    "count": "3",
}
"""What stands for `{...family...}` in an f-string; a file name for everything else."""


def text_of(node):
    """The text of a string or f-string, placeholders filled; None for other expressions."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        text = ""
        for part in node.values:
            flag = "conf" if text.endswith("--") else ""
            text += part.value if isinstance(part, ast.Constant) else flag or filled(ast.unparse(part.value))
        return text
    return None


def filled(expression):
    return next((value for word, value in VALUES.items() if word in expression.lower()), "best.onnx")


def strings():
    """Every string of the packages that is no docstring: (where, text)."""
    for package in ("numa_deploy", "runtime", "export", "benchmarks/numa_benchmarks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                text = None if id(node) in inside | docs else text_of(node)
                if text:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def commands():
    """Every command in them: (where, words after numa-deploy)."""
    for where, text in strings():
        for found in re.finditer(r"numa-deploy (?=[-a-z])([^\n;()`]*)", text):
            words = found.group(1).split()
            if words[0].rstrip(",.:") not in SPEAKS:
                yield pytest.param(words, id=f"{where} {' '.join(words)[:40]}")


def as_typed(words):
    """The words of a command in a sentence, up to where the sentence goes on."""
    mode = words[0].strip(",.:")
    typed, flags, arguments = [mode], MODES.get(mode), 0
    if flags is None:
        return typed
    rest = [word.rstrip(",.:") if not word.endswith("...") else word for word in words[1:]]
    while rest:
        word = rest.pop(0)
        flag = word[2:].partition("=")[0].replace("_", "-") if word.startswith("--") else word.partition("=")[0]
        if word.startswith("--"):
            typed.append(word)
            if flag in flags.values and "=" not in word:
                taken = 2 if flag in flags.sizes and len(rest) > 1 and rest[1].isdigit() else 1
                typed += rest[:taken]
                del rest[:taken]
        elif "=" in word:
            typed.append(word)
        elif arguments < len(flags.arguments):
            typed.append(word)
            arguments += 1
        else:
            break
    return typed


def parse(words):
    """Take words as the command line does, without running anything."""
    translation = translate(lead(words, MODES), MODES)
    refuse_leftovers(translation, MODES)
    mode, *argv = translation.argv
    PARSER.commands[mode].make_context(mode, argv)


def test_there_are_commands_in_the_sentences():
    assert len(list(commands())) > 25


@pytest.mark.parametrize("words", list(commands()))
def test_a_command_in_a_sentence_can_be_typed(words):
    typed = as_typed(words)
    assert typed[0] in MODES or typed == ["--help"] or typed[0] == "--help"
    assert not any("|" in word for word in typed), "a pipe, for a shell"
    if "--help" in typed or typed[0] == "--help":
        return
    required = [parameter for parameter in PARSER.commands[typed[0]].params if parameter.required]
    if len(typed) == 1 and required:
        return  # the mode is named, not typed
    parse(typed)


def test_flags_in_sentences_exist():
    """A flag that stands by itself belongs to some mode, or to the program that the sentence names."""
    known = {flag for mode in MODES.values() for flag in mode.known} | {"help", "version"}
    for where, text in strings():
        if "numa-deploy" in text or " " not in text.strip() or text.count("\n") > 4:
            continue  # commands are tried above; a word is no sentence, nor is a style sheet
        for flag in re.findall(r"(?<![-\w])--([a-z][a-z0-9-]*)", text):
            if flag.removeprefix("no-") in known or re.search(OTHERS, text):
                continue
            raise AssertionError(f"{where}: no mode has --{flag}: {text!r}")


OTHERS = r"export\.py --weights|--upgrade|--force-reinstall"
"""Flags of pip and of other tools' scripts."""


def test_extras_in_sentences_exist():
    for where, text in strings():
        for names in re.findall(r"numa-deploy\[([\w,]+)\]", text):
            assert set(names.split(",")) <= set(EXTRAS), where
