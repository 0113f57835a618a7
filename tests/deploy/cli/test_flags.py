"""One declared field is a flag, a word, a keyword and a name in the error for a misspelt one."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
import typer

from numa_deploy.cli.flags import command
from numa_deploy.cli.help import ModeCommand, ModeGroup
from numa_deploy.cli.main import app, mode_flags
from numa_deploy.cli.options import PrintOptions
from numa_deploy.cli.words import translate
from numa_runtime.errors import UsageError
from numa_runtime.options import Options, group, option
from numa_runtime.options.readers import at_least
from numa_runtime.pipeline.options import OutputOptions, TrackRunOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreOutputs(OutputOptions):
    save_heatmap: int | None = option(
        None, "Write where objects were, in cells of N pixels.", kind=int, read=at_least(2), panel="What is written"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreOptions(TrackRunOptions):
    outputs: MoreOutputs = group(MoreOutputs)


@pytest.fixture
def asked() -> list[Options]:
    return []


@pytest.fixture
def parser(asked):
    def track(options: MoreOptions, prints: PrintOptions) -> None:
        """Follow."""
        asked.extend([options, prints])

    # Names in annotations are looked up in the module, as they are for the real modes.
    track.__annotations__ = {"options": MoreOptions, "prints": PrintOptions}
    one = typer.Typer(cls=ModeGroup, add_completion=False)
    one.command("track", cls=ModeCommand)(command(track))
    one.command("other")(lambda: None)
    return typer.main.get_command(one)


def run(parser, *words: str):
    translation = translate(list(words), mode_flags(parser))
    return parser.main(translation.argv, prog_name="numa-deploy", standalone_mode=False)


def test_a_new_option_is_one_field(parser, asked, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    run(parser, "track", "--help")
    shown = capsys.readouterr().out
    assert "  --save-heatmap N            Write where objects were, in cells of N pixels.\n" in shown
    run(parser, "track", "--save-heatmap", "8")
    run(parser, "track", "save_heatmap=9")
    assert [options.outputs.save_heatmap for options in asked[::2]] == [8, 9]
    assert MoreOptions.of({"save_heatmap": 10}).outputs.save_heatmap == 10
    with pytest.raises(UsageError, match=r"track has no setting 'save_heatmp' \(did you mean 'save_heatmap'\?\)"):
        run(parser, "track", "save_heatmp=3")
    with pytest.raises(UsageError, match=r"track has no setting 'save_heatmp' \(did you mean 'save_heatmap'\?\)"):
        MoreOptions.of({"save_heatmp": 3})
    with pytest.raises(UsageError, match="save_heatmap is 1; it must be 2 or more"):
        run(parser, "track", "--save-heatmap", "1")


def test_what_is_not_given_keeps_its_default(parser, asked):
    run(parser, "track")
    options, prints = asked
    assert prints == PrintOptions()
    on = {"save", "save_mot", "save_jsonl"}  # the command line writes files by default
    assert options == MoreOptions.of(dict.fromkeys(on, True))


def test_switches_go_both_ways(parser, asked):
    run(parser, "track", "--no-save", "save_mot=False", "show", "-q")
    options, prints = asked
    assert (options.outputs.save, options.outputs.save_mot, options.outputs.show, prints.quiet) == (
        *(False, False),
        *(True, True),
    )


def test_a_word_that_means_something_elsewhere_says_what_to_do(parser):
    with pytest.raises(UsageError, match="track does not take 'half': precision lives in the artifact"):
        run(parser, "track", "half=True")


def all_options() -> Iterator[tuple[str, object]]:
    for name, one in typer.main.get_command(app).commands.items():
        for parameter in one.params:
            yield name, parameter


def test_every_flag_has_help_a_panel_and_fits_80_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    parser = typer.main.get_command(app)
    for name in parser.commands:
        parser.main([name, "--help"], prog_name="numa-deploy", standalone_mode=False)
        shown = capsys.readouterr().out
        assert all(len(line) <= 80 for line in shown.splitlines())
        assert "<" not in shown.replace("<- ", "")
        assert "Options:" not in shown
    assert all(parameter.help for name, parameter in all_options())


def test_the_most_used_flags_come_first(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    typer.main.get_command(app).main(["track", "--help"], prog_name="numa-deploy", standalone_mode=False)
    shown = capsys.readouterr().out
    most = shown[shown.index("Most used:") : shown.index("Model and source:")]
    flags = [line.split("--")[1].split()[0] for line in most.splitlines() if line.lstrip().startswith("-")]
    assert flags == ["model", "source", "conf", "iou", "classes", "imgsz", "show", "name", "tracker", "explain"]


def test_every_group_declares_its_fields():
    """A field without a declaration would be an option that no front knows."""
    for one in (OutputOptions, PrintOptions):
        assert {item.name for item in fields(one)} == {known.name for known in one.declared()}


@pytest.mark.parametrize("mode", ["track", "predict"])
def test_words_that_ask_for_nothing_are_passed_over(mode):
    words = ["half=False", "batch=1", "int8=false", "augment=False", "embed=None", "verbose=True", "save_crop=False"]
    found = translate([mode, *words, "show"], mode_flags(typer.main.get_command(app)))
    assert found.argv == [mode, "--show"]
    with pytest.raises(UsageError, match=f"{mode} does not take 'batch': frames run one at a time"):
        translate([mode, "batch=4"], mode_flags(typer.main.get_command(app)))
