"""`numa-deploy doctor`: what this machine has, and what each missing extra would bring."""

from __future__ import annotations

from numa_deploy.cli.options import PrintOptions


def doctor(prints: PrintOptions) -> None:
    """Print versions, execution providers, threads, caches, and what is not installed."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.health import examine

    console = open_console(prints)
    report = examine()
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
