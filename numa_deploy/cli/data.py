"""`numa-deploy data`: labelled data is made up or looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from numa_benchmarks.rally.rally_options import RallyOptions
from numa_deploy.cli.console import Console
from numa_deploy.cli.flags import Given
from numa_deploy.cli.options import PrintOptions
from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST
from numa_runtime.words import Word


class Action(
    Word, refusal="there is no data {word}{close}; there is: {list}", hint="numa-deploy data rally --output rallies"
):
    """What is done with labelled data."""

    RALLY = "rally"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions(Options):
    """What is done, with which data, and where it goes."""

    mode: ClassVar[str] = "data"

    action: Action = option(
        "",
        "rally: make court scenes up, with exact labels.",
        read=lambda _, word: Action.parse(word),
        argument=True,
        required=True,
    )
    output: str | None = option(None, "Folder that is made.", short="-o", metavar="PATH", panel=MOST)


def data(options: DataOptions, rally: Given[RallyOptions], prints: PrintOptions) -> None:
    """Make rallies up from a seed: rally. Look at labels before you train: check."""
    from numa_deploy.cli.console import open_console

    make_rallies(open_console(prints), options, rally.make())


def make_rallies(console: Console, options: DataOptions, rally: RallyOptions) -> None:
    """Write made-up rallies to the folder that `--output` names."""
    if options.output is None:
        raise UsageError("data rally needs a folder to write to", hint="--output rallies")

    from numa_benchmarks.rally.write import write_rallies
    from numa_deploy.cli.progress import CountBar

    with CountBar("playing", enabled=not console.quiet) as bar:
        report = write_rallies(rally, Path(options.output), bar)
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
