"""`numa-deploy check`: whether a file still computes here what it computed where it was made."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.cli.options import PrintOptions
from numa_runtime.options import option
from numa_runtime.pipeline.options import DeviceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions(DeviceOptions):
    """What is checked, and where it runs."""

    file: str = option("", "Artifact with a golden sample inside.", argument=True, required=True)


def check(options: CheckOptions, prints: PrintOptions) -> int:
    """Recompute the golden sample stored in the file and compare; exit code 1 when it differs."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.bundled import model_path
    from numa_runtime.golden import check_session
    from numa_runtime.sessions import load

    console = open_console(prints)
    with load(model_path(options.file), device=options.device, threads=options.threads) as session:
        report = check_session(session)
        console.note(f"{session.path} · {session.backend} {session.device}")
    for line in report.lines():
        console.say(line)
    console.finish({"file": options.file, **report.to_dict()})
    return 0 if report.passed else 1
