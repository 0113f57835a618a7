"""A progress bar on standard error, and nothing at all when that is not a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from numa_runtime.shown import shown
from numa_runtime.text import shorten

if TYPE_CHECKING:
    from numa_runtime.sources.base import Media, MediaInfo


_FIGURES = 45
"""Columns that a line of progress needs for the bar, counts, speed and time."""


def headline(info: MediaInfo, room: int = 200) -> str:
    """Return "match.mp4 1280x720 25 fps" in at most `room` characters: the name gives way, not the figures."""
    fps = f" {info.fps:.4g} fps" if info.fps else ""
    figures = f"{info.width}x{info.height}{fps}"
    name = shorten(shown(info.name), room - len(figures) - 1)
    return f"{name} {figures}"


class CountBar:
    """One bar that counts to a known number; called with (done, all).

    Args:
        what: its words.
        enabled: whether it is shown, on a terminal.
        wide: its words may take what the terminal has, not 40 columns.
    """

    def __init__(self, what: str, *, enabled: bool, wide: bool = False) -> None:
        self._what, self._wide, self._room = what, wide, 40
        self._shown = enabled and sys.stderr.isatty()

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            console = Console(stderr=True)
            self._room = max(console.width - _FIGURES, 12) if self._wide else self._room
            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=10 if self._wide else 40),
                TaskProgressColumn(),
                TimeRemainingColumn(),
                console=console,
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task(shown(self._what), total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._progress.stop()

    def name(self, what: str) -> None:
        """Change the bar's words."""
        if self._shown:
            self._progress.update(self._task, description=shorten(shown(what), self._room))

    def __call__(self, done: int, total: int) -> None:
        """Note that `done` of `total` are done."""
        if self._shown:
            self._progress.update(self._task, completed=done, total=total)

    def named(self, done: int, total: int, what: str) -> None:
        """Note that `done` of `total` are done, and what is being done."""
        self.name(what)
        self(done, total)


class StepBar:
    """What is being done, and how much of it; called with (words, share 0-1)."""

    def __init__(self, *, enabled: bool) -> None:
        self._bar = CountBar("", enabled=enabled)

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def __call__(self, what: str, share: float) -> bool:
        """Note the step; never cancels (Ctrl-C does)."""
        self._bar.name(what)
        self._bar(round(100 * share), 100)
        return True


class FrameBar:
    """One bar per medium: frames done, of how many, frames per second."""

    def __init__(self, enabled: bool) -> None:
        self._shown = enabled and sys.stderr.isatty()
        self._media: Media | None = None
        self._done_before = 0
        self._room = 40

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            console = Console(stderr=True)
            self._room = max(console.width - _FIGURES, 12)
            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=None if console.width >= 100 else 10),
                MofNCompleteColumn(),
                TextColumn("{task.fields[fps]:>4} fps"),
                TimeRemainingColumn(compact=True),
                console=console,
            )
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._progress.stop()

    def __call__(self, media: Media, frames: int) -> None:
        """Note that `frames` frames of the whole run are done, the last of them from `media`."""
        if not self._shown:
            return
        if media is not self._media:
            self._media, self._done_before = media, frames - 1
            self._task = self._progress.add_task(headline(media.info, self._room), total=media.info.frame_count, fps="")
        task = self._progress.tasks[self._task]
        speed = f"{task.speed:.0f}" if task.speed else ""
        self._progress.update(self._task, completed=frames - self._done_before, fps=speed)
