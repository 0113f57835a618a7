"""`runs/<mode>/<name>`: a folder of its own for every run."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.files import explain_os_error
from numa_runtime.partials import only_stale, sweep
from numa_runtime.paths import exists, expand
from numa_runtime.shown import without_secrets
from numa_runtime.sinks.names import safe_folders


class RunFolder:
    """The folder of one run.

    Args:
        mode: the command, "track" for example.
        name: the run's own name; "day1/cam2" is a folder in a folder.
        project: the folder of all runs.
        exist_ok: use the folder `name` even when it exists; files of the same name are replaced.

    Attributes:
        path: PROJECT/MODE/NAME, or NAME-2, NAME-3, ... when it is taken.
        was_there: whether it existed before, with whatever it holds.

    Raises:
        SinkError: it cannot be created.
    """

    def __init__(self, mode: str, name: str, *, project: str | Path, exist_ok: bool) -> None:
        *folders, stem = safe_folders(without_secrets(name), mode)
        parent = expand(project, SinkError).joinpath(mode, *folders)
        self._kept = next(folder for folder in (parent, *parent.parents) if exists(folder) or folder == folder.parent)
        self.path, self.was_there = _create(parent, stem, exist_ok)

    def remove_if_empty(self) -> None:
        """Remove the folder, and those above that came with it, as long as nothing is in them."""
        if self.was_there:
            return
        for folder in (self.path, *self.path.parents):
            if folder == self._kept:
                return
            try:
                folder.rmdir()
            except OSError:
                return


def make_run_folder(mode: str, name: str = "", *, project: str | Path = "runs", exist_ok: bool = False) -> Path:
    """Create and return the folder of a run that always has something to write; the words are those of `RunFolder`."""
    return RunFolder(mode, name, project=project, exist_ok=exist_ok).path


def _create(parent: Path, stem: str, exist_ok: bool) -> tuple[Path, bool]:
    """Create `parent/stem`, or the next free `stem-N`; return it and whether it was there.

    The folder is created by the same call that finds it free, so two runs started together get two. What a killed run
    left unfinished is swept from the folders on the way; one that held nothing else gives its name back.
    """
    folder = taken = parent / stem
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for number in count(2):
            try:
                folder.mkdir()
            except FileExistsError:
                if exist_ok and folder.is_dir():
                    _sweep(folder)
                    return folder, True
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
    return folder, False


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
