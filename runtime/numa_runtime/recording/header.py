"""What a recording says of itself in its first member."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from numa_runtime.errors import SourceError

log = logging.getLogger("numa_runtime")

SUFFIX = ".numa"
FORMAT = "numa-recording"
VERSION = (1, 1)
"""Another minor number adds what older versions may pass over; another major number they cannot read."""
HEADER, END = "recording.json", "end.json"
CHUNK, PICTURE = "frames/", "pictures/"
"""What the names of the other members begin with; the number of a frame, from 0, follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeader:
    """What is known before the first frame.

    Attributes:
        name: of the medium: match.mp4.
        width: of its frames, pixels.
        height: of its frames, pixels.
        fps: its average rate; None: it has no clock.
        vid_stride: only every frame of so many was looked at.
        names: class names by number.
        model: what found the objects.
        balls: whether the model finds balls.
        conf: detections below this score were not looked for.
        suits: the tracker's thresholds that the model's contract brings along, by name.
        camera: the method by which the camera's motion was measured; "": it was not.
        thumbnails: the longest side of the pictures, pixels; 0: there are none.
        made_by: what wrote it.
        version: of the format: major, minor.
    """

    name: str
    width: int
    height: int
    fps: float | None = None
    vid_stride: int = 1
    names: Mapping[int, str] = field(default_factory=dict)
    model: str = ""
    balls: bool = False
    conf: float = 0.0
    suits: Mapping[str, float] = field(default_factory=dict)
    camera: str = ""
    thumbnails: int = 0
    made_by: str = ""
    version: tuple[int, int] = VERSION

    def to_json(self) -> bytes:
        """Return it as the first member of the file."""
        values = {"format": FORMAT, **asdict(self), "names": {str(number): name for number, name in self.names.items()}}
        return json.dumps(values, indent=1).encode()


def read_header(data: bytes, where: str) -> RecordingHeader:
    """Return the header in `data`.

    Raises:
        SourceError: it is none, or that of a format that is too new.
    """
    try:
        values: dict[str, Any] = json.loads(data)
        if values.pop("format") != FORMAT:
            raise KeyError("format")
        major, minor = (int(number) for number in values["version"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{where} is no recording: its first part says something else", hint=_HINT) from error
    if major != VERSION[0]:
        raise SourceError(
            f"{where} is a recording of version {major}.{minor}, and this program reads {VERSION[0]}.{VERSION[1]}",
            hint="read it with the version that wrote it, or record the video again",
        )
    if minor > VERSION[1]:
        log.warning("%s is of version %d.%d: what is new in it is passed over", where, major, minor)
    known = {item.name for item in fields(RecordingHeader)}
    try:
        names = {int(number): str(name) for number, name in values.pop("names").items()}
        suits = {str(name): float(value) for name, value in values.pop("suits", {}).items()}
        kept = {name: value for name, value in values.items() if name in known}
        return RecordingHeader(**{**kept, "names": names, "suits": suits, "version": (major, minor)})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{where} is damaged: its description does not make sense ({error})") from error


_HINT = "numa-deploy track --source match.mp4 --record match.numa writes one"
