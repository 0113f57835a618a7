"""Network streams: rtsp, rtmp, tcp, udp, and http without an end."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Iterator
from pathlib import Path

from numa_runtime.errors import SourceError
from numa_runtime.shown import public_url
from numa_runtime.sources.base import Media, MediaInfo, MediaKind
from numa_runtime.sources.container import (
    ToBGR,
    choice_among,
    decode,
    explain_open_failure,
    open_container,
    pixel_aspect_of,
    rate_of,
)
from numa_runtime.sources.live import LiveMedia, Picture, Reconnect
from numa_runtime.sources.suffixes import is_image, url_name, url_scheme
from numa_runtime.sources.video import VideoFile
from numa_runtime.sources.web_picture import fetch_picture

log = logging.getLogger("numa_runtime")

TIMEOUT_SECONDS = 5.0
"""For opening, and for each read: a camera that is silent this long is taken as lost."""

_STILLS = ("image2", "apng", "mjpeg")


class StreamFeed:
    """One connection to a stream.

    Raises:
        SourceError: refused, no answer in time, or not a video.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self.damaged = 0
        options = {"rtsp_transport": "tcp"} if url_scheme(url) in ("rtsp", "rtsps") else {}
        self._container, self.stream = open_container(url, public_url(url), timeout=timeout, options=options)
        self._convert = ToBGR()

    @property
    def endless(self) -> bool:
        """Whether the other side named no duration."""
        return not self._container.duration

    @property
    def may_be_picture(self) -> bool:
        """Whether FFmpeg takes it for one still picture, or cannot tell it from one (HEIC and AVIF look like MP4)."""
        format = self._container.format.name
        return format in _STILLS or format.endswith("_pipe") or (self.endless and "mp4" in format.split(","))

    def pictures(self) -> Iterator[Picture]:
        """Yield every frame as it is decoded, converted when taken."""
        for frame in decode(self._container, self.stream, self._count_damage, self._lost):
            yield functools.partial(self._convert, frame)

    def _count_damage(self) -> None:
        self.damaged += 1

    def _lost(self, error: Exception) -> None:
        raise explain_open_failure(self._url, public_url(self._url), error) from None  # its words hold the URL

    def close(self) -> None:
        """Close the connection."""
        self._container.close()


def open_stream(
    url: str,
    *,
    vid_stride: int = 1,
    every_frame: bool = False,
    timeout: float = TIMEOUT_SECONDS,
    reconnect: Reconnect | None = None,
) -> Media:
    """Open a URL: a live stream, or where http serves something of known length, a `VideoFile` or a picture.

    Raises:
        SourceError: refused, no answer in time, or not a video or picture.
    """
    web = url_scheme(url) in ("http", "https")
    picture: Media | None
    if web and is_image(Path(url_name(url))) and (picture := fetch_picture(url, timeout)) is not None:
        return picture
    start = time.monotonic()
    try:
        feed = StreamFeed(url, timeout)
    except SourceError:
        answered = time.monotonic() - start < timeout
        if web and answered and (picture := _picture_or_none(url, timeout)) is not None:
            return picture  # FFmpeg opens no HEIC that it cannot jump about in
        raise
    if web and feed.may_be_picture and (picture := fetch_picture(url, timeout)) is not None:
        feed.close()
        return picture
    if web and not feed.endless:
        feed.close()
        return VideoFile(url, vid_stride=vid_stride, timeout=timeout)
    if choice := choice_among(feed.stream):
        log.warning("%s %s", public_url(url), choice)
    rate = rate_of(feed.stream)
    size = feed.stream.codec_context
    info = MediaInfo(
        MediaKind.STREAM,
        public_url(url),
        public_url(url),
        size.width,
        size.height,
        float(rate) if rate else None,
        vid_stride=vid_stride,
        pixel_aspect=pixel_aspect_of(feed.stream),
    )
    return LiveMedia(
        info,
        lambda: StreamFeed(url, timeout),
        feed,
        vid_stride=vid_stride,
        every_frame=every_frame,
        reconnect=reconnect,
    )


def _picture_or_none(url: str, timeout: float) -> Media | None:
    """Return what `fetch_picture` does, and None where it fails: the stream's own error says more."""
    try:
        return fetch_picture(url, timeout)
    except SourceError:
        return None
