"""What may be asked of rallies, and what is refused with a sentence."""

import pytest

from numa_benchmarks.rally.rally_options import SEEDS, Layout, RallyOptions
from numa_benchmarks.rally.sports import Sport
from numa_runtime.errors import UsageError


@pytest.mark.parametrize(
    ("words", "splits"),
    [
        ({}, ["train"] * 6 + ["val"] * 2),
        ({"rallies": 2}, ["train", "val"]),
        ({"rallies": 1}, ["val"]),
        ({"rallies": 4, "val": 0}, ["train"] * 3 + ["val"]),
        ({"rallies": 4, "test": 0.25}, ["train"] * 2 + ["val", "test"]),
    ],
)
def test_splits_are_by_rally_with_one_to_validate_on(words, splits):
    assert RallyOptions(**words).splits() == splits


def test_words_of_a_command_line():
    options = RallyOptions.of({"sport": "tennis, Badminton", "imgsz": "96,160", "format": "mot", "fps": "25"})
    assert options.sport == (Sport.TENNIS, Sport.BADMINTON)
    assert (options.size, options.format, options.fps) == ((96, 160), Layout.MOT, 25.0)
    assert RallyOptions(imgsz=128).size == (128, 128)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"sport": "tenis"}, "there is no sport 'tenis' (did you mean 'tennis'?)"),
        ({"sport": ""}, "no sport is named"),
        ({"format": "yolo"}, "rallies are not written as 'yolo'"),
        ({"imgsz": 32}, "a rally's frames are 64 to 4096 pixels"),
        ({"rallies": 0}, "rallies is 0; it must be 1 or more"),
        ({"rallies": 4, "val": 1}, "of 4 rallies none is left to train on"),
        ({"rallies": SEEDS + 1}, "a seed has 100,000 rallies"),
        ({"format": "mot", "video": True}, "MOT folders hold images, not videos"),
        ({"fps": 0}, "fps is 0; it must be above 0"),
        ({"seed": -1}, "seed is -1; it must be 0 or more"),
        ({"seed": 1.5}, "seed is 1.5; it must be a whole number"),
    ],
)
def test_refusals(words, said):
    with pytest.raises(UsageError) as error:
        RallyOptions(**words)
    assert said in error.value.what
