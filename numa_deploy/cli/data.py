"""`numa-deploy data`: labelled data is made up or looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.rally.rally_options import RallyOptions
from numa_deploy.cli.console import Console
from numa_deploy.cli.flags import Given, refuse_idle
from numa_deploy.cli.options import PrintOptions
from numa_runtime.errors import UsageError
from numa_runtime.files import check_target
from numa_runtime.options import Options, option, same
from numa_runtime.options.panels import MOST, WRITTEN
from numa_runtime.pipeline.options import OutputOptions
from numa_runtime.words import Word


class Action(
    Word, refusal="there is no data {word}{close}; there is: {list}", hint="numa-deploy data rally --output rallies"
):
    """What is done with labelled data."""

    RALLY = "rally"
    CHECK = "check"
    CONVERT = "convert"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions(Options):
    """What is done, with which data, and where it goes."""

    mode: ClassVar[str] = "data"

    action: Action = option(
        "",
        "rally: make court scenes up, with exact labels. check: look at labels before anything is trained on them. "
        "convert: write it in another layout.",
        read=lambda _, word: Action.parse(word),
        argument=True,
        required=True,
    )
    data: str | None = option(
        None, "What is looked at or converted: data.yaml, COCO .json, ball .csv or folder.", argument=True
    )
    output: str | None = option(
        None,
        "rally, convert: the folder that is made. check: the contact sheet. Default: runs/data/NAME/contact.jpg.",
        short="-o",
        metavar="PATH",
        panel=MOST,
    )
    project: str = same(OutputOptions, "project")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOptions(Options):
    """What labelled data is converted to."""

    mode: ClassVar[str] = "data convert"

    to: str = option(
        "yolo", "annotation (rallies), ball (CSV, mp4), yolo or coco (single images).", metavar="NAME", panel=WRITTEN
    )


def data(
    options: DataOptions,
    rally: Given[RallyOptions],
    look: Given[CheckOptions],
    other: Given[ConvertOptions],
    prints: PrintOptions,
) -> int | None:
    """Make rallies up from a seed (rally), look at labelled data (check), or write it in another layout (convert)."""
    from numa_deploy.cli.console import open_console

    console = open_console(prints)
    takes: dict[Action, Given[Any]] = {Action.RALLY: rally, Action.CHECK: look, Action.CONVERT: other}
    for action, group in takes.items():
        if action is not options.action:
            refuse_idle((takes[options.action],), (group,), f"data {options.action}", f"data {action}")
    if options.action is Action.RALLY:
        return make_rallies(console, options, rally.make())
    if options.action is Action.CHECK:
        return check(console, options, look.make())
    return convert(console, options, other.make())


def make_rallies(console: Console, options: DataOptions, rally: RallyOptions) -> int:
    """Write made-up rallies to the folder that `--output` names."""
    if options.data is not None:
        raise UsageError(f"data rally reads no data: {options.data!r} is too much", hint="--output rallies")
    if options.output is None:
        raise UsageError("data rally needs a folder to write to", hint="--output rallies")

    from numa_benchmarks.rally.write import write_rallies
    from numa_deploy.cli.progress import CountBar

    with CountBar("playing", enabled=not console.quiet) as bar:
        report = write_rallies(rally, Path(options.output), bar)
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
    return 0


def check(console: Console, options: DataOptions, look: CheckOptions) -> int:
    """Print what labelled data holds and what looks wrong in it; write a contact sheet."""
    if options.data is None:
        raise UsageError("data check needs labelled data", hint="numa-deploy data check data.yaml")
    if options.output is not None:
        check_target(Path(options.output))

    from numa_benchmarks.data_check.run import check_data
    from numa_benchmarks.labels.contact_sheet import write_sheet
    from numa_deploy.cli.progress import CountBar
    from numa_runtime.sinks.run_folder import make_run_folder

    source = Path(options.data)
    with CountBar("looking", enabled=not console.quiet) as bar:
        report = check_data(source, look, bar)
    for line in report.lines():
        console.say(line)
    sheet = None
    if report.samples:
        name = source.resolve().parent.name if source.stem == "data" else source.stem
        folder = None if options.output is not None else make_run_folder("data", name, project=options.project)
        sheet = Path(options.output or "") if folder is None else folder / "contact.jpg"
        write_sheet(report.samples, sheet)
        console.say(f"{sheet}  labelled samples, to look at")
    console.finish({**report.to_dict(), "sheet": None if sheet is None else str(sheet)})
    return 1 if report.broken or (look.strict and not report.clean) else 0


def convert(console: Console, options: DataOptions, wanted: ConvertOptions) -> int:
    """Write labelled data in another layout to the folder that `--output` names."""
    if options.data is None:
        raise UsageError("data convert needs labelled data", hint="numa-deploy data convert data.yaml --output other")
    if options.output is None:
        raise UsageError("data convert needs a folder to write to", hint="--output other")

    from numa_benchmarks.data_convert.conversion import Target
    from numa_benchmarks.data_convert.run import convert as convert_data
    from numa_deploy.cli.progress import CountBar

    target = Target.parse(wanted.to)
    with CountBar("converting", enabled=not console.quiet) as bar:
        report = convert_data(Path(options.data), target, Path(options.output), bar)
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
    return 0
