"""Words that users type: what they mean, and how an unknown one is refused."""

import pickle

import pytest

from numa_runtime.errors import TrackerError, UsageError
from numa_runtime.words import Word, count


class Fruit(Word, refusal="{word} is not a fruit{close}; there is: {list}", hint="--fruit {words}"):
    APPLE = "apple"
    PEAR = "pear", "nashi"
    PLUM = "Plum"


class Only(Word, refusal="only={word} is unknown{close}", hint="use {words}", error=TrackerError):
    ONE = "one"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("apple", Fruit.APPLE),
        (" PEAR", Fruit.PEAR),
        ("Nashi", Fruit.PEAR),
        ("plum", Fruit.PLUM),
        (Fruit.PLUM, Fruit.PLUM),
    ],
)
def test_words_aliases_and_members_mean_a_member(typed, meant):
    assert Fruit.parse(typed) is meant


def test_an_unknown_word_names_the_nearest_and_all_there_are():
    with pytest.raises(UsageError) as caught:
        Fruit.parse("aple")
    assert caught.value.what == "'aple' is not a fruit (did you mean 'apple'?); there is: apple, pear, Plum"
    assert caught.value.hint == "--fruit apple, pear or Plum"
    with pytest.raises(UsageError, match=r"did you mean 'nashi'"):
        Fruit.parse("nasi")


def test_what_is_no_word_is_shown_as_it_is_and_the_error_is_the_subclass_own():
    with pytest.raises(TrackerError) as caught:
        Only.parse(5)
    assert (caught.value.what, caught.value.hint) == ("only=5 is unknown", "use one")


def test_members_are_their_words():
    assert Fruit.PEAR == "pear"
    assert f"{Fruit.PEAR}" == "pear"
    assert (Fruit.PEAR.aliases, Fruit.APPLE.aliases) == (("nashi",), ())
    assert Fruit("pear") is Fruit.PEAR
    assert pickle.loads(pickle.dumps(Fruit.PEAR)) is Fruit.PEAR


def test_counts():
    assert [count(n, "frame") for n in (0, 1, 2, 1234)] == ["0 frames", "1 frame", "2 frames", "1,234 frames"]
    assert [count(n, "match", "matches") for n in (1, 2)] == ["1 match", "2 matches"]
