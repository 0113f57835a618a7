from __future__ import annotations

import time
from pathlib import Path

import pytest

from numa_runtime.yaml_text import LARGEST, BadYaml, parse_yaml, read_yaml

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 12)}]}}\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_plain_values_are_read_and_aliases_too() -> None:
    assert parse_yaml("a: &x [1, 2.5, yes, word]\nb: *x\nc: {<<: {d: 1}}\n") == {
        "a": [1, 2.5, True, "word"],
        "b": [1, 2.5, True, "word"],
        "c": {"d": 1},
    }
    assert parse_yaml("") is None
    names = parse_yaml("names:\n" + "".join(f"  {i}: class {i}\n" for i in range(20_000)))
    assert len(names["names"]) == 20_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "stands for more than 200,000 values"),
        (MERGES, "stands for more than 200,000 values"),
        ("[" * 100_000, "nests deeper than 32 levels (line 1)"),
        ("a: " + "{b: " * 40, "nests deeper than 32 levels"),
        ("a: &a [*a]", "holds itself: *a"),
        ("a: &a\n  b: {c: *a}", "holds itself: *a"),
        ("a: [1\n", "is not YAML"),
        ("a: *nobody", "undefined alias"),
        ("a: !!python/object/apply:os.system [true]", "could not determine a constructor"),
        ("a: 2001-99-99", "holds a value that is none of its kind"),
        ("a: !!int many", "holds a value that is none of its kind"),
        ("a: !!timestamp soon", "holds a value that is none of its kind"),
        ("a: !!bool perhaps", "holds a value that is none of its kind"),
        ("a: " + "9" * 5000, "holds a value that is none of its kind"),
        ("a: b\x00", "is not YAML"),
        ("x" * (LARGEST + 1), "is larger than 4 MB"),
    ],
)
def test_what_is_no_plain_small_yaml_is_refused_in_one_line_and_soon(text: str, reason: str) -> None:
    begin = time.monotonic()
    with pytest.raises(BadYaml) as caught:
        parse_yaml(text)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - begin < 5


def test_files_are_read_up_to_a_size_and_as_text(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_yaml(tmp_path / "bom.yaml") == {"a": 1}
    (tmp_path / "bytes.yaml").write_bytes(b"a: \xff")
    with pytest.raises(BadYaml, match="is not UTF-8 text: byte 3 is 0xff"):
        read_yaml(tmp_path / "bytes.yaml")
    with pytest.raises(BadYaml, match="is larger than 4 MB"):
        read_yaml(Path("/dev/zero"))
    with pytest.raises(OSError, match="No such file"):
        read_yaml(tmp_path / "missing.yaml")
