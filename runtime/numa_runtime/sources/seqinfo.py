"""`seqinfo.ini`: what MOTChallenge says of a sequence."""

from __future__ import annotations

from configparser import ConfigParser
from configparser import Error as IniError
from dataclasses import dataclass
from pathlib import Path

from numa_runtime.errors import NumaError, SourceError
from numa_runtime.sources.mot_text import file_text

NAME = "seqinfo.ini"
IMAGES = "img1"
"""The folder of a sequence's images where seqinfo.ini names no other."""


@dataclass(frozen=True, slots=True)
class SequenceInfo:
    """What seqinfo.ini says: name, number of frames, frames per second, (height, width), the folder of its images."""

    name: str
    frames: int
    fps: float
    shape: tuple[int, int]
    images: str = IMAGES


def read_seqinfo(path: Path, error: type[NumaError] = SourceError) -> SequenceInfo:
    """Read a seqinfo.ini.

    Args:
        path: the file.
        error: what is raised.

    Raises:
        NumaError: of the type `error`: it is missing, not an ini file, or lacks a key or number; the key is named.
    """
    ini = ConfigParser(interpolation=None)
    try:
        ini.read_string(file_text(path, "the sequence's description", error), str(path))
        section = ini["Sequence"]
        found = SequenceInfo(
            section.get("name", path.parent.name),
            int(section["seqLength"]),
            float(section.get("frameRate", "30")),
            (int(section.get("imHeight", "0")), int(section.get("imWidth", "0"))),
            section.get("imDir", IMAGES),
        )
    except KeyError as reason:
        raise error(f"{path} has no {str(reason).strip(chr(39))}") from reason
    except IniError as reason:
        raise error(f"{path} is not an ini file: {reason.message.splitlines()[0]}") from reason
    except ValueError as reason:
        raise error(f"{path}: {reason}") from reason
    if not 0 < found.fps < float("inf") or found.frames < 1:
        raise error(f"{path}: {found.frames} frames at {found.fps:g} a second is no sequence")
    return found
