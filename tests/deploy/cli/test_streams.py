"""A command on standard streams that are closed, full, unread, or of a console that knows few letters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from numa_deploy.cli.console import Console
from numa_deploy.cli.streams import no_output, safe_streams
from numa_runtime.errors import SinkError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
DOCTOR = f'"{sys.executable}" -m numa_deploy doctor'


def shell(line, folder, **env):
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=folder,
        capture_output=True,
        env={**os.environ, **env},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


@pytest.mark.parametrize("words", ["doctor", "--help", "--version", "doctor --json -"])
def test_a_full_disk_under_standard_output_is_a_sentence(words, tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    code, _, said = shell(f'"{sys.executable}" -m numa_deploy {words} > /dev/full', tmp_path)
    lines = [line for line in said.splitlines() if line.startswith(("error", "Exception", "Traceback"))]
    assert (code, lines) == (1, ["error: standard output cannot be written: No space left on device"])


def test_a_reader_that_goes_away_ends_quietly(tmp_path):
    assert shell(f"{DOCTOR} | head -1", tmp_path) == (0, b"system\n", "")
    assert shell(f"{DOCTOR} 2>&1 >/dev/null | true", tmp_path) == (0, b"", "")


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_nobody_to_talk_to(closed, tmp_path):
    code, _, said = shell(f"{DOCTOR} --json out.json {closed}", tmp_path)
    assert (code, said) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["packages"]


def test_a_file_does_not_get_the_number_of_a_closed_stream(tmp_path):
    script = (
        "import os\nfrom numa_deploy.cli.streams import safe_streams\nwith safe_streams():\n"
        "    print(os.open('file', os.O_CREAT | os.O_WRONLY), file=open('number', 'w'))\n"
    )
    assert shell(f'"{sys.executable}" -c "{script}" <&- >&- 2>&-', tmp_path) == (0, b"", "")
    assert int((tmp_path / "number").read_text()) > 2


def test_json_into_a_closed_output_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with safe_streams():
        assert no_output()
        with pytest.raises(SinkError, match="standard output, which is closed"):
            Console(json_file="-").finish({})
    assert sys.stdout is None


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_that_lacks_letters_gets_them_escaped(encoding, tmp_path):
    code, out, said = shell(
        f'"{sys.executable}" -m numa_deploy predict -s nöpe中.jpg', tmp_path, PYTHONIOENCODING=encoding
    )
    assert (code, out) == (1, b"")
    assert r"\u4e2d.jpg does not exist" in said


def test_json_stays_json_on_any_console(tmp_path):
    line = (
        f'"{sys.executable}" -c "from numa_deploy.cli.console import Console\n'
        "from numa_deploy.cli.streams import safe_streams\n"
        "with safe_streams(): Console(json_file='-').finish({'name': chr(252) + chr(0xdcff)})\""
    )
    for encoding in ("ascii", "utf-8"):
        code, out, _ = shell(line, tmp_path, PYTHONIOENCODING=encoding)
        assert (code, json.loads(out)) == (0, {"name": "ü\udcff"})


def test_streams_of_others_are_left_alone(capsys):
    mine = sys.stdout
    with safe_streams():
        assert sys.stdout is mine
        print("heard")
    assert capsys.readouterr().out == "heard\n"
