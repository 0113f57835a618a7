from __future__ import annotations

import base64
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import write_clip
from heic_files import HEIGHT, WIDTH, heic_grid

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.pixels import decode_image
from numa_runtime.sources.source import open_source

PICTURE = cv2.imencode(".jpg", np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8))[1].tobytes()


@contextmanager
def server(data: bytes, kind: str, *, code: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Serve `data` under every path; yields the address and the Authorization headers seen."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    httpd = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{httpd.server_port}", seen
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


@pytest.mark.parametrize("path", ["bus.jpg", "bus.jpg?width=640&token=s3cret", "shots/12", "größe 1.jpg"])
def test_a_picture_is_one_picture_with_its_own_pixels(path: str) -> None:
    with server(PICTURE, "image/jpeg") as (host, _):
        source = open_source(f"http://{host}/{path}")
        (media,) = source
        (frame,) = media
        assert media.info.kind is MediaKind.IMAGES
        assert source.name == media.info.name == path.partition("?")[0].rsplit("/", 1)[-1]
        assert "s3cret" not in frame.path + source.name + str(media.info)
        np.testing.assert_array_equal(frame.image, decode_image(PICTURE, "file"))
        np.testing.assert_array_equal(media.reader(0)(), frame.image)


def test_a_grid_without_a_telling_name_is_the_whole_picture() -> None:
    with server(heic_grid(), "image/heic") as (host, _):
        (media,) = open_source(f"http://{host}/download")
        assert (media.info.width, media.info.height) == (WIDTH, HEIGHT)


def test_user_and_password_go_into_the_header() -> None:
    with server(PICTURE, "image/jpeg") as (host, seen):
        open_source(f"http://me:p%40ss@{host}/bus.jpg").close()
    assert seen == [f"Basic {base64.b64encode(b'me:p@ss').decode()}"]


def test_a_video_named_like_a_picture_is_a_video(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", 3).read_bytes()
    with server(clip, "video/mp4") as (host, _):
        (media,) = open_source(f"http://{host}/live.jpg")
        assert len(list(media)) == 3


def test_what_goes_wrong_is_said_without_the_secret() -> None:
    with server(b"gone", "text/plain", code=404) as (host, _), pytest.raises(SourceError) as caught:
        open_source(f"http://me:s3cret@{host}/bus.jpg?token=s3cret")
    assert "bus.jpg answered with an error: 404" in caught.value.what
    assert "s3cret" not in str(caught.value)
    with server(b"<html>", "image/jpeg") as (host, _), pytest.raises(SourceError, match=r"bus.jpg is damaged"):
        open_source(f"http://{host}/bus.jpg")
    with pytest.raises(SourceError, match="cannot be fetched"):
        open_source("http://127.0.0.1:9/bus.jpg")
