"""What a result can be turned into: a picture, files, words, rows, tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import SinkError, SourceError, UsageError
from numa_runtime.files import append_text
from numa_runtime.jsontext import json_text
from numa_runtime.results.label_rows import label_rows
from numa_runtime.results.phrases import box_lines, count_phrase, printable, source_name
from numa_runtime.results.pictures import as_pil, picture_name, save_crops, show_picture, write_picture
from numa_runtime.results.records import BallRecords, Detections
from numa_runtime.results.summary import summary_rows, table_columns, table_rows
from numa_runtime.results.tabular import as_csv, as_frame

Frame = NDArray[np.uint8]


class Outlets:
    """The ways out of `Results`, whose fields these are."""

    orig_shape: tuple[int, int]
    names: dict[int, str]
    detections: Detections
    ball_records: BallRecords
    path: str
    frame_index: int
    timestamp: float
    speed: dict[str, float]
    painter: Any

    def frame(self) -> Frame:
        """Return the BGR frame."""
        raise NotImplementedError

    def plot(
        self,
        *,
        img: Frame | None = None,
        pil: bool = False,
        show: bool = False,
        save: bool = False,
        filename: str | Path | None = None,
        **style: Any,
    ) -> Any:
        """Return a BGR copy of the frame with everything drawn on it.

        Args:
            img: draw on this picture instead of the frame; of the frame's size.
            pil: return a PIL image.
            show: show it in a window too.
            save: write it too, to `filename`.
            filename: as in `save`.
            style: keywords as `vision.draw.Style` takes them.

        Raises:
            UsageError: an unknown word, or a picture of another size.
            SourceError: the frame is gone.
        """
        if self.painter is None:
            raise SourceError(
                "these results carry no painter", hint="use numa_runtime.vision.draw.paint(result, frame)"
            )
        picture = self.painter(self, self.frame() if img is None else self._same_size(img), **style)
        if save:
            self._write(picture, filename)
        if show:
            show_picture(source_name(self.path) or "frame", picture, wait=True)
        return as_pil(picture) if pil else picture

    def _same_size(self, picture: Any) -> Frame:
        """Return a picture to draw on; on one of another size every box would lie elsewhere."""
        array = np.asarray(picture)
        if array.dtype != np.uint8 or array.shape[:2] != self.orig_shape:
            height, width = self.orig_shape
            raise UsageError(
                f"img is {array.dtype} of shape {array.shape}, but these results are of {width}x{height} px",
                hint=f"give a uint8 picture of shape ({height}, {width}, 3)",
            )
        return array

    def save(self, filename: str | Path | None = None, **style: Any) -> str:
        """Write `plot(**style)` to an image file and return its path.

        Args:
            filename: by default results_NAME in the working folder.
            style: as for `plot`.

        Raises:
            SinkError: it cannot be written, or it is the very file the frame came from.
        """
        return self._write(self.plot(**style), filename)

    def _write(self, picture: Frame, filename: str | Path | None) -> str:
        name = picture_name(source_name(self.path), self.frame_index) if filename is None else filename
        target = Path(name).expanduser()
        if self.path and target.exists() and Path(self.path).exists() and target.samefile(self.path):
            raise SinkError(f"{target} is the picture itself: it would be overwritten", hint="save under another name")
        return str(write_picture(target, picture))

    def show(self, *, wait: bool = True, **style: Any) -> None:
        """Show `plot(**style)` in a window.

        Args:
            wait: until a key is pressed; False goes on at once, for loops over video.
            style: as for `plot`.

        Raises:
            SinkError: there is no display.
        """
        show_picture(source_name(self.path) or "frame", self.plot(**style), wait=wait)

    def save_txt(self, txt_file: str | Path, save_conf: bool = False) -> str:
        """Append one line per detection to a YOLO label file and return its path; no detections write nothing.

        Args:
            txt_file: lines are added to what it holds, so that a file may collect the frames of a video.
            save_conf: write scores too.

        Raises:
            SinkError: it cannot be written.
        """
        target = Path(txt_file).expanduser()
        lines = [f"{line}\n" for line in label_rows(self.detections, self.orig_shape, save_conf=save_conf)]
        if lines:
            append_text(target, "".join(lines))
        return str(target)

    def save_crop(self, save_dir: str | Path, file_name: str | Path | None = None) -> list[Path]:
        """Write what lies in each box to SAVE_DIR/CLASS/FILE_NAME and return the paths.

        Args:
            save_dir: the folder; each class gets one in it.
            file_name: by default the source's name, with the frame's number where it is a video. Where a file is
                there already, the new one gets a number: im.jpg, im-2.jpg.

        Raises:
            SourceError: the frame is gone.
            SinkError: a file cannot be written.
        """
        name = picture_name(source_name(self.path), self.frame_index).removeprefix("results_")
        folder = Path(save_dir).expanduser()
        return save_crops(self.frame(), self.detections, self.names, folder, str(file_name or name))

    def verbose(self) -> str:
        """Return one phrase: "2 persons, 1 cup", or "nothing"."""
        return count_phrase(self.detections, self.ball_records, self.names)

    def __repr__(self) -> str:
        height, width = self.orig_shape
        where = printable(source_name(self.path), 30) or "a frame"
        found = printable(self.verbose(), 50)
        head = f"{where}, frame {self.frame_index} at {self.timestamp:.2f} s, {width}x{height} px: {found}"
        times = "  ".join(f"{stage} {ms:.1f}" for stage, ms in self.speed.items())
        return "\n".join([head, *box_lines(self.detections, self.names), *([f"  {times} ms"] if times else [])])

    def summary(self, normalize: bool = False, decimals: int = 5) -> list[dict[str, Any]]:
        """Return one plain dict per detection: name, class, confidence, box, track_id, keypoints (as present)."""
        return summary_rows(self.detections, self.orig_shape, self.names, normalize=normalize, decimals=decimals)

    def to_df(self, normalize: bool = False, decimals: int = 5) -> Any:
        """Return a DataFrame of pandas or, where only that is installed, of polars: one row per detection.

        Its columns are name, class, confidence, x1, y1, x2, y2, track_id (-1 = not tracked) and x, y, visible of each
        keypoint, also where nothing was found, so that frames can be put one after the other.

        Raises:
            NumaError: neither is installed.
        """
        columns = table_columns(self.detections.keypoints.shape[1])
        return as_frame(table_rows(self.summary(normalize, decimals)), columns)

    def to_csv(self, normalize: bool = False, decimals: int = 5) -> str:
        """Return the table of `to_df` as CSV text; it needs no further package."""
        columns = table_columns(self.detections.keypoints.shape[1])
        return as_csv(table_rows(self.summary(normalize, decimals)), columns)

    def to_json(self, normalize: bool = False, decimals: int = 5) -> str:
        """Return `summary()` as JSON text."""
        return json_text(self.summary(normalize, decimals))
