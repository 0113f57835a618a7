"""Reading a tracker's YAML: whatever is wrong with the file is said."""

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.yaml_values import read_values


def test_names_and_values(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text("tracker_type: sort\nmin_hits: 2 # a comment\n")
    assert read_values(path) == {"tracker_type": "sort", "min_hits": 2}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a: [", "cannot be read as a tracker YAML: it is not YAML"),
        (b"\xff\xfe\x00", "cannot be read as a tracker YAML"),
        (b"- 1\n- 2\n", "holds no parameters"),
        (b"", "holds no parameters"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, content, sentence):
    path = tmp_path / "my.yaml"
    path.write_bytes(content)
    with pytest.raises(TrackerError, match=sentence) as caught:
        read_values(path)
    assert str(path) in caught.value.what


def test_a_missing_file(tmp_path):
    with pytest.raises(TrackerError, match="cannot be read"):
        read_values(tmp_path / "none.yaml")
