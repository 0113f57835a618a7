"""A window that shows the painted frames; q, Esc or closing it ends the run."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.installing import packages_line
from numa_runtime.results import Frame, Results
from numa_runtime.results.pictures import check_display

_ESC, _Q = 27, ord("q")


class WindowSink:
    """Shows each painted frame at once.

    Raises:
        SinkError: no display was found, or OpenCV was built without windows.
    """

    needs_picture = True

    def __init__(self, title: str) -> None:
        check_display("show=True", "omit show: --save writes the same pictures as a video")
        self.title = title
        self.stopped = False

    def write(self, result: Results, painted: Frame | None) -> None:  # noqa: ARG002 - every sink is given both
        """Show one frame and look for a key press."""
        import cv2

        if painted is None:
            raise SinkError("the window was given no picture")
        try:
            cv2.imshow(self.title, painted)
            key = cv2.waitKey(1) & 0xFF
            closed = cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) < 1
        except cv2.error as error:
            raise SinkError(
                "this OpenCV cannot open windows",
                hint=f"pip uninstall opencv-python-headless; {packages_line('opencv-python')}",
            ) from error
        self.stopped = self.stopped or closed or key in (_ESC, _Q)

    def close(self) -> tuple[Path, ...]:
        """Close the window; nothing was written."""
        self.abort()
        return ()

    def abort(self) -> None:
        """Close the window."""
        import contextlib

        import cv2

        with contextlib.suppress(cv2.error):
            cv2.destroyWindow(self.title)
