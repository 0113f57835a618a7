"""What `predict` and `track` share: open, run with a progress bar, say what was done."""

from __future__ import annotations

from typing import Any

from numa_deploy.cli.console import Console, show_logs
from numa_deploy.cli.values import class_words, image_size, track_ids, tracker_settings

TRACKER_WORDS = (
    "track_high_thresh",
    "track_low_thresh",
    "new_track_thresh",
    "track_buffer",
    "match_thresh",
)


def run(mode: str, words: dict[str, Any]) -> None:
    """Run `mode` with the words of its command."""
    console = Console(words.pop("quiet"), words.pop("json_file"))
    show_logs(console.quiet, words.pop("debug"))

    from numa_deploy.cli.explaining import explain
    from numa_deploy.cli.progress import FrameBar
    from numa_deploy.yolo.model import YOLO

    source, ids = words.pop("source"), track_ids(words.pop("explain", None))
    if ids:
        words["explain"] = True
    model = YOLO(words.pop("model"), device=words.pop("device"), threads=words.pop("threads"))
    words["imgsz"], words["classes"] = image_size(words["imgsz"]), class_words(words["classes"])
    for name in TRACKER_WORDS:
        if words.get(name, 0) is None:
            del words[name]
    words.update(tracker_settings(words.pop("settings", None) or ()))
    console.note(_what_runs(model, words.get("tracker")))
    with FrameBar(not console.quiet) as bar:
        job = model.start(mode, source, words, progress=bar)
        for _ in job:
            pass
    for line in job.summary.lines(tracked=mode == "track"):
        console.say(line)
    if job.summary.files:
        console.say(_files(job.summary.files))
    told = explain(console, job, ids, words) if ids else {}
    console.finish(
        {
            "mode": mode,
            "model": model.session.path,
            "backend": model.session.backend,
            "device": model.session.device,
            **job.summary.to_dict(),
            **told,
        }
    )


def _what_runs(model: Any, tracker: str | None) -> str:
    from pathlib import Path

    from numa_deploy.yolo.bundled import is_bundled

    session = model.session
    name = model.model.spec.name or Path(session.path).name
    origin = "bundled, " if is_bundled(session.path) else ""
    parts = [f"{name} ({origin}{len(model.names)} classes)", f"{session.backend} {session.device}"]
    if tracker:
        parts.append(Path(tracker).stem)
    return " · ".join(parts)


def _files(files: list[Any]) -> str:
    """Return "runs/track/match/  match.mp4  match.txt", many files counted."""
    folder = files[0].parent
    names = [path.name for path in files if path.parent == folder]
    shown = "  ".join(names[:6]) + (f"  ... ({len(files)} files)" if len(files) > min(len(names), 6) else "")
    return f"{folder}/  {shown}"
