"""What people type as paths, and names of files that are not text."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.errors import NumaError, UsageError

NAME_BYTES = 255
"""The longest name that ext4, APFS and NTFS take; the first two count bytes, not letters."""


def expand(text: str | Path, error: type[NumaError] = UsageError) -> Path:
    """Return a path with "~" and "~somebody" replaced by the home folder; a file whose very name begins so wins.

    Args:
        text: what was typed.
        error: what is raised.

    Raises:
        NumaError: of type `error`: there is no such user.
    """
    path = Path(text)
    if not str(path).startswith("~"):
        return path
    try:
        home = path.expanduser()
    except RuntimeError:
        home = None
    if home is not None and path.parts[0] == "~":
        return home
    if exists(path) or exists(Path(path.parts[0])):
        return path
    if home is None:
        raise error(
            f"{path}: there is no home folder of {path.parts[0]} here",
            hint=f"./{path} means a folder or file called {path.parts[0]}",
        )
    return home


def exists(path: Path) -> bool:
    """Whether something is there; what may not be looked at, or has an impossible name, is not."""
    try:
        return path.exists()
    except OSError:
        return False


def utf8(text: str) -> str:
    r"""Return a path or name as text that can be written as UTF-8: bytes that are none become "\xe9".

    Python keeps such bytes of a file name as lone surrogates (PEP 383), which no JSON or CSV file may hold.
    """
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # surrogates that stand for no byte (Windows, JSON)
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cut(text: str, size: int) -> str:
    """Return the beginning of `text` that takes `size` bytes at most, no letter cut in two."""
    data = text.encode("utf-8", "surrogateescape")
    return text if len(data) <= size else data[:size].decode("utf-8", "ignore")
