"""The `key=value` words YOLO users type, turned into flags before the parser sees them.

`yolo track model=a.onnx source=b.mp4 conf=0.3, show` and `--model a.onnx --source b.mp4 --conf 0.3 --show`
mean the same. This is a pure function of the words and of the flags a mode has, so that every rule is tested
without running anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options
from numa_runtime.options.readers import FALSE, TRUE
from numa_runtime.pipeline.options.tracker import every_parameter

TASKS = ("detect", "pose", "multitask", "segment", "obb", "classify")
_NOT_GIVEN = "none"
"""What other tools write for "not given": `classes=None`."""

# Words that mean the same as one of our flags.
ALIASES = {
    "weights": "model",
    "agnostic": "agnostic-nms",
    "conf-thres": "conf",
    "iou-thres": "iou",
    "img-size": "imgsz",
    "img": "imgsz",
    "view-img": "show",
    "line-thickness": "line-width",
}
OPPOSITES = {
    "hide-labels": "show-labels",
    "hide-conf": "show-conf",
    "hide-boxes": "show-boxes",
    "nosave": "save",
}
"""Switches of other tools that switch one of ours off."""


@dataclass(frozen=True, slots=True)
class ModeFlags:
    """The long flags of one mode, without dashes.

    Attributes:
        values: those that take a value.
        switches: the on/off ones.
        sizes: those of `values` that take one number or two (`--imgsz 384 640`).
        foreign: by word of another tool, the options that say what to do here instead.
        short: long flags by their letter, "-s".
        arguments: what is typed without a flag, in its order.
        repeats: those of `values` that may be given several times.
    """

    values: frozenset[str]
    switches: frozenset[str]
    sizes: frozenset[str] = frozenset()
    foreign: Mapping[str, type[Options]] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    repeats: frozenset[str] = frozenset({"set"})

    @property
    def known(self) -> tuple[str, ...]:
        """All flags, sorted."""
        return tuple(sorted(self.values | self.switches))


@dataclass(frozen=True, slots=True)
class Translation:
    """The rewritten arguments and what to tell the user about the rewriting.

    Attributes:
        argv: plain flags and their values.
        notes: sentences.
        bare: words among them that stand alone: arguments, where the mode has some.
        sources: the sources, where several were given.
    """

    argv: list[str]
    notes: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def translate(argv: Sequence[str], modes: Mapping[str, ModeFlags]) -> Translation:
    """Rewrite `argv` (without the program name) into plain flags.

    Raises:
        UsageError: a setting that the mode does not have, or an on/off word with a strange value.
    """
    words, notes = list(argv), []
    if len(words) > 1 and words[0] in TASKS and words[1] in modes:
        notes.append(f"the task word {words[0]!r} is not needed: the model knows its task")
        del words[0]
    if not words or words[0] not in modes:
        return Translation(words, notes)
    reading = _Reading(words[0], modes[words[0]], words[1:], notes)
    while reading.rest:
        reading.take()
    return Translation([words[0], *reading.out], notes, reading.bare, reading.sources)


@dataclass(slots=True)
class _Reading:
    """Words that are still to be read, and what became of the others."""

    mode: str
    flags: ModeFlags
    rest: list[str]
    notes: list[str]
    out: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def take(self) -> None:
        """Read one setting: a flag with its value, a `key=value` word or a bare one."""
        word = self.rest.pop(0)
        word = f"--{self.flags.short[word]}" if word in self.flags.short else word
        if word.startswith("--") and word != "--":
            key, equals, value = word[2:].partition("=")
            if not self._setting(key, value if equals else None, word):
                raise self._unknown(key)
        elif word.startswith("-"):
            self.out.append(word)
        else:
            self._word(word)

    def _word(self, word: str) -> None:
        bare = word.removesuffix(",")
        key, equals, value = bare.partition("=")
        if bare != word and (equals or flag_of(bare) in self.flags.switches):
            self.notes.append(f"dropped the comma after {bare!r}: words are separated by spaces")
            word = bare
        if word == "help" and not self.flags.arguments:
            self.out.append("--help")
        elif not equals:
            on = flag_of(word) in self.flags.switches or flag_of(word) in OPPOSITES or self._is_parameter(word)
            if not (on and self._setting(word, "True", word)):
                self._bare(word)
        elif not self._setting(key, value, word):
            if flag_of(key).replace("-", "").isalnum():
                raise self._unknown(key)
            self._bare(word)  # a file name with "=" in it

    def _setting(self, key: str, value: str | None, word: str) -> bool:
        """Read a setting whose value may still be to come; False where the mode knows no such thing."""
        flags, plain = self.flags, key.strip().lower().replace("_", "-")
        flag = plain if plain in flags.values else flag_of(key)  # train has weights next to a model
        if flag in OPPOSITES and OPPOSITES[flag] in flags.switches:
            self._switch(OPPOSITES[flag], key, value, opposite=True)
        elif flag in flags.switches:
            self._switch(flag, key, value)
        elif flag.startswith("no-") and flag[3:] in flags.switches:
            self._switch(flag[3:], key, value, opposite=True)
        elif flag in flags.values:
            self._value(flag, self._next(flag) if value is None else value)
        elif self._is_parameter(key):
            self._value("set", f"{_keyword(key)}={self._guess() if value is None else value}")
        elif flags.arguments and "=" in word and flag in (*flags.arguments, "model"):
            self._bare(value or "")
        elif word == f"--{key}" and flag in flags.arguments and self.rest:
            self._bare(self.rest.pop(0))
        elif (name := _keyword(key)) in flags.foreign:
            flags.foreign[name].of(
                {name: self._guess() if value is None else value}
            )  # says why not, or asks for nothing
        elif flag == "help" and word.startswith("-"):
            self.out.append("--help")
        else:
            return False
        return True

    def _value(self, flag: str, value: str | None) -> None:
        if value is None:
            self.out.append(f"--{flag}")  # the parser says that its value is missing
        elif (value.rpartition("=")[2] if flag == "set" else value).strip().lower() != _NOT_GIVEN:
            self._once(flag, value)
            self.out += [f"--{flag}", value]

    def _switch(self, flag: str, key: str, value: str | None, *, opposite: bool = False) -> None:
        if value is None:
            typed = self.rest[0].lower() if self.rest else ""
            value = self.rest.pop(0) if typed in ("true", "false") else "true"
        lowered = value.lower()
        if lowered == _NOT_GIVEN:
            return
        if lowered not in (*TRUE, *FALSE):
            raise UsageError(f"{key} is on or off; {value!r} is neither", hint=f"{key}=True or {key}=False")
        on = (lowered in TRUE) != opposite
        self._once(flag, "on" if on else "off")
        self.out.append(f"--{flag}" if on else f"--no-{flag}")

    def _once(self, flag: str, value: str) -> None:
        before = self.given.get(flag, value)
        self.given[flag] = value
        if flag in self.flags.repeats or before == value:
            return
        if flag == "source":
            self.sources = [before, value]
        else:
            self.notes.append(f"--{flag} is given twice, {before} and {value}: the last one counts")

    def _next(self, flag: str) -> str | None:
        """Return the word after a flag, the numbers of `--imgsz 384 640` joined to one value."""
        if flag not in self.flags.sizes:
            return self.rest.pop(0) if self.rest else None
        taken: list[str] = []
        while self.rest and len(taken) < 2 and self.rest[0].rstrip(",").isdigit():
            taken.append(self.rest.pop(0).rstrip(","))
        return ",".join(taken) if taken else self.rest.pop(0) if self.rest else None

    def _guess(self) -> str:
        """Return the value of a flag that may be an on/off one: the next word where that is nothing else."""
        word = self.rest[0] if self.rest else "-"
        if word.startswith("-") or "=" in word or flag_of(word.removesuffix(",")) in self.flags.switches:
            return "True"
        return self.rest.pop(0)

    def _bare(self, word: str) -> None:
        self.out.append(word)
        self.bare.append(word)

    def _is_parameter(self, key: str) -> bool:
        """Whether `key` is a tracker's parameter without a flag of its own, in a mode that has --set."""
        return "set" in self.flags.values and _keyword(key) in every_parameter()

    def _unknown(self, key: str) -> UsageError:
        known = [*self.flags.known, *(sorted(every_parameter()) if "set" in self.flags.values else ())]
        close = nearest(flag_of(key), known).replace("-", "_")
        return UsageError(
            f"{self.mode} has no setting {key!r}{close}", hint=f"numa-deploy {self.mode} --help lists its settings"
        )


def _keyword(key: str) -> str:
    return key.strip().lower().replace("-", "_")


def flag_of(key: str) -> str:
    """Return the long flag that a word means, without dashes."""
    flag = key.strip().lower().replace("_", "-")
    return ALIASES.get(flag, flag)
