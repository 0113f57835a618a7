from __future__ import annotations

import functools
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from clips import number_of, write_clip
from rtsp_server import rtsp_server

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.live import Reconnect
from numa_runtime.sources.stream import open_stream
from numa_runtime.sources.video import VideoFile

QUICK = Reconnect(delays=(0.0, 0.05))


@contextmanager
def tcp_server(payload: bytes, times: int, *, hold: bool = False) -> Iterator[str]:
    """Send `payload` to the first `times` connections, then refuse; hold = keep the line open, silent."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    done = threading.Event()

    def serve() -> None:
        for _ in range(times):
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client:
                try:
                    client.sendall(payload)
                    if hold:
                        done.wait(10)
                except OSError:
                    continue
        server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{port}"
    finally:
        done.set()
        server.close()
        with socket.socket() as knock:  # wakes an accept that close alone does not end
            knock.settimeout(0.2)
            with suppress(OSError):
                knock.connect(("127.0.0.1", port))
        thread.join(5)


@contextmanager
def http_server(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def transport(tmp_path: Path) -> bytes:
    return write_clip(tmp_path / "live.ts", frames=30, gop=5).read_bytes()


def test_a_stream_gives_its_frames_and_ends_when_nobody_answers_any_more(transport: bytes) -> None:
    with tcp_server(transport, times=1) as url:
        media = open_stream(url, every_frame=True, reconnect=QUICK, timeout=2)
        assert (media.info.kind, media.info.width, media.info.height, media.info.live) == (
            MediaKind.STREAM,
            64,
            48,
            True,
        )
        assert media.info.frame_count is None
        frames = list(media)
    assert [f.index for f in frames] == [number_of(f.image) for f in frames] == list(range(30))
    assert frames[0].path == url


def test_a_stream_that_comes_back_is_read_on(transport: bytes) -> None:
    with tcp_server(transport, times=3) as url:
        media = open_stream(url, every_frame=True, reconnect=QUICK, timeout=2)
        frames = list(media)
    assert [f.index for f in frames] == list(range(90))
    assert media.counters.reconnects == 2


def test_an_rtsp_camera_is_read_and_opened_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stream = write_clip(tmp_path / "door.ts", frames=32).read_bytes()
    with rtsp_server(stream, times=2) as url:
        media = open_stream(url, every_frame=True, reconnect=QUICK, timeout=2)
        assert (media.info.name, media.info.fps) == (url, 25.0)
        numbers = [number_of(frame.image) for frame in media]
    assert numbers[:25] == list(range(25))  # the end of the last packet may be lost with the connection
    assert 60 <= len(numbers) <= 64
    assert numbers.count(0) == 2
    assert media.counters.reconnects == 1
    assert caplog.records[0].message == f"{url} was lost (it ended); opening it again"


def test_silence_is_taken_as_lost_after_the_timeout(transport: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with tcp_server(transport, times=1, hold=True) as url:
        media = open_stream(url, every_frame=True, reconnect=Reconnect(delays=()), timeout=0.6)
        count = len(list(media))
    assert 20 < count <= 30
    assert any("did not answer in time" in record.message for record in caplog.records)


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp", "tcp", "http"])
def test_a_refused_connection_is_said_at_once(scheme: str) -> None:
    url = f"{scheme}://127.0.0.1:{free_port()}/door.mp4"
    start = time.monotonic()
    with pytest.raises(SourceError, match=r"refused the connection\nis the camera or server running") as caught:
        open_stream(url)
    assert url in caught.value.what
    assert time.monotonic() - start < 3


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"rtsp://127.0.0.1:{server.getsockname()[1]}/door"
        with pytest.raises(SourceError, match="did not answer in time"):
            open_stream(url, timeout=0.3)


def test_http_with_an_end_is_a_video(tmp_path: Path) -> None:
    write_clip(tmp_path / "match.mp4")
    (tmp_path / "page.html").write_text("<html>no video</html>")
    with http_server(tmp_path) as base:
        media = open_stream(f"{base}/match.mp4")
        assert isinstance(media, VideoFile)
        assert (media.info.name, media.info.live, media.info.frame_count) == ("match.mp4", False, 20)
        assert [number_of(f.image) for f in media] == list(range(20))
        assert number_of(media.read(7)) == 7
        media.close()
        media = open_stream(f"{base}/match.mp4?token=secret")
        [path] = {frame.path for frame in media}
        assert (media.info.name, media.info.path, path) == ("match.mp4", f"{base}/match.mp4", f"{base}/match.mp4")
        media.close()
        with pytest.raises(SourceError, match=r"gone.mp4 answered with an error: .*404"):
            open_stream(f"{base}/gone.mp4")
        with pytest.raises(SourceError, match=r"page.html gives no video that can be decoded"):
            open_stream(f"{base}/page.html")


def test_messages_and_results_hide_passwords(transport: bytes) -> None:
    url = f"rtsp://admin:secret@127.0.0.1:{free_port()}/door?token=secret"
    with pytest.raises(SourceError) as caught:
        open_stream(url)
    assert "secret" not in str(caught.value)
    with tcp_server(transport, times=1) as url:
        media = open_stream(url.replace("//", "//admin:secret@"), reconnect=QUICK)
        assert "secret" not in str(media.info)
        media.close()
