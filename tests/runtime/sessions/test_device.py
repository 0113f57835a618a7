import pytest

from numa_runtime.errors import UsageError
from numa_runtime.sessions.device import Device, parse_device


@pytest.mark.parametrize(
    ("word", "device", "text"),
    [
        (None, Device("auto"), "auto"),
        ("auto", Device("auto"), "auto"),
        ("CPU", Device("cpu"), "cpu"),
        (0, Device("cuda", 0), "cuda:0"),
        ("0", Device("cuda", 0), "cuda:0"),
        ("cuda", Device("cuda", 0), "cuda:0"),
        ("gpu", Device("cuda", 0), "cuda:0"),
        ("cuda:1", Device("cuda", 1), "cuda:1"),
        ("intel:gpu", Device("intel", unit="GPU"), "intel:gpu"),
        ("intel:gpu.1", Device("intel", unit="GPU.1"), "intel:gpu.1"),
        ("intel:cpu", Device("cpu"), "cpu"),
        ("coreml", Device("coreml"), "coreml"),
    ],
)
def test_words_for_devices(word, device, text):
    assert parse_device(word) == device
    assert str(parse_device(word)) == text


@pytest.mark.parametrize("word", ["cuda:x", "dla:0", "-1", "cuda 0", "intel:tpu"])
def test_what_is_no_device_is_refused_with_the_list(word):
    with pytest.raises(UsageError, match="is not a device") as caught:
        parse_device(word)
    assert "cuda:1" in caught.value.hint


def test_several_devices_are_refused():
    with pytest.raises(UsageError, match="names several"):
        parse_device("0,1")
