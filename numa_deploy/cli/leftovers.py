"""What is left when every word was read: a second source, and words that stand alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numa_deploy.cli.words import ModeFlags, Translation, flag_of
from numa_runtime.errors import UsageError


def refuse_leftovers(translation: Translation, modes: Mapping[str, ModeFlags]) -> None:
    """Refuse what the parser would take the last of, or has no place for, and say what was meant.

    Raises:
        UsageError: several sources, or more words that stand alone than the mode has arguments:
            `predict model x.onnx`, `predict x.jpg`.
    """
    if translation.sources:
        raise UsageError(
            f"one run reads one source, and several are given: {' and '.join(translation.sources)}",
            hint="a folder or a glob holds several: --source 'clips/*.mp4'",
        )
    mode = translation.argv[0] if translation.argv else ""
    left = translation.bare[len(modes[mode].arguments) :] if mode in modes else []
    if left:
        raise _misplaced(left, mode, modes[mode])


def _misplaced(left: Sequence[str], mode: str, flags: ModeFlags) -> UsageError:
    word = left[0]
    if flag_of(word) in flags.values:
        value = left[1] if len(left) > 1 else "VALUE"
        return UsageError(
            f"{word} stands without a value: a word and its value are joined by =", hint=f"{word}={value}"
        )
    if "source" in flags.values:
        key = "model" if word.endswith((".onnx", ".pt", ".engine", ".torchscript", ".xml", "_model")) else "source"
        return UsageError(
            f"{mode} does not know what to do with {word!r}: a word says what it is", hint=f"{key}={word}"
        )
    return UsageError(
        f"{mode} does not know what to do with {word!r}", hint=f"numa-deploy {mode} --help lists what it takes"
    )
