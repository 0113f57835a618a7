"""The `key=value` words YOLO users type, turned into flags before the parser sees them.

`yolo track model=a.onnx source=b.mp4 conf=0.3, show` and `--model a.onnx --source b.mp4 --conf 0.3 --show`
mean the same. This is a pure function of the words and of the flags a mode has, so that every rule is tested
without running anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options.neutral import asks_for_nothing
from numa_runtime.options.readers import FALSE, TRUE
from numa_runtime.pipeline.options.tracker import every_parameter

TASKS = ("detect", "pose", "multitask", "segment", "obb", "classify")

# Words that mean the same as one of our flags.
ALIASES = {
    "weights": "model",
    "agnostic": "agnostic-nms",
    "conf-thres": "conf",
    "iou-thres": "iou",
    "img-size": "imgsz",
}


@dataclass(frozen=True, slots=True)
class ModeFlags:
    """The long flags of one mode, without dashes.

    Attributes:
        values: those that take a value.
        switches: the on/off ones.
        sizes: those of `values` that take one number or two (`--imgsz 384 640`).
        elsewhere: words that mean something in other tools, and what to do here instead.
        neutral: values of those words that ask for nothing, next to none and false.
    """

    values: frozenset[str]
    switches: frozenset[str]
    sizes: frozenset[str] = frozenset()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    neutral: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def known(self) -> tuple[str, ...]:
        """All flags, sorted."""
        return tuple(sorted(self.values | self.switches))


@dataclass(frozen=True, slots=True)
class Translation:
    """The rewritten arguments and what to tell the user about the rewriting."""

    argv: list[str]
    notes: list[str] = field(default_factory=list)


def translate(argv: Sequence[str], modes: dict[str, ModeFlags]) -> Translation:
    """Rewrite `argv` (without the program name) into plain flags.

    Raises:
        UsageError: a `key=value` whose key the mode does not have, or an on/off word with a strange value.
    """
    words, notes = list(argv), []
    if len(words) > 1 and words[0] in TASKS and words[1] in modes:
        notes.append(f"the task word {words[0]!r} is not needed: the model knows its task")
        del words[0]
    if not words or words[0] not in modes:
        return Translation(words, notes)
    mode, flags = words[0], modes[words[0]]
    out, position = [mode], 1
    while position < len(words):
        word = words[position]
        position += 1
        if word.startswith("-"):
            out.append(_underscores(word))
            flag = word.lstrip("-").replace("_", "-")
            if flag in flags.sizes and position < len(words):
                size, position = _size(words, position)
                out.append(size)
            elif flag in flags.values and "=" not in word and position < len(words):
                out.append(words[position])
                position += 1
            continue
        out.extend(_word(word, mode, flags, notes))
    return Translation(out, notes)


def _word(word: str, mode: str, flags: ModeFlags, notes: list[str]) -> list[str]:
    bare = word
    if word.endswith(",") and ("=" in word or _flag(word[:-1]) in flags.switches):
        bare = word[:-1]
        notes.append(f"dropped the comma after {bare!r}: words are separated by spaces")
    if "=" not in bare:
        if _flag(bare) in flags.switches:
            return [f"--{_flag(bare)}"]
        return ["--set", f"{bare}=True"] if _sets(bare, flags) else [word]
    key, value = bare.split("=", 1)
    flag = _flag(key)
    if flag in flags.values:
        return [f"--{flag}", value]
    if flag in flags.switches:
        return [_switch(flag, key, value)]
    if _sets(key, flags):
        return ["--set", bare]
    return _foreign(word, key, value, mode, flags)


def _foreign(word: str, key: str, value: str, mode: str, flags: ModeFlags) -> list[str]:
    """Return what becomes of a word that is no flag of the mode, or say what to do instead."""
    flag = _flag(key)
    if not flag.replace("-", "").isalnum():  # a file name with "=" in it
        return [word]
    if key in flags.elsewhere:
        if asks_for_nothing(value, flags.neutral.get(key, ())):
            return []
        raise UsageError(f"{mode} does not take {key!r}: {flags.elsewhere[key]}")
    known = [*flags.known, *(sorted(every_parameter()) if "set" in flags.values else ())]
    close = nearest(flag, known).replace("-", "_")
    raise UsageError(f"{mode} has no setting {key!r}{close}", hint=f"numa-deploy {mode} --help lists its settings")


def _sets(key: str, flags: ModeFlags) -> bool:
    """Whether `key` is a tracker's parameter without a flag of its own, in a mode that has --set."""
    return "set" in flags.values and key.strip().lower() in every_parameter()


def _switch(flag: str, key: str, value: str) -> str:
    lowered = value.lower()
    if lowered in TRUE:
        return f"--{flag}"
    if lowered in FALSE:
        return f"--no-{flag}"
    raise UsageError(f"{key} is on or off; {value!r} is neither", hint=f"{key}=True or {key}=False")


def _flag(key: str) -> str:
    flag = key.strip().lower().replace("_", "-")
    return ALIASES.get(flag, flag)


def _underscores(word: str) -> str:
    if not word.startswith("--"):
        return word
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value


def _size(words: Sequence[str], position: int) -> tuple[str, int]:
    """Join the numbers of `--imgsz 384 640` into one value."""
    taken: list[str] = []
    while position < len(words) and len(taken) < 2 and words[position].rstrip(",").isdigit():
        taken.append(words[position].rstrip(","))
        position += 1
    if not taken and position < len(words):
        return words[position], position + 1
    return ",".join(taken), position
