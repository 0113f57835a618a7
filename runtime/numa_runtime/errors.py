"""The one exception tree: what happened, why, the value, and what to type next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from numa_runtime.installing import absent, extras_for, pip_line
from numa_runtime.shown import shown, shown_lines


class NumaError(Exception):
    """A failure a user can act on.

    The command line prints `what` and `hint` on one or two lines and exits with `exit_code`; `str()` joins them.
    Names, paths and URLs may be put into both as they are: they are kept as `numa_runtime.shown` shows them.

    Attributes:
        what: one sentence: what happened, why, and the offending value.
        hint: what to type or do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, hint: str = "") -> None:
        self.what, self.hint = shown(what), shown_lines(hint)
        super().__init__(self.what, self.hint)

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what

    def __reduce__(
        self,
    ) -> tuple[Callable[..., NumaError], tuple[type[NumaError], tuple[object, ...], dict[str, object]]]:
        # the default calls the class with `args`, which no `__init__` here takes: workers could not report errors
        return _revive, (type(self), self.args, dict(self.__dict__))


def _revive(kind: type[NumaError], args: tuple[object, ...], state: dict[str, object]) -> NumaError:
    """Rebuild a pickled error without its `__init__`."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(NumaError):
    """What was asked for makes no sense: an unknown word, a value out of range (exit code 2)."""

    exit_code: ClassVar[int] = 2


class ContractError(NumaError):
    """A model's description is missing, damaged, or newer than this version reads."""


class ModelError(NumaError):
    """A file is not a model, or not one that can be opened or run here."""


class EngineError(ModelError):
    """A TensorRT engine that this machine cannot run: another GPU, another version, truncated."""


class DeviceError(NumaError):
    """The device that was asked for is not there."""


class SourceError(NumaError):
    """Frames cannot be had: file missing, broken image, empty video, stream gone."""


class SinkError(NumaError):
    """A result cannot be written: folder not writable, disk full."""


class TrackerError(NumaError):
    """A tracker's parameters or input make no sense."""


class ParameterError(TrackerError, UsageError):
    """A value that a tracker's parameter cannot have: wrong as typed, so exit code 2."""


class MissingExtra(NumaError):
    """Optional packages are not installed; the hint is the line that installs them.

    Args:
        need: what cannot be done without.
        packages: what is missing, one name or several.
        extras: the extras that bring them.
    """

    def __init__(self, need: str, packages: str | Sequence[str], extras: str | Sequence[str]) -> None:
        missing = (packages,) if isinstance(packages, str) else tuple(packages)
        bring = (extras,) if isinstance(extras, str) else tuple(extras)
        several = len(missing) > 1
        listed = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        super().__init__(
            f"{need} needs the {'packages' if several else 'package'} {listed}, "
            f"which {'are' if several else 'is'} not installed",
            hint=pip_line(*bring),
        )
        self.packages, self.extras = missing, bring


def require(need: str, *modules: str) -> None:
    """Refuse before any work where a module is missing; all that are missing are named at once.

    Args:
        need: what needs them: "exporting to onnx".
        modules: importable names, each of `numa_runtime.installing.EXTRAS`.

    Raises:
        MissingExtra: with the line that installs them.
    """
    if missing := absent(modules):
        raise MissingExtra(need, [name.replace("_", "-") for name in missing], extras_for(missing))


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return " (did you mean 'x'?)" for the known word closest to `word`, or "" when none is close."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
