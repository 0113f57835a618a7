"""What `track --explain` adds at the end of a run: the life of the ids asked for, printed and written."""

from __future__ import annotations

import shutil
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from numa_deploy.cli.console import Console
from numa_runtime.words import count

if TYPE_CHECKING:
    from numa_runtime.explain.events import Event
    from numa_runtime.pipeline.run import Run

_INDENT = " " * 4


def explain(console: Console, job: Run, asked: bool | tuple[int | str, ...]) -> dict[str, Any]:
    """Print and write the life of each id asked for, and of "all" the overview; return what `--json` adds.

    Raises:
        TrackerError: an id that never was.
    """
    from numa_runtime.explain.page import page_path
    from numa_runtime.pipeline.explaining import ExplainingFollower

    follower = job.follower
    if isinstance(asked, bool) or not isinstance(follower, ExplainingFollower) or job.outputs is None:
        return {}
    where = job.outputs.folder
    counted = follower.overviews(where) if "all" in asked else []
    for overview, folder in counted:
        for line in ("", *overview.lines(), f"{folder}/  explain.md  explain.json"):
            console.say(line)
        console.say(f"{page_path(folder)}  all of it on one page")
    told = follower.write([track_id for track_id in asked if isinstance(track_id, int)], where)
    width = min(shutil.get_terminal_size((110, 24)).columns, 110)
    for explanation, folder in told:
        console.say()
        console.say(explanation.headline)
        for event in explanation.events:
            for line in _lines(event, width):
                console.say(line)
        pictures = sum(path.suffix in (".png", ".jpg") for path in folder.iterdir())
        console.say(f"{folder}/  explain.md  explain.json  {count(pictures, 'picture')}")
        console.say(f"{page_path(folder)}  all of it on one page")
    return {
        "explained": [explanation.to_dict() | {"folder": str(folder)} for explanation, folder in told],
        "all_ids": [overview.to_dict() | {"folder": str(folder)} for overview, folder in counted],
    }


def _lines(event: Event, width: int) -> list[str]:
    """Return "frame 131 (4.4 s) lost", then its sentences and what was tried, wrapped and indented."""
    text = [f"frame {event.number} ({event.time:.2f} s)  {event.kind.value}"]
    text += wrap(event.text, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
    for advice in event.advice:
        text += wrap(f"-> {advice}", width, initial_indent=_INDENT, subsequent_indent=_INDENT + "   ")
    return text
