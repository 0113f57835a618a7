"""Groups of options: checked when made, made from flat words, complete in what they declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from numa_runtime.errors import UsageError
from numa_runtime.options import Option, Options, group, option, same
from numa_runtime.options.readers import at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner(Options):
    size: int = option(1, "How large.", read=at_least(1))
    names: tuple[str, ...] = option((), "Which.", flags=("--names", "--name"))
    others: Mapping[str, Any] | None = option(
        None, "", python_only=True, collects=lambda: [Option(name="depth", help="How deep.", kind=int)]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer(Options):
    mode: ClassVar[str] = "dig"
    elsewhere: ClassVar[Mapping[str, str]] = {"drill": "use a spade"}

    inner: Inner = group(Inner)
    fast: bool = option(False, "Hurry.")


def test_flat_words_find_their_group():
    made = Outer.of({"size": 3, "fast": True, "depth": 5, "name": ("a",)})
    assert (made.inner.size, made.fast, made.inner.others, made.inner.names) == (3, True, {"depth": 5}, ("a",))
    assert Outer.of({}) == Outer()


def test_values_are_checked_whoever_makes_the_group():
    for make in (lambda: Inner(size=0), lambda: Outer.of({"size": 0})):
        with pytest.raises(UsageError, match="size is 0; it must be 1 or more"):
            make()


def test_what_is_not_declared_is_refused():
    with pytest.raises(UsageError, match=r"dig has no setting 'siz' \(did you mean 'size'\?\)"):
        Outer.of({"siz": 3})
    with pytest.raises(UsageError, match="dig does not take 'drill': use a spade"):
        Outer.of({"drill": 1})


def test_everything_is_declared_once():
    names = [known.name for known in Outer.declared()]
    assert names == ["size", "names", "others", "depth", "fast"]
    assert set(Outer.by_word()) == {*names, "name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin(Options):
    size: int = same(Inner, "size", default=2, help="How large, here.")


def test_an_option_declared_elsewhere_keeps_its_check():
    (known,) = Twin.declared()
    assert (known.name, known.kind, known.help, Twin().size) == ("size", int, "How large, here.", 2)
    with pytest.raises(UsageError, match="size is 0; it must be 1 or more"):
        Twin(size=0)
