import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import rtx_plan, tensorrt_plan

from numa_runtime.errors import EngineError
from numa_runtime.sessions.tensorrt.header import Flavour, parse_header, prefix_length

# The first 64 bytes of plans built by tensorrt_rtx 1.7.1.116 on a machine without a GPU, one convolution each.
REAL = {
    "nothing set": (
        "76747274000000000200000000000000b4120400000000000107017476747274"
        "7e00000000000000000000000000000000000000000000006004000000000000"
    ),
    "SM89": (
        "76747274000000000200000000000000cc120400000000000107017476747274"
        "0800000000000000000000000000000000000000000000006004000000000000"
    ),
    "SM86 and SM89": (
        "76747274000000000200000000000000bc130400000000000107017476747274"
        "0c00000000000000000000000000000000000000000000006004000000000000"
    ),
    "SM120": (
        "767472740000000002000000000000001c240400000000000107017476747274"
        "1000000000000000000000000000000000000000000000006004000000000000"
    ),
}


@pytest.mark.parametrize(
    ("key", "size", "words"),
    [
        ("nothing set", 266932, "SM80 and later"),
        ("SM89", 266956, "SM89"),
        ("SM86 and SM89", 267196, "SM86, SM89"),
        ("SM120", 271388, "SM120"),
    ],
)
def test_real_rtx_headers(key, size, words):
    header = parse_header(bytes.fromhex(REAL[key]), "m.engine")
    assert (header.flavour, header.version, header.size) == (Flavour.RTX, (1, 7, 1, 116), size)
    assert (header.builder, header.target_words) == ("TensorRT RTX 1.7.1", words)


def test_a_tensorrt_header_says_its_version_only():
    header = parse_header(tensorrt_plan((10, 8, 0, 43)), "m.engine")
    assert (header.flavour, header.version) == (Flavour.TENSORRT, (10, 8, 0, 43))
    assert (header.builder, header.target_words, header.size) == ("TensorRT 10.8.0", "", None)


@pytest.mark.parametrize(("mask", "targets"), [(1, ("sm75",)), (0b10, ("sm80",)), (0b100000, ("sm121",)), (0, ())])
def test_each_bit_is_a_capability(mask, targets):
    assert parse_header(rtx_plan(mask), "m.engine").targets == targets


def test_another_magic_and_a_short_file():
    with pytest.raises(EngineError, match=r"m\.engine is not a TensorRT engine: it starts with b'ONNX'"):
        parse_header(b"ONNX" + b"\0" * 60, "m.engine")
    with pytest.raises(EngineError, match=r"m\.engine is truncated: 40 bytes, the header alone has 64"):
        parse_header(rtx_plan()[:40], "m.engine")


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"\x02\0\0\0{}vtrt", 6),
        (b"\x02\0\0\0[]vtrt", None),
        (b"vtrt\0\0\0\0", None),
        (b"\0\0\0\0{}", None),
        (b"\x02\0", None),
        (b"\xff\xff\xff\xff{}", None),
    ],
)
def test_the_length_of_a_foreign_prefix(head, length):
    assert prefix_length(head) == length


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=80))
def test_no_bytes_crash_it(data):
    prefix_length(data)
    if data[:4] in (b"vtrt", b"ftrt") and len(data) >= 64:
        assert parse_header(data, "m").builder
    else:
        with pytest.raises(EngineError):
            parse_header(data, "m")
