"""Network streams: rtsp, rtmp, tcp, udp, and http without an end."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator

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
from numa_runtime.sources.suffixes import url_scheme
from numa_runtime.sources.video import VideoFile

log = logging.getLogger("numa_runtime")

TIMEOUT_SECONDS = 5.0
"""For opening, and for each read: a camera that is silent this long is taken as lost."""


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
    """Open a URL: a live stream, or a `VideoFile` where http serves something of known length.

    Raises:
        SourceError: refused, no answer in time, or not a video.
    """
    feed = StreamFeed(url, timeout)
    if url_scheme(url) in ("http", "https") and not feed.endless:
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
