from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from numa_runtime.errors import SinkError
from numa_runtime.sinks.ball_csv import ball_sink
from numa_runtime.sinks.base import Sink
from numa_runtime.sinks.jsonl import jsonl_sink
from numa_runtime.sinks.lines import LineSink
from numa_runtime.sinks.mot import mot_sink
from numa_runtime.sinks.table_csv import table_sink


def test_the_file_appears_complete_and_only_at_the_end(tmp_path: Path, result) -> None:
    path = tmp_path / "new" / "ü 1.txt"
    sink = LineSink(path, lambda r: [f"frame {r.frame_index}"], lambda first: f"from {first.frame_index}")
    sink.write(result(3), None)
    sink.write(result(4), None)
    assert not path.exists()
    assert sink.close() == (path,)
    assert path.read_text() == "from 3\nframe 3\nframe 4\n"
    assert list(path.parent.iterdir()) == [path]


def test_abort_leaves_nothing_and_an_older_file_untouched(tmp_path: Path, result) -> None:
    path = tmp_path / "a.txt"
    path.write_text("older")
    sink = LineSink(path, lambda _: ["new"])
    sink.write(result())
    sink.abort()
    sink.abort()
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", [mot_sink, jsonl_sink, table_sink, ball_sink])
def test_every_text_sink_fails_alike_when_the_disk_is_full(
    tmp_path: Path, result, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink: Sink = make(tmp_path / "out.txt")
    assert not sink.needs_picture

    class Full:
        closed = False

        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    sink._file._file.close()
    monkeypatch.setattr(sink._file, "_file", Full())
    with pytest.raises(SinkError, match=r"out.txt: the disk is full\nfree some space"):
        sink.write(result(), None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="a file is in the way where a folder is needed"):
        mot_sink(tmp_path / "file" / "out.txt")
