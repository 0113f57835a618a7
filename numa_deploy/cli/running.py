"""What `predict` and `track` share: open, run with a progress bar, say what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.cli.console import open_console
from numa_runtime.errors import UsageError
from numa_runtime.pipeline.options import RunOptions, TrackRunOptions
from numa_runtime.sources.suffixes import is_image
from numa_runtime.text import shorten
from numa_runtime.words import count

if TYPE_CHECKING:
    from numa_deploy.cli.options import ModelOptions, PrintOptions
    from numa_deploy.yolo.model import YOLO
    from numa_runtime.pipeline.run import Progress, Run

MOST_NAMES = 6
"""Files that are named at the end of a run; the rest is counted."""


def run(model: ModelOptions, options: RunOptions, prints: PrintOptions) -> None:
    """Run the model over the source, and say what was found, where it was written and what became of ids."""
    console = open_console(prints)

    from numa_deploy.cli.explaining import explain
    from numa_deploy.cli.progress import FrameBar

    finder = _finder(model, options)
    console.note(finder.said)
    with FrameBar(not console.quiet) as bar:
        job = finder.start(bar)
        _keep_sources(job.source.files, prints.json)
        for _ in job:
            pass
    for line in job.summary.lines(tracked=isinstance(options, TrackRunOptions)):
        console.say(line)
    if job.summary.files and job.outputs is not None:
        console.say(_files(job.summary.files, job.outputs.folder, console.width))
    for path in job.summary.recordings:
        console.say(f"recorded: numa-deploy track --replay {path}")
    told = explain(console, job, options.tracker.explain) if isinstance(options, TrackRunOptions) else {}
    console.finish(
        {
            "mode": options.mode,
            **finder.told,
            **job.summary.to_dict(),
            **told,
        }
    )


def _keep_sources(sources: Sequence[Path], json: str | None) -> None:
    """Refuse to write the summary over what is read."""
    target = Path(json or "-")
    if target.exists() and any(target.samefile(source) for source in sources):
        raise UsageError(f"--json {json} is the source: the summary would replace it", hint="--json summary.json")


@dataclass(frozen=True, slots=True)
class _Finder:
    """What finds the objects of a run: what is said of it, what `--json` has, and what starts the run."""

    said: str
    told: dict[str, Any]
    start: Callable[[Progress], Run]


def _finder(model: ModelOptions, options: RunOptions) -> _Finder:
    """Open the model; or none where what it would find is known."""
    if isinstance(options, TrackRunOptions) and options.known.any:
        return _known(model, options)
    from numa_deploy.yolo.model import YOLO

    yolo = YOLO(model.model, device=model.device, threads=model.threads)
    told = {"model": yolo.session.path, "backend": yolo.session.backend, "device": yolo.session.device}
    return _Finder(_what_runs(yolo, options), told, lambda bar: yolo.start(options, progress=bar))


def _known(model: ModelOptions, options: TrackRunOptions) -> _Finder:
    from numa_runtime.pipeline.start_known import start_known

    said = options.known.said
    if model.model is not None:
        raise UsageError(f"--model would not be used: the run is of {said}", hint="leave --model out")
    told = {"model": None, "known": said}
    return _Finder(f"{said} · {_tracker(options)}", told, lambda bar: start_known(options, progress=bar))


def _tracker(options: TrackRunOptions) -> str:
    return Path(options.tracker.tracker).stem


def _what_runs(yolo: YOLO, options: RunOptions) -> str:
    from numa_deploy.yolo.bundled import is_bundled

    session = yolo.session
    name = yolo.model.spec.name or Path(session.path).name
    origin = "bundled, " if is_bundled(session.path) else ""
    classes = yolo.names or yolo.model.spec.ball_names  # a network of balls alone has no other classes
    parts = [f"{name} ({origin}{count(len(classes), 'class', 'classes')})", f"{session.backend} {session.device}"]
    if isinstance(options, TrackRunOptions):
        parts.append(_tracker(options))
    return " · ".join(parts)


def _files(files: list[Path], folder: Path, width: int | None) -> str:
    """Return "runs/predict/photos/  4 images  photos.jsonl  labels/ 4 files"; the run's folder stands first.

    Names give way on a narrow screen.
    """
    room = 200 if width is None else width // 3
    names = [shorten(_what(path, folder), room) for path in files]
    more = len(names) - MOST_NAMES
    return f"{folder}/  " + "  ".join(names[:MOST_NAMES]) + (f"  ... ({more} more)" if more > 0 else "")


def _what(path: Path, folder: Path) -> str:
    if path == folder:
        return count(sum(is_image(file) for file in path.iterdir()), "image")
    if path.is_dir():
        return f"{path.relative_to(folder)}/ {count(sum(1 for _ in path.iterdir()), 'file')}"
    return str(path.relative_to(folder))
