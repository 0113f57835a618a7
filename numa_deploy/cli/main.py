"""The `numa-deploy` command: parses, runs one mode, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from numa_deploy import __version__
from numa_deploy.cli.adopt import adopt
from numa_deploy.cli.benchmark import benchmark
from numa_deploy.cli.check import check
from numa_deploy.cli.console import print_error
from numa_deploy.cli.data import data
from numa_deploy.cli.doctor import doctor
from numa_deploy.cli.export import export
from numa_deploy.cli.failures import as_error
from numa_deploy.cli.first_word import lead
from numa_deploy.cli.flags import Mode, command
from numa_deploy.cli.help import ModeCommand, ModeGroup
from numa_deploy.cli.importing import import_weights
from numa_deploy.cli.info import info
from numa_deploy.cli.inspect import inspect
from numa_deploy.cli.leftovers import refuse_leftovers
from numa_deploy.cli.predict import predict
from numa_deploy.cli.signals import Request, asked_to_end
from numa_deploy.cli.streams import safe_streams
from numa_deploy.cli.track import track
from numa_deploy.cli.train import train
from numa_deploy.cli.tune import tune
from numa_deploy.cli.val import val
from numa_deploy.cli.warmup import warmup
from numa_deploy.cli.words import ModeFlags, translate
from numa_runtime.errors import NumaError
from numa_runtime.shown import shown, shown_lines

INTERRUPTED = 130
MODES: dict[str, tuple[Mode, ...]] = {
    "Run a model": (predict, track),
    "Teach it": (train,),
    "Judge it": (val, tune, benchmark),
    "Make files": (export, adopt, import_weights),
    "Labelled data": (data,),
    "Look": (inspect, info, check, doctor, warmup),
}

app = typer.Typer(
    name="numa-deploy",
    cls=ModeGroup,
    help="Run YOLO networks without torch and follow every object through video.",
    epilog="key=value words work too: numa-deploy track model=best.onnx source=match.mp4 conf=0.3",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for title, modes in MODES.items():
    for mode in modes:
        app.command(mode.__name__, cls=ModeCommand, rich_help_panel=title)(command(mode))


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"numa-deploy {__version__}")
        raise typer.Exit


@app.callback()
def numa_deploy(
    version: Annotated[
        bool, typer.Option("--version", "-v", help="Print the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Run YOLO networks without torch and follow every object through video."""


@app.command("version", cls=ModeCommand, rich_help_panel="Look")
def version() -> None:
    """Print the version."""
    print(f"numa-deploy {__version__}")


def mode_flags(group: Any) -> dict[str, ModeFlags]:
    """Read from the parser itself which flags each mode has."""
    found: dict[str, ModeFlags] = {}
    for name, one in group.commands.items():
        kinds: dict[str, set[str]] = {"values": set(), "switches": set(), "sizes": set()}
        short: dict[str, str] = {}
        arguments, repeats = list[str](), set[str]()
        for parameter in one.params:
            if parameter.param_type_name == "argument":
                arguments.append(parameter.name)
                continue
            flags = {flag[2:] for flag in parameter.opts if flag.startswith("--")}
            kinds["switches" if getattr(parameter, "is_flag", False) else "values"].update(flags)
            kinds["sizes"].update(flags if getattr(parameter, "metavar", None) == "SIZE" else ())
            short |= {flag: min(flags) for flag in parameter.opts if not flag.startswith("--") and flags}
            repeats |= flags if parameter.multiple else set()
        found[name] = ModeFlags(
            **{kind: frozenset(flags) for kind, flags in kinds.items()},
            foreign=getattr(one.callback, "foreign", {}),
            short=short,
            arguments=tuple(arguments),
            repeats=frozenset(repeats),
        )
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (0 done, 1 failed, 2 usage, 128 + n ended by signal n)."""
    words = list(sys.argv[1:] if argv is None else argv)
    with safe_streams() as streams, asked_to_end() as request:
        code = _judged(words, request)
        if (failure := streams.failure()) is None:
            return code
        print_error(NumaError(f"standard output cannot be written: {failure.strerror or failure}"))
        return code or 1


def _judged(words: list[str], request: Request) -> int:
    """Run a command and turn what it raises into a sentence and an exit code."""
    debug = "--debug" in words or "debug=True" in words
    try:
        return _run(words, request)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(request)
    except Exception as error:
        if debug:
            print(shown_lines(traceback.format_exc().rstrip()), file=sys.stderr)
        if request.number is not None and not isinstance(error, NumaError):
            return _interrupted(request)  # native code made an error of its own of the interrupt
        said = as_error(error)
        print_error(said)
        return said.exit_code


def _run(words: list[str], request: Request) -> int:
    parser = typer.main.get_command(app)
    modes = mode_flags(parser)
    translation = translate(lead(words, modes), modes)
    refuse_leftovers(translation, modes)
    if not {"--quiet", "-q"} & set(translation.argv):
        for note in translation.notes:
            print(f"warning: {shown(note)}", file=sys.stderr)
    code = parser.main(translation.argv, prog_name="numa-deploy", standalone_mode=False)
    if code == INTERRUPTED:  # Typer catches the interrupt before we can
        return _interrupted(request)
    return code if isinstance(code, int) else 0


def _interrupted(request: Request) -> int:
    by = f"ended by {request.name}" if request.name not in ("", "SIGINT") else "interrupted"
    print(f"{by}: unfinished files were removed", file=sys.stderr)
    return request.exit_code
