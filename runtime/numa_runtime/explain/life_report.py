"""An explanation as files: explain.md, explain.json, a picture per decisive moment and of the life, all as one page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from numa_runtime.errors import SinkError
from numa_runtime.explain.events import Event
from numa_runtime.explain.page import advice, heading, page, page_path, paragraph, picture, table
from numa_runtime.files import atomic_path
from numa_runtime.vision.opencv import import_cv2

MOST_PICTURES = 60
"""More moments than this are told, but not drawn."""
JPEG_QUALITY = 92

Image = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What is written of the life of one id.

    Attributes:
        facts: the explanation as plain values, its events under "events".
        chart: the whole life, uint8 BGR.
        draw: makes the picture of one event, uint8 BGR.
    """

    headline: str
    events: Sequence[Event]
    facts: Mapping[str, Any]
    chart: Image
    draw: Callable[[Event], Image]

    def save(self, folder: Path) -> tuple[Path, ...]:
        """Write everything into `folder`, and beside it as one page, `folder`.html; return the files.

        Raises:
            SinkError: the folder cannot be written.
        """
        text, data, life = folder / "explain.md", folder / "explain.json", folder / "life.png"
        _write_picture(life, self.chart)
        pictures = self._save_pictures(folder)
        _write_text(text, self._markdown(pictures, life))
        _write_text(data, json.dumps(self._facts(pictures), indent=2, ensure_ascii=False) + "\n")
        whole = page_path(folder)
        _write_text(whole, self._page(pictures, life))
        return text, data, life, *pictures.values(), whole

    def _save_pictures(self, folder: Path) -> dict[int, Path]:
        """Draw the events that show something; return the file of each, by its place among the events."""
        pictures: dict[int, Path] = {}
        for place in [place for place, event in enumerate(self.events) if event.shows][:MOST_PICTURES]:
            event = self.events[place]
            name = f"{len(pictures) + 1:02d}-{event.kind.value.replace(' ', '-')}-frame-{event.number}.jpg"
            pictures[place] = folder / name
            _write_picture(pictures[place], self.draw(event))
        return pictures

    def _markdown(self, pictures: Mapping[int, Path], life: Path) -> str:
        """Return the whole explanation as Markdown with its pictures."""
        parts = [f"# {self.headline}", f"![the whole life]({life.name})"]
        for place, event in enumerate(self.events):
            parts += _section(event, pictures.get(place))
        return "\n\n".join(parts) + "\n"

    def _page(self, pictures: Mapping[int, Path], life: Path) -> str:
        """Return the whole explanation as one HTML page."""
        marks = [f"event-{place + 1}" for place in range(len(self.events))]
        rows = [(event.number, round(event.time, 2), event.kind.value, _first(event.text)) for event in self.events]
        parts = [picture(life, "the whole life"), table("", ("frame", "second", "event", ""), rows, marks)]
        for place, event in enumerate(self.events):
            parts += [heading(_title(event), marks[place]), paragraph(event.text)]
            parts.append(advice([str(tried) for tried in event.advice]))
            parts += [picture(pictures[place], event.caption)] if place in pictures else []
        return page(self.headline, parts)

    def _facts(self, pictures: Mapping[int, Path]) -> dict[str, Any]:
        """Return the plain values, every event with the name of its picture."""
        names = {place: {"picture": path.name} for place, path in pictures.items()}
        events = [event | names.get(place, {}) for place, event in enumerate(self.facts["events"])]
        return {**self.facts, "events": events}


def _title(event: Event) -> str:
    return f"Frame {event.number} ({event.time:.2f} s): {event.kind.value}"


def _first(text: str) -> str:
    """Return a text's first sentence."""
    return text.partition(". ")[0].rstrip(".") + "."


def _section(event: Event, picture: Path | None) -> list[str]:
    parts = [f"## {_title(event)}", event.text]
    if event.advice:
        parts.append("\n".join(f"- {advice}" for advice in event.advice))
    if picture is not None:
        parts.append(f"![{event.caption}]({picture.name})")
    return parts


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")


def _write_picture(path: Path, image: Image) -> None:
    cv2 = import_cv2()
    settings = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    ok, data = cv2.imencode(path.suffix, image, settings)
    if not ok:
        raise SinkError(f"OpenCV cannot encode {path.name}")
    with atomic_path(path) as part:
        part.write_bytes(data.tobytes())
