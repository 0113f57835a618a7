"""`runs/<mode>/<name>`: a folder of its own for every run."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.files import explain_os_error
from numa_runtime.partials import only_stale, sweep
from numa_runtime.paths import expand
from numa_runtime.shown import without_secrets
from numa_runtime.sinks.names import safe_name


def make_run_folder(mode: str, name: str = "", *, project: str | Path = "runs", exist_ok: bool = False) -> Path:
    """Create and return `project/mode/name`, or name-2, name-3, ... when it is taken.

    The folder is created by the same call that finds it free, so two runs started together get two.

    Args:
        mode: the command, "track" for example.
        name: the run's own name.
        project: the folder of all runs.
        exist_ok: use the folder `name` even when it exists; files of the same name are replaced.

    Raises:
        SinkError: it cannot be created.
    """
    parent = expand(project) / mode
    stem = safe_name(without_secrets(name), mode)
    folder = taken = parent / stem
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for number in count(2):
            try:
                folder.mkdir(exist_ok=exist_ok)
            except FileExistsError:
                if exist_ok:
                    raise SinkError(f"{folder} is a file, not a folder", hint="choose another --name") from None
                if only_stale(folder) and _removed(folder):
                    continue
                taken = folder
                folder = parent / f"{stem}-{number}"
            else:
                break
    except OSError as error:
        raise explain_os_error(folder, error, remedy="choose another folder with --project") from error
    _sweep(taken)
    return folder


def _removed(folder: Path) -> bool:
    """Remove a folder of unfinished files, so that its name is free; return whether that worked."""
    _sweep(folder)
    try:
        for inner in _folders(folder):
            inner.rmdir()
        folder.rmdir()
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Remove what killed runs left in a run folder and in the folders in it."""
    for place in (folder, *_folders(folder)):
        sweep(place)


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:
        return []
