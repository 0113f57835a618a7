from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mot_files import mot_lines, write_mot

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable, read_mot, read_seqinfo

INI = "[Sequence]\nname=X-01\nimDir=img1\nframeRate=14\nseqLength=837\nimWidth=640\nimHeight=480\nimExt=.jpg\n"


def test_rows_with_all_columns_and_with_few(tmp_path: Path) -> None:
    path = tmp_path / "gt.txt"
    path.write_text("1,5,10.5,20,30,40,1,7,0.5\n\n2 6 1 2 3 4\n3, 7, 1, 2, 3, 4, 0.9, -1, -1, -1\n")
    table = read_mot(path)
    assert table.frame.tolist() == [1, 2, 3]
    assert table.id.tolist() == [5, 6, 7]
    assert table.ltwh[0].tolist() == [10.5, 20, 30, 40]
    assert table.conf.tolist() == [1, 1, 0.9]
    assert table.kind.tolist() == [7, -1, -1]
    assert table.visibility.tolist() == [0.5, -1, -1]
    assert table.last_frame == 3


def test_an_empty_file_is_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "r.txt").touch()
    assert len(read_mot(tmp_path / "r.txt")) == 0
    assert MotTable.empty().last_frame == 0


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,2,3,4,5", "r.txt:2: 5 values; a row is frame,id,left,top,width,height"),
        ("1,2,3,4,x,6", "r.txt:2: not a row of numbers: '1,2,3,4,x,6'"),
        ("0,2,3,4,5,6", "r.txt:2: frame 0; frames are counted from 1"),
        ("1.5,2,3,4,5,6", "r.txt:2: frame 1.5; frames are counted from 1"),
        ("1,2.5,3,4,5,6", "r.txt:2: id 2.5; identities are whole numbers"),
        ("1,2,3,nan,5,6", "r.txt:2: a value is not finite"),
    ],
)
def test_malformed_rows(tmp_path: Path, row: str, sentence: str) -> None:
    path = tmp_path / "r.txt"
    path.write_text(f"1,1,0,0,9,9\n{row}\n")
    assert_refused(path, sentence)
    path.write_text(f"1,1,0,0,9,9,1,-1,-1,-1\n{row},1,-1,-1,-1\n")
    if "5 values" not in sentence:
        assert_refused(path, sentence.split(": '", maxsplit=1)[0])


def assert_refused(path: Path, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        read_mot(path)
    assert sentence in caught.value.what


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gt\.txt \(MOTChallenge text\) does not exist"):
        read_mot(tmp_path / "gt.txt")


def test_after_renumbers() -> None:
    table = MotTable.of([1, 2, 3, 4], [9, 9, 9, 9], np.ones((4, 4)))
    assert table.after(2).frame.tolist() == [1, 2]


cents = st.integers(-10_000, 200_000).map(lambda value: value / 100)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 999), st.integers(0, 99), cents, cents, cents, cents), max_size=6))
def test_what_is_written_is_read(tmp_path_factory, rows) -> None:
    path = tmp_path_factory.mktemp("mot") / "r.txt"
    values = np.array(rows, float).reshape(-1, 6)
    table = MotTable.of(values[:, 0], values[:, 1], values[:, 2:], conf=np.linspace(0, 1, len(rows)))
    write_mot(path, table)
    assert list(mot_lines(read_mot(path))) == list(mot_lines(table))
    np.testing.assert_allclose(read_mot(path).ltwh, table.ltwh, atol=1e-9)


def test_seqinfo(tmp_path: Path) -> None:
    path = tmp_path / "seqinfo.ini"
    path.write_text(INI)
    info = read_seqinfo(path)
    assert (info.name, info.frames, info.fps, info.shape) == ("X-01", 837, 14.0, (480, 640))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "seqinfo.ini is not an ini file"),
        ("[Other]\na=1\n", "seqinfo.ini has no Sequence"),
        ("[Sequence]\nname=x\n", "seqinfo.ini has no seqLength"),
        ("[Sequence]\nseqLength=many\n", "seqinfo.ini: invalid literal"),
    ],
)
def test_malformed_seqinfo(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "seqinfo.ini"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_seqinfo(path)
    assert sentence in caught.value.what
