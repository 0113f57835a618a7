"""Find the files that label rallies, and read each with its frames: annotation.json, or a ball CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from numa_benchmarks.labels.annotation import read_annotation
from numa_benchmarks.labels.ball import read_ball_csv
from numa_benchmarks.labels.footage import (
    AMONG_IMAGES,
    TABLES,
    Footage,
    footage_beside,
    footage_of_table,
    place_of_table,
)
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_benchmarks.labels.rally_rules import RallyRules

ANNOTATION = "annotation.json"


def rally_files(place: Path) -> Iterator[Path]:
    """Yield what labels a rally: the place itself, or what lies in a folder and in its folders.

    That is annotation.json; a ball CSV beside its video or images; `csv/NAME.csv` beside `video/` or `frame/`; and
    Label.csv among images.
    """
    if place.suffix.lower() == ".csv":
        yield place
    elif (place / ANNOTATION).is_file():
        yield place / ANNOTATION
    elif place.is_dir():
        for path in sorted(place.iterdir()):
            if path.suffix.lower() == ".csv":
                yield from (path,) if place_of_table(path) is not None else ()
            elif path.is_dir():
                yield from _within(path)


def _within(folder: Path) -> Iterator[Path]:
    """Yield what labels rallies in a folder of the place."""
    if (folder / ANNOTATION).is_file():
        yield folder / ANNOTATION
        return
    for home in (folder, folder / TABLES):
        for path in sorted(home.glob("*.csv")):
            known = path.name.lower() == AMONG_IMAGES or home.name == TABLES
            if known and place_of_table(path) is not None:
                yield path


def rallies_in(place: Path, rules: RallyRules, left_out: LeftOut) -> Iterator[Rally]:
    """Yield the rallies of a place, each in pieces where frames are missing in between.

    Args:
        place: a folder or a ball CSV.
        rules: how they are read.
        left_out: counts what is not taken over.

    Raises:
        DataError: labels are malformed, or have no frames.
    """
    for path in rally_files(place):
        yield from _annotated(path, rules, left_out) if path.name == ANNOTATION else _ball_table(path, rules, left_out)


def _annotated(path: Path, rules: RallyRules, left_out: LeftOut) -> Iterator[Rally]:
    footage = footage_beside(path.parent, rules)
    said = read_annotation(path, shape=footage.shape, top_left=rules.top_left, step=footage.step)
    left_out.take(said.left_out)
    unknown = FrameLabels.unknown(said.keypoints)
    yield from _pieces(path.parent.name, path, footage, said.frames, unknown, said.lines, left_out)


def _ball_table(path: Path, rules: RallyRules, left_out: LeftOut) -> Iterator[Rally]:
    """Yield the rally whose balls a CSV lists, in pixels or as shares of width and height."""
    footage = footage_of_table(path, rules)
    table = read_ball_csv(path).in_pixels(footage.shape)
    inside = [0 <= x < footage.shape[1] and 0 <= y < footage.shape[0] for x, y in table.xy.tolist()]
    frames = {}
    for number, seen, within, xy in zip(table.frame.tolist(), table.visible.tolist(), inside, table.xy, strict=True):
        if number % footage.step:
            continue
        if seen and not within:
            left_out.add("ball outside the frame", f"{path}:{table.lines[number]}: frame {number}")
        frames[number] = replace(FrameLabels.of([xy] if seen and within else []), players_labelled=False)
    name = path.parent.name if path.name.lower() == AMONG_IMAGES else path.stem
    yield from _pieces(name, path, footage, frames, FrameLabels.unknown(), table.lines, left_out)


def _pieces(
    name: str,
    path: Path,
    footage: Footage,
    frames: Mapping[int, FrameLabels],
    unknown: FrameLabels,
    lines: Mapping[int, int],
    left_out: LeftOut,
) -> Iterator[Rally]:
    """Yield a rally, labels joined with the frames of their numbers."""
    for orphan in sorted(set(frames) - set(footage.numbers)):
        line = f":{lines[orphan]}" if orphan in lines else ""
        left_out.add("labelled frame without a picture", f"{path}{line}: frame {orphan}")
    for part, run in enumerate(footage.runs()):
        labels = [frames.get(number, unknown) for number in run]
        named = name + (f"-{part}" if part else "")
        yield Rally(named, path, footage.pictures(run), labels, footage.fps, run, lines)
