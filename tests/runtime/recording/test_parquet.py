import numpy as np
import pytest

from numa_runtime.errors import MissingExtra
from numa_runtime.recording import Recording, RecordingHeader, RecordingWriter
from numa_runtime.recording.parquet import write_parquet
from numa_runtime.results import Detections, Results


@pytest.fixture
def recording(tmp_path):
    writer = RecordingWriter(
        tmp_path / "m.numa", RecordingHeader(name="m.mp4", width=64, height=48, names={0: "cat", 1: "dog"})
    )
    for index in range(40):
        found = Detections.of([[index, 0, 9, 9]] * (index % 3), [0.5] * (index % 3), list(range(index % 3)))
        writer.write(Results((48, 64), {}, found, frame_index=index, timestamp=index / 10))
    writer.close()
    return Recording(tmp_path / "m.numa")


def test_one_row_a_detection(recording, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the parquet extra")
    count = write_parquet(recording, tmp_path / "m.parquet")
    table = parquet.read_table(tmp_path / "m.parquet")
    assert count == table.num_rows == sum(index % 3 for index in range(40))
    assert table.column_names[:5] == ["frame", "time", "x1", "y1", "x2"]
    assert table["frame"].to_pylist()[:4] == [1, 2, 2, 4]
    assert table["name"].to_pylist()[:3] == ["cat", "cat", "dog"]
    np.testing.assert_allclose(table["time"].to_pylist()[:3], [0.1, 0.2, 0.2])
    assert table["keypoints"].null_count == table.num_rows


def test_without_pyarrow_the_extra_is_named(recording, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match="recordings as Parquet needs the package pyarrow"):
        write_parquet(recording, tmp_path / "m.parquet")
    assert not (tmp_path / "m.parquet").exists()
