"""The first word of a command: a mode, or what people type in its place, who are told what is theirs here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from numa_deploy.cli.words import TASKS, ModeFlags
from numa_runtime.errors import UsageError, nearest

_OWN = ("-h", "--help", "--version", "-v", "--install-completion", "--show-completion")

_SAME = {
    "train": ("fit", "learn", "finetune"),
    "val": ("test", "validate", "eval", "evaluate"),
    "predict": ("infer", "inference", "run", "demo"),
    "export": ("convert", "deploy"),
    "benchmark": ("bench", "profile"),
    "inspect": ("describe", "show"),
    "doctor": ("checks", "check-env", "env"),
}
_FOREIGN = {
    "solutions": (
        "there are no ready-made solutions here; what they count is in the rows of a run",
        "numa-deploy track --save-csv",
    ),
    "cfg": ("there is no configuration to print: every setting is a flag", "numa-deploy track --help"),
    "copy-cfg": ("there is no configuration file: every setting is a flag", "numa-deploy track --help"),
    "settings": ("nothing is remembered between runs: every setting is a flag", "numa-deploy track --help"),
    "login": ("there is no account: nothing leaves this machine", "numa-deploy --help"),
    "logout": ("there is no account: nothing leaves this machine", "numa-deploy --help"),
    "hub": ("there is no hub: nothing leaves this machine, and models are files", "numa-deploy inspect best.onnx"),
}
"""Words of other tools that are no mode here: why not, and what leads on."""


def lead(argv: Sequence[str], modes: Mapping[str, ModeFlags]) -> list[str]:
    """Return the words with their mode in front; without any, those that print the help.

    Args:
        argv: what was typed, without the program's name.
        modes: the flags of each mode.

    Raises:
        UsageError: there is no such mode; what is nearest, or what to do instead, is named.
    """
    words = _reordered(list(argv), modes)
    if not words or words == ["help"]:
        return ["--help"]
    if words[0] == "help":
        return [*lead(words[1:], modes)[:1], "--help"]
    at = 1 if len(words) > 1 and words[0] in TASKS else 0
    word = words[at]
    if words[0] in modes or word in modes or words[0] in _OWN:
        return words
    raise _refusal(word, modes)


def _reordered(words: list[str], modes: Mapping[str, ModeFlags]) -> list[str]:
    """Put the mode of `task=detect mode=predict` in front; "yolo" before it is dropped."""
    words = words[1:] if words[:1] == ["yolo"] else words
    if not words or words[0] in modes:
        return words
    modes_given = [word for word in words if word.startswith("mode=")]
    if not modes_given:
        return words
    others = [word for word in words if word not in modes_given and not word.startswith("task=")]
    return [modes_given[-1].removeprefix("mode="), *others]


def _refusal(word: str, modes: Mapping[str, ModeFlags]) -> UsageError:
    plain = word.lower().replace("_", "-")
    if plain in _FOREIGN:
        what, hint = _FOREIGN[plain]
        return UsageError(what, hint=hint)
    for mode, others in _SAME.items():
        if plain in others:
            return UsageError(f"there is no mode {word!r}: here it is {mode!r}", hint=f"numa-deploy {mode} --help")
    if word.startswith("-") or "=" in word or word in TASKS:
        what = f"{word!r} is a task" if word in TASKS else f"{word!r} stands where a mode is expected"
        return UsageError(f"{what}; the first word says what to do", hint=f"numa-deploy {_likely(word)} --help")
    if Path(word).suffix or Path(word).exists():
        return UsageError(
            f"{word!r} stands where a mode is expected; the first word says what to do",
            hint=f"numa-deploy predict --source {word}, or numa-deploy inspect {word} where it is a model",
        )
    return UsageError(f"there is no mode {word!r}{nearest(plain, list(modes))}", hint="numa-deploy --help lists them")


def _likely(word: str) -> str:
    return "export" if word.lstrip("-").startswith("format") else "predict"
