"""Write generated rallies as labelled data: a folder each, a data.yaml with splits by rally, and a contact sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from numa_benchmarks.labels.contact_sheet import MOST, Sample, spread, write_sheet
from numa_benchmarks.labels.new_folder import new_folder
from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.labels.write_annotation import annotation_text, ball_text, mot_rows, seqinfo_text
from numa_benchmarks.progress import Progress
from numa_benchmarks.rally.body import FLIP, JOINTS
from numa_benchmarks.rally.rally_options import SEEDS, Layout, RallyOptions
from numa_benchmarks.rally.scene import Scene, SceneFrame
from numa_runtime.results.records import Detections
from numa_runtime.sinks.encoder import Encoder
from numa_runtime.sinks.images import encode_image
from numa_runtime.words import count

SHEET = "contact.jpg"
_COLUMNS = 4


@dataclass(slots=True)
class WrittenRallies:
    """What was written.

    Attributes:
        folder: where.
        rallies: by split, how many.
        frames: of all rallies.
        balls: frames with a ball.
        players: boxes of all frames.
    """

    folder: Path
    rallies: dict[str, int] = field(default_factory=dict)
    frames: int = 0
    balls: int = 0
    players: int = 0

    def lines(self) -> list[str]:
        """Return what people read."""
        splits = ", ".join(f"{number} {split}" for split, number in self.rallies.items())
        return [
            f"{self.folder}/  {count(sum(self.rallies.values()), 'rally', 'rallies')} ({splits}), "
            f"{count(self.frames, 'frame')}, a ball in {self.balls / max(self.frames, 1):.0%} of them, "
            f"{count(self.players, 'player box', 'player boxes')}",
            f"{self.folder / SHEET}  labelled samples, to look at",
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "folder": str(self.folder),
            "rallies": self.rallies,
            "frames": self.frames,
            "ball_frames": self.balls,
            "player_boxes": self.players,
        }


def write_rallies(options: RallyOptions, folder: Path, progress: Progress | None = None) -> WrittenRallies:
    """Make rallies up and write them; the folder is there when all of it is complete, or not at all.

    Args:
        options: which rallies, and how they are laid out.
        folder: where; it must not hold anything yet.
        progress: called with (frames done, all frames).

    Raises:
        UsageError: the folder holds something.
        SinkError: it cannot be written.
    """
    done = WrittenRallies(folder)
    samples: list[Sample] = []
    with new_folder(folder) as part:
        for number, split in enumerate(options.splits()):
            sport = options.sport[number % len(options.sport)]
            name = f"{sport}-{options.seed}-{number:04d}"
            scene = Scene(sport, options.seed * SEEDS + number, options.size, options.frames, options.fps)
            home = part / split / name
            home.mkdir(parents=True)
            labels = _write_rally(scene, home, options, _Watch(samples, done, options, progress))
            done.rallies[split] = done.rallies.get(split, 0) + 1
            done.balls += sum(bool(len(one.balls)) for one in labels)
            done.players += sum(len(one.boxes) for one in labels)
        if options.format is Layout.ANNOTATION:
            (part / "data.yaml").write_text(data_yaml(options), encoding="utf-8")
        write_sheet(samples, part / SHEET, _COLUMNS)
    return done


@dataclass(slots=True)
class _Watch:
    """Sees each frame once, as it is written: keeps samples, tells how far it is."""

    samples: list[Sample]
    done: WrittenRallies
    options: RallyOptions
    progress: Progress | None

    def see(self, name: str, number: int, frame: SceneFrame) -> None:
        """Take in one frame."""
        self.done.frames += 1
        if len(self.samples) < MOST and number in spread(self.options.frames, self._each):
            found = Detections.of(
                frame.labels.boxes, [1.0] * len(frame.labels.boxes), frame.players, frame.labels.keypoints
            )
            self.samples.append(Sample.of(f"{name} {number}", frame.image, found, frame.labels.balls))
        if self.progress is not None:
            self.progress(self.done.frames, self.options.frames * self.options.rallies)

    @property
    def _each(self) -> int:
        return max(1, min(_COLUMNS, MOST // self.options.rallies))


def _write_rally(scene: Scene, home: Path, options: RallyOptions, watch: _Watch) -> list[FrameLabels]:
    """Write one rally; return its labels."""
    labels: list[FrameLabels] = []
    rows: list[str] = []

    def frames() -> Iterable[SceneFrame]:
        for number, frame in enumerate(scene):
            watch.see(home.name, number, frame)
            labels.append(frame.labels)
            rows.extend(mot_rows(number, frame.players, frame.labels))
            yield frame

    if options.format is Layout.MOT:
        _write_images(frames(), home / "img1", "", first=1)
        (home / "gt").mkdir()
        (home / "gt" / "gt.txt").write_text("\n".join((*rows, "")), encoding="utf-8")
        text = seqinfo_text(home.name, len(labels), options.fps, options.size)
        (home / "seqinfo.ini").write_text(text, encoding="utf-8")
        (home / "ball.csv").write_text(ball_text(labels, options.size), encoding="utf-8")
        return labels
    if options.video:
        _write_video(frames(), home / "video.mp4", options.fps)
    else:
        _write_images(frames(), home / "frame", f"{home.name}_")
    (home / "annotation.json").write_text(annotation_text(labels, options.size), encoding="utf-8")
    return labels


def _write_images(frames: Iterable[SceneFrame], folder: Path, stem: str, first: int = 0) -> None:
    folder.mkdir()
    for number, frame in enumerate(frames, start=first):
        (folder / f"{stem}{number:06d}.jpg").write_bytes(encode_image(frame.image, ".jpg"))


def _write_video(frames: Iterable[SceneFrame], path: Path, fps: float) -> None:
    with Encoder(path, Fraction(fps).limit_denominator(1001), path.name) as encoder:
        for number, frame in enumerate(frames):
            encoder.add(frame.image, number / fps)
        encoder.finish()


def data_yaml(options: RallyOptions) -> str:
    """Return the data.yaml of generated rallies."""
    height, width = options.size
    sports: Sequence[str] = options.sport
    lines = (
        f"# {count(options.rallies, 'rally', 'rallies')} of {', '.join(sports)} that never were: seed {options.seed}, "
        f"{options.frames} frames each, {width}x{height}, {options.fps:g} fps",
        "task: multitask",
        *(f"{split}: {split}" for split in dict.fromkeys(options.splits())),
        "names: [player]",
        "ball_names: [ball]",
        f"kpt_shape: [{JOINTS}, 3]",
        f"flip_idx: {list(FLIP)}",
        "",
    )
    return "\n".join(lines)
