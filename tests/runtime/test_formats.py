"""The one table of artifact formats."""

from pathlib import Path

import pytest

from numa_runtime.formats import Format


@pytest.mark.parametrize("format", Format)
def test_a_path_made_for_a_format_says_that_format(format):
    path = format.path_for(Path("folder/best.v2"))
    assert Format.of(path) is format
    assert Format.of(str(path).upper()) is format
    assert path.name.startswith("best.v2")


@pytest.mark.parametrize(
    ("name", "format"),
    [("m_openvino_model/m.xml", Format.OPENVINO), ("best.pt", None), ("folder", None), ("onnx", None)],
)
def test_names_that_are_no_suffix(name, format):
    assert Format.of(name) is format


@pytest.mark.parametrize("format", Format)
def test_every_column_of_a_row_is_filled(format):
    assert format.suffix
    assert format.backend
    assert format.called.startswith(("a ", "an "))
    assert format.is_folder is (format is Format.OPENVINO)


def test_no_word_means_two_formats():
    words = [word for format in Format for word in (format.value, *format.aliases)]
    assert len(words) == len(set(words))
    assert all(Format.parse(f" {word.upper()} ") == Format.parse(word) for word in words)
