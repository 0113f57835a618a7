"""What is written, and where; `pipeline.outputs` has one row a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, WRITTEN
from numa_runtime.options.readers import at_least, read_text
from numa_runtime.tracking.offline.fill import Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions(Options):
    """Files and the window of one run, in PROJECT/MODE/NAME (NAME, NAME-2, ...).

    Attributes:
        save: annotated pictures or video.
        save_mot: MOTChallenge text of the tracks; `mot_class` puts classes into it.
        offline_tracks: MOTChallenge text of the tracks as a look back gives them; the longest gap in frames, 0: none.
        offline_fill: how it fills gaps.
        record: a recording of what was found, before it is tracked: a file of its own, in no run folder.
        record_pictures: how large its pictures are.
        save_jsonl: one JSON object a frame.
        save_csv: one row a detection.
        save_txt: YOLO label files; `save_conf` puts scores into them.
        save_ball: CSV Frame,Visibility,X,Y; None: where anything is written and the network has balls.
        verbose: a line per frame on standard output: what was found, and how long it took.
        show: a window.
        name: None: the source's name.
        exist_ok: write into an existing folder instead of NAME-2.
    """

    save: bool = option(False, "Write annotated pictures or video.", on=("predict", "track"), panel=WRITTEN)
    save_mot: bool = option(False, "Write tracks as MOTChallenge text.", on=("track",), modes=("track",), panel=WRITTEN)
    mot_class: bool = option(
        False,
        "Put classes, counted from 1, into that text, for val per class. TrackEval's MOT rules take class 1 only.",
        modes=("track",),
        panel=WRITTEN,
    )
    offline_tracks: int = option(
        0,
        "Look back: also write tracks (NAME_offline.txt) with gaps of up to so many frames filled, fragments joined, "
        "flickers removed. 0: no.",
        read=at_least(0),
        modes=("track",),
        metavar="FRAMES",
        panel=WRITTEN,
    )
    offline_fill: Fill = option(
        Fill.LINEAR,
        "How --offline-tracks fills gaps: linear, or gaussian (smooths the whole track).",
        read=lambda _, value: Fill.parse(value),
        modes=("track",),
        panel=WRITTEN,
    )
    record: str | Path | None = option(
        None,
        "Record what the model finds, to track it again with --replay: FILE.numa, or a folder for several videos.",
        modes=("track",),
        metavar="PATH",
        panel=WRITTEN,
    )
    record_pictures: int = option(
        256,
        "Longest side of the small pictures in a recording, pixels (0: none).",
        read=at_least(0),
        modes=("track",),
        panel=WRITTEN,
    )
    save_jsonl: bool = option(False, "Write one JSON object per frame.", on=("predict", "track"), panel=WRITTEN)
    save_csv: bool = option(False, "Write one CSV row per detection.", panel=WRITTEN)
    save_txt: bool = option(False, "Write YOLO label files.", panel=WRITTEN)
    save_conf: bool = option(False, "Put scores into the YOLO labels.", panel=WRITTEN)
    save_ball: bool | None = option(
        None, "Write balls as CSV Frame,Visibility,X,Y. Default: when the model has balls.", kind=bool, panel=WRITTEN
    )
    verbose: bool = option(False, "Print one line per frame.", python_only=True)
    show: bool = option(False, "Show a window; q or Esc ends the run.", panel=MOST)
    project: str | Path = option("runs", "Folder that holds the results.", read=None, metavar="FOLDER", panel=WRITTEN)
    name: str | None = option(
        None,
        "Results lie under PROJECT/MODE/NAME. Default: the source's name.",
        read=read_text,
        metavar="NAME",
        panel=MOST,
    )
    exist_ok: bool = option(False, "Write into an existing folder instead of NAME-2.", panel=WRITTEN)

    @property
    def files(self) -> bool:
        """Whether anything is written to disk."""
        return any(
            (
                self.save,
                self.save_mot,
                self.save_jsonl,
                self.save_csv,
                self.save_txt,
                self.save_ball,
                self.offline_tracks,
            )
        )

    @property
    def writes(self) -> bool:
        """Whether anything is written, shown or printed."""
        return self.files or self.show or self.verbose

    def for_network(self, *, balls: bool) -> Self:
        """Return the options with `save_ball` decided."""
        return self if self.save_ball is not None else replace(self, save_ball=balls and (self.files or self.show))
