"""What is nobody's business appears nowhere: passwords and tokens of URLs, and what a terminal would obey."""

import http.server
import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from clips import write_clip

from numa_deploy.cli.console import Console, open_console, print_error
from numa_deploy.cli.main import main
from numa_deploy.cli.options import PrintOptions
from numa_deploy.cli.progress import CountBar
from numa_deploy.yolo.bundled import sample_photos
from numa_runtime.errors import SourceError

SECRET = "s3cr3t"
EVIL = "a\x1b[2J\x07\n\u202e[red]"


class Camera(http.server.BaseHTTPRequestHandler):
    """Motion JPEG without an end; a clip; nothing at all."""

    clip = b""

    def do_GET(self):
        assert SECRET in self.path
        with suppress(OSError):
            if "clip" in self.path:
                self.send_response(200)
                self.send_header("Content-Length", str(len(self.clip)))
                self.end_headers()
                self.wfile.write(self.clip)
            elif "cam" in self.path:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=f")
                self.end_headers()
                photo = sample_photos()[0].read_bytes()
                head = b"--f\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(photo)
                while True:
                    self.wfile.write(head + photo + b"\r\n")
                    time.sleep(0.05)
            else:
                self.send_error(404)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def camera(tmp_path):
    Camera.clip = write_clip(tmp_path / "clip.mp4", 6).read_bytes()
    (tmp_path / "clip.mp4").unlink()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://admin:{SECRET}@127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def nothing_tells(folder, *texts):
    for path in folder.rglob("*"):
        assert SECRET not in path.name
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    for text in texts:
        assert SECRET not in text


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_live_recording_is_finished_on_sigterm_and_tells_no_password(camera, tmp_path):
    words = ["track", "-s", f"{camera}/cam.mjpg?token={SECRET}#{SECRET}", "--save-csv", "--json", "sum.json", "--debug"]
    process = subprocess.Popen(
        [sys.executable, "-m", "numa_deploy", *words],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(path.stat().st_size > 0 for path in tmp_path.rglob(".*partial*.mp4")):
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    (folder,) = (tmp_path / "runs/track").iterdir()
    assert {path.suffix for path in folder.iterdir()} == {".mp4", ".txt", ".jsonl", ".csv"}
    assert not list(folder.glob(".*"))
    nothing_tells(tmp_path, out, errors)


@pytest.mark.parametrize("words", [["track", "clip.mp4"], ["predict", "gone.mp4"], ["predict", "gone.jpg"]])
def test_files_behind_http_tell_no_password_and_failures_neither(words, camera, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mode, name = words
    source = f"{camera}/{name}?token={SECRET}"
    assert main([mode, "-s", source, "--save-csv", "--json", "sum.json", "--debug"]) == int("clip" not in name)
    assert main([mode, f"soruce={source}"]) == 2
    assert main([mode, "-m", source]) == 1
    assert main([mode, "-s", source, "--name", source, "-q", "--no-save"]) == int("clip" not in name)
    captured = capsys.readouterr()
    nothing_tells(tmp_path, captured.out, captured.err)


def test_the_api_tells_no_password_either(camera):
    import traceback

    from numa_deploy import YOLO

    model = YOLO()
    first = next(iter(model.predict(f"{camera}/clip.mp4?token={SECRET}", stream=True)))
    assert (first.path.rpartition("/")[2], SECRET in repr(first)) == ("clip.mp4", False)
    assert first.frame().shape == (48, 64, 3)
    with pytest.raises(SourceError) as caught:
        model.predict(f"{camera}/gone.mp4?token={SECRET}")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_control_characters_reach_no_terminal(capsys):
    console = open_console(PrintOptions())
    console.say(EVIL)
    console.note(EVIL)
    print_error(SourceError(f"{EVIL} is broken", hint=f"rename {EVIL}\nor not"))
    logging.getLogger("numa_runtime").warning("%s was lost", EVIL)
    captured = capsys.readouterr()
    assert captured.out == "a\\x1b[2J\\x07\\n\\u202e[red]\n"
    for letter in "\x1b\x07\u202e":
        assert letter not in captured.err
    assert "warning: a\\x1b[2J\\x07\\n\\u202e[red] was lost\n" in captured.err


def test_a_long_name_is_cut(capsys):
    Console().say("x" * 1_000_000)
    assert len(capsys.readouterr().out) < 2100


def test_a_progress_bar_obeys_no_name(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with CountBar("[/nothing]", enabled=True) as bar:
        bar.named(1, 2, f"[red]{EVIL}")
    assert r"[red]a\x1b[2J\x07\n\u202e[red]" in screen.getvalue().replace("\n", "")
    assert "\x07" not in screen.getvalue()
