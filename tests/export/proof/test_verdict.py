import pytest

from numa_export.proof import OutputError, ParityReport, Tolerance, enforce, rejected_path
from numa_runtime.errors import ModelError


def report(largest):
    return ParityReport(1, 5, 5, 0, (OutputError("boxes", "px", largest, largest, 0.01),), Tolerance())


def test_a_proved_file_stays_where_it_is(tmp_path):
    part, output = tmp_path / ".part.onnx", tmp_path / "net.onnx"
    part.write_bytes(b"x")
    enforce(report(0.001), part, output)
    assert [path.name for path in tmp_path.iterdir()] == [".part.onnx"]


def test_a_failed_file_is_kept_as_rejected_and_the_error_says_why(tmp_path):
    part, output = tmp_path / ".part.onnx", tmp_path / "net.onnx"
    rejected_path(output).write_bytes(b"older")
    part.write_bytes(b"x")
    with pytest.raises(ModelError) as error:
        enforce(report(0.5), part, output)
    assert error.value.what == ("net.onnx does not answer like its source: boxes 0.5 px max is over the limit of 0.01")
    assert "net.onnx.rejected" in error.value.hint
    assert error.value.exit_code == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"net.onnx.rejected": b"x"}
