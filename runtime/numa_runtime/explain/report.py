"""An explanation as files: explain.md, explain.json, one picture per decisive moment, one of the whole life."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_runtime.errors import SinkError
from numa_runtime.files import atomic_path

if TYPE_CHECKING:
    from numa_runtime.explain.events import Event
    from numa_runtime.explain.explanation import Explanation

MOST_PICTURES = 60
"""More moments than this are told, but not drawn."""
JPEG_QUALITY = 92


def write(explanation: Explanation, folder: Path) -> tuple[Path, ...]:
    """Write everything into `folder`; return the files.

    Raises:
        SinkError: the folder cannot be written.
    """
    from numa_runtime.explain.pictures.chart import draw_chart
    from numa_runtime.explain.pictures.strip import Strip

    strip = Strip(explanation.analysis, explanation.course, explanation.footage)
    pictures: dict[int, Path] = {}
    life = folder / "life.png"
    _write_picture(life, draw_chart(explanation))
    drawn = [number for number, event in enumerate(explanation.events) if event.shows][:MOST_PICTURES]
    for number in drawn:
        event = explanation.events[number]
        path = folder / f"{len(pictures) + 1:02d}-{event.kind.value.replace(' ', '-')}-frame-{event.number}.jpg"
        _write_picture(path, strip.draw(event))
        pictures[number] = path
    text, data = folder / "explain.md", folder / "explain.json"
    _write_text(text, markdown(explanation, pictures, life))
    described = explanation.to_dict()
    for number, path in pictures.items():
        described["events"][number]["picture"] = path.name
    _write_text(data, json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    return text, data, life, *pictures.values()


def markdown(explanation: Explanation, pictures: dict[int, Path], life: Path) -> str:
    """Return the whole explanation as Markdown with its pictures."""
    parts = [f"# {explanation.headline}", f"![the whole life]({life.name})"]
    for number, event in enumerate(explanation.events):
        parts += _section(event, pictures.get(number))
    return "\n\n".join(parts) + "\n"


def _section(event: Event, picture: Path | None) -> list[str]:
    parts = [f"## Frame {event.number} ({event.time:.2f} s): {event.kind.value}", event.text]
    if event.advice:
        parts.append("\n".join(f"- {advice}" for advice in event.advice))
    if picture is not None:
        parts.append(f"![{event.caption}]({picture.name})")
    return parts


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")


def _write_picture(path: Path, image: Any) -> None:
    from numa_runtime.vision.opencv import import_cv2

    cv2 = import_cv2()
    settings = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    ok, data = cv2.imencode(path.suffix, image, settings)
    if not ok:
        raise SinkError(f"OpenCV cannot encode {path.name}")
    with atomic_path(path) as part:
        part.write_bytes(data.tobytes())
