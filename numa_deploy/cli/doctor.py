"""`numa-deploy doctor`: what this machine has, and what each missing extra would bring."""

from __future__ import annotations

from numa_deploy.cli import options as o


def doctor(json_file: o.Json = None, quiet: o.Quiet = False, debug: o.Debug = False) -> None:
    """Print versions, execution providers, threads, caches, and what is not installed."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_deploy.health import examine

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    report = examine()
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
