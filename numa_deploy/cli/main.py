"""The `numa-deploy` command: parses, runs one mode, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer

from numa_deploy.cli.adopt import adopt
from numa_deploy.cli.benchmark import benchmark
from numa_deploy.cli.check import check
from numa_deploy.cli.console import print_error
from numa_deploy.cli.doctor import doctor
from numa_deploy.cli.export import export
from numa_deploy.cli.info import info
from numa_deploy.cli.inspect import inspect
from numa_deploy.cli.predict import predict
from numa_deploy.cli.track import track
from numa_deploy.cli.tune import tune
from numa_deploy.cli.val import val
from numa_deploy.cli.version import version
from numa_deploy.cli.warmup import warmup
from numa_deploy.cli.words import ModeFlags, translate
from numa_runtime.errors import NumaError, UsageError

INTERRUPTED = 130

app = typer.Typer(
    name="numa-deploy",
    help="Run YOLO networks without torch and follow every object through video.",
    epilog="key=value words work too: numa-deploy track model=best.onnx source=match.mp4 conf=0.3",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for mode in (predict, track, val, tune, benchmark, export, adopt, inspect, info, check, warmup, doctor, version):
    app.command(mode.__name__)(mode)


def mode_flags(group: Any) -> dict[str, ModeFlags]:
    """Read from the parser itself which flags each mode has."""
    found: dict[str, ModeFlags] = {}
    for name, command in group.commands.items():
        values: set[str] = set()
        switches: set[str] = set()
        for parameter in command.params:
            flags = {flag[2:] for flag in parameter.opts if flag.startswith("--")}
            (switches if getattr(parameter, "is_flag", False) else values).update(flags)
        found[name] = ModeFlags(frozenset(values), frozenset(switches))
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (0 done, 1 failed, 2 usage, 130 interrupted)."""
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words or "debug=True" in words
    try:
        return _run(words)
    except NumaError as error:
        if debug:
            raise
        print_error(error)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except BrokenPipeError:
        return 1
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own errors; Typer does not export their class
            print_error(UsageError(error.format_message(), hint="numa-deploy --help lists the modes and flags"))
            return UsageError.exit_code
        if debug:
            raise
        print_error(
            NumaError(
                f"unexpected {type(error).__name__}: {error}",
                hint="this is a fault of numa-deploy; --debug shows where",
            )
        )
        return 1


def _run(words: list[str]) -> int:
    command = typer.main.get_command(app)
    translation = translate(words, mode_flags(command))
    if not {"--quiet", "-q"} & set(translation.argv):
        for note in translation.notes:
            print(f"warning: {note}", file=sys.stderr)
    code = command.main(translation.argv, prog_name="numa-deploy", standalone_mode=False)
    if code == INTERRUPTED:  # Typer catches the interrupt before we can
        return _interrupted()
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    print("interrupted: unfinished files were removed", file=sys.stderr)
    return INTERRUPTED
