"""`numa-deploy check`: whether a file still computes here what it computed where it was made."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def check(
    file: Annotated[str, typer.Argument(help="Artifact with a golden sample inside.", show_default=False)],
    device: o.Device = "auto",
    threads: o.Threads = None,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> int:
    """Recompute the golden sample stored in the file and compare; exit code 1 when it differs."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_runtime.golden import check_session
    from numa_runtime.sessions import load

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    with load(file, device=device, threads=threads) as session:
        report = check_session(session)
        console.note(f"{session.path} · {session.backend} {session.device}")
    for line in report.lines():
        console.say(line)
    console.finish({"file": file, **report.to_dict()})
    return 0 if report.passed else 1
