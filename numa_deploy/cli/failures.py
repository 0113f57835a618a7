"""From whatever a command raised to one sentence: what the parser or the system refuses, and our own faults."""

from __future__ import annotations

import errno
from typing import Any

from numa_runtime.errors import MissingExtra, NumaError, UsageError
from numa_runtime.installing import EXTRAS, extras_for, packages_line


def as_error(error: Exception) -> NumaError:
    """Return the error that is printed for `error`."""
    if isinstance(error, NumaError):
        return error
    if hasattr(error, "format_message"):  # the parser's own errors; Typer does not export their class
        return UsageError(error.format_message(), hint=_way_out(error))
    if isinstance(error, OSError) and error.errno is not None:
        return _of_the_system(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _of_a_module(error.name.partition(".")[0])
    if isinstance(error, MemoryError) or "allocate memory" in str(error):  # torch and OpenVINO have no class for it
        return NumaError(
            f"this machine has not enough memory for that{f': {_first(error)}' if str(error) else ''}",
            hint="smaller pictures (--imgsz) or fewer at a time need less",
        )
    return NumaError(
        f"unexpected {type(error).__name__}: {_first(error)}",
        hint="this is a fault of numa-deploy; --debug shows where",
    )


def _first(error: Exception) -> str:
    """Return the first line of what a library says; some add pages of their own stack."""
    return str(error).strip().partition("\n")[0]


def _of_the_system(error: OSError) -> NumaError:
    """Return what the system refused, and on which path."""
    where = " and ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
    reason = (error.strerror or str(error)).lower()
    hint = "free some space" if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)) else ""
    return NumaError(f"{where}: {reason}" if where else reason, hint=hint)


def _of_a_module(name: str) -> NumaError:
    if name in EXTRAS:
        return MissingExtra("this", name, extras_for([name]))
    return NumaError(f"the package {name} is not installed", hint=packages_line(name))


def _way_out(error: Any) -> str:
    """Return what to type after the parser refused something: what the option is, or the help that lists them."""
    parameter, context = getattr(error, "param", None), getattr(error, "ctx", None)
    if parameter is not None and getattr(parameter, "help", None):
        flags = [flag for flag in parameter.opts if flag.startswith("--")]
        name = f"{flags[0]} " if flags else ""
        return f"{name}{parameter.metavar or parameter.name.upper()}: {parameter.help}"
    mode = context.command.name if context is not None and context.parent is not None else ""
    return f"numa-deploy {mode} --help lists its settings" if mode else "numa-deploy --help lists the modes"
