"""The tables that pages get from the code when the site is built."""

import runpy

import pytest
from doc_pages import pages
from support import ROOT

from numa_deploy.cli.main import app

HOOK = runpy.run_path(str(ROOT / "tools" / "docs_hook.py"))
MARKS = sorted({mark.groups("") for page in pages() for mark in HOOK["MARK"].finditer(page.read_text())})


@pytest.mark.parametrize(("name", "word"), MARKS)
def test_every_mark_becomes_a_table(name, word):
    text = HOOK["generate"](name, word)
    assert "| --- |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    assert all(line.endswith("|") for line in rows)


def test_every_mode_and_flag_is_listed():
    import typer

    text = HOOK["generate"]("commands")
    for name, command in typer.main.get_command(app).commands.items():
        assert f"\n## {name}\n" in f"\n{text}"
        for parameter in command.params:
            assert all(f"`{flag}" in text for flag in parameter.opts if flag.startswith("--")), name


def test_a_mark_without_a_maker_fails_the_build():
    with pytest.raises(KeyError):
        HOOK["on_page_markdown"]("<!-- generated: nothing -->")


def test_a_pipe_in_a_cell_does_not_end_it():
    assert HOOK["table"](("a",), [("x|y `p|q`",)]).splitlines()[-1] == "| x\\|y `p|q` |"
