"""A picture behind http as a medium of one frame, with the pixels that the file itself would have."""

from __future__ import annotations

import base64
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from functools import partial
from http.client import HTTPException
from urllib.parse import quote, unquote, urlsplit

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.shown import public_url
from numa_runtime.sources.base import Counters, MediaInfo, MediaKind, SourceFrame, no_such_frame
from numa_runtime.sources.picture_header import has_several
from numa_runtime.sources.pixels import decode_image
from numa_runtime.sources.suffixes import url_name

log = logging.getLogger("numa_runtime")

MOST_BYTES = 2**28
"""The largest file that is fetched."""


class WebPicture:
    """One picture, fetched once.

    Raises:
        SourceError: it cannot be decoded.
    """

    def __init__(self, url: str, data: bytes) -> None:
        self.counters = Counters()
        self._image = decode_image(data, public_url(url))
        if has_several(data):
            log.warning(
                "%s holds several pictures, of which the first is used; a downloaded file gives all", url_name(url)
            )
        height, width = self._image.shape[:2]
        self.info = MediaInfo(MediaKind.IMAGES, url_name(url), public_url(url), width, height, None, 1)

    def __iter__(self) -> Iterator[SourceFrame]:
        self.counters = Counters(read=1)
        yield SourceFrame(self._image, self.info.path, 0, 0.0)

    def read(self, index: int) -> Frame:
        """Return the picture again."""
        if index != 0:
            raise no_such_frame(self.info.name, index, 1)
        return self._image

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what gives the picture again; it holds it, as servers may give another one."""
        return partial(self.read, index)

    def close(self) -> None:
        """Do nothing: the connection is closed already."""


def fetch_picture(url: str, timeout: float) -> WebPicture | None:
    """Fetch `url`, and return its picture; None where the server says that it is none (a stream, a video, a page).

    Raises:
        SourceError: no answer, a refusal, too large, or a picture that cannot be decoded.
    """
    name = public_url(url)
    try:
        with urllib.request.urlopen(_request(url), timeout=timeout) as answer:
            if not _says_picture(answer.headers):
                return None
            data = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceError(
            f"{name} answered with an error: {error.code} {error.reason}", hint="check address and password"
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        raise SourceError(
            f"{name} cannot be fetched: {getattr(error, 'reason', error)}", hint="check the address and the network"
        ) from error
    if len(data) > MOST_BYTES:
        raise SourceError(f"{name} is larger than {MOST_BYTES >> 20} MB", hint="download it, and give the file")
    return WebPicture(url, data)


def _says_picture(headers: Message) -> bool:
    """Whether a server serves a picture, or a file of a length that it does not know better."""
    kind = headers.get_content_type()
    return kind.startswith("image/") or (kind.endswith("/octet-stream") and "Content-Length" in headers)


def _request(url: str) -> urllib.request.Request:
    """Return a request whose user and password go into its header, and whose address is ASCII."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    path, query = (quote(part, safe="/%:=&?~+!$,;'@()*[]") for part in (parts.path, parts.query))
    plain = parts._replace(netloc=host.encode("idna").decode() if not host.isascii() else host, path=path, query=query)
    request = urllib.request.Request(plain._replace(fragment="").geturl())
    if at:
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(unquote(user).encode()).decode()}")
    return request
