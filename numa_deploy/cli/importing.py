"""`numa-deploy import`: an Ultralytics checkpoint becomes one of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_deploy.cli.options import PrintOptions
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions(Options):
    """What is imported, and where it goes."""

    mode: ClassVar[str] = "import"

    file: str = option("", "Ultralytics checkpoint (best.pt).", argument=True, required=True)
    output: str | None = option(None, "Default: FILE-numa.pt next to it.", short="-o", metavar="PATH", panel=MOST)


def import_weights(options: ImportOptions, prints: PrintOptions) -> None:
    """Read an Ultralytics checkpoint without its code, and write one of ours: what became of its tensors is listed."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.importing import import_weights as import_file

    console = open_console(prints)
    imported = import_file(options.file, options.output)
    for line in imported.lines():
        console.say(line)
    console.finish(imported.to_dict())


import_weights.__name__ = ImportOptions.mode  # the command's word, which Python keeps for itself
