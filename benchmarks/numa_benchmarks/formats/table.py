"""The table: as text for a terminal, and as Markdown for a README."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from numa_benchmarks.formats.row import FIGURES, FormatRow
from numa_benchmarks.grid import Grid, GridRow

_HEADINGS = dict(zip(FIGURES, ("mAP50-95", "mAP50-95(K)", "ball F1"), strict=True))

LABELS = 2
"""Columns at the left that are words."""

NEAR_POINTS = 1.0
"""What a format may lose, in points of mAP, and still be recommended."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and a row's cell under it."""

    heading: str
    cell: Callable[[FormatRow], str]


def fastest(rows: Sequence[FormatRow]) -> FormatRow | None:
    """Find the fastest format that is as good as the reference.

    Returns:
        The row of the smallest median among those within `NEAR_POINTS` of the reference; None where fewer than two
        rows were measured, so that there is nothing to choose from.
    """
    measured = [row for row in rows if row.ok and row.latency is not None]
    near = [row for row in measured if (row.map_delta_points or 0.0) >= -NEAR_POINTS]
    return min(near, key=_median) if len(measured) > 1 and near else None


def _median(row: FormatRow) -> float:
    return row.latency.total.p50 if row.latency else float("inf")


def best_words(rows: Sequence[FormatRow]) -> str:
    """Return what the marked row is: nothing was compared where nothing was scored."""
    scored = any(row.metrics is not None for row in rows)
    return f"fastest within {NEAR_POINTS:g} point of the reference" if scored else "fastest"


def text_table(rows: Sequence[FormatRow], width: int | None = None) -> list[str]:
    """Return the lines of the table, of at most `width`; a row without figures gives its reason instead of them."""
    return [*_grid(rows).lines(width), *_remarks(rows)]


def markdown_table(rows: Sequence[FormatRow]) -> list[str]:
    """Return the table in Markdown; the reasons of rows without figures follow in a list below it."""
    lines, best = _grid(rows).markdown(), fastest(rows)
    legend = [f"Bold: {best_words(rows)}."] if best else []
    notes = [f"- {row.format}: {explanation(row)}" for row in rows if not row.ok]
    notes += [f"- {remark}" for remark in _remarks(rows)]
    for part in (legend, notes):
        lines += ["", *part] if part else []
    return lines


def _grid(rows: Sequence[FormatRow]) -> Grid:
    columns, best = _columns(rows), fastest(rows)
    return Grid(
        tuple(column.heading for column in columns),
        tuple(
            GridRow(
                tuple(column.cell(row) for column in columns),
                reason="" if row.ok else explanation(row),
                mark=best_words(rows) if row is best else "",
            )
            for row in rows
        ),
        labels=LABELS,
    )


def _remarks(rows: Sequence[FormatRow]) -> list[str]:
    """Return what is to be said about rows that were measured, the same sentence once: "onnx, openvino: not scored"."""
    about: dict[str, list[str]] = {}
    for row in rows:
        if row.ok and row.reason:
            about.setdefault(row.reason, []).append(row.format)
    return [f"{', '.join(formats)}: {reason}" for reason, formats in about.items()]


def explanation(row: FormatRow) -> str:
    """Return why a row has no figures: "crashed: SIGSEGV ... while validating"."""
    return f"{row.status.words}: {row.reason}" if row.status.words else row.reason


def _columns(rows: Sequence[FormatRow]) -> list[Column]:
    """Columns without a figure in any row are omitted; the mAP of boxes is not, for most models have boxes."""
    scored = [key for key in FIGURES if any((row.metrics or {}).get(key) is not None for row in rows)]
    shown = scored or [FIGURES[0]]
    proved = any(row.max_box_error_px is not None for row in rows)
    return [
        Column("format", lambda row: row.format),
        Column("precision", lambda row: row.precision),
        Column("size MB", lambda row: _number(row.size_mb, 1)),
        *(Column(_HEADINGS[key], partial(_points, key=key)) for key in shown),
        Column("delta", _delta),
        *([Column("box err px", lambda row: _number(row.max_box_error_px, 3))] if proved else []),
        Column("pre ms", lambda row: _number(row.latency.preprocess.p50 if row.latency else None, 1)),
        Column("infer ms", lambda row: _number(row.latency.inference.p50 if row.latency else None, 1)),
        Column("post ms", lambda row: _number(row.latency.postprocess.p50 if row.latency else None, 1)),
        Column("p50 ms", lambda row: _number(row.latency.total.p50 if row.latency else None, 1)),
        Column("p90 ms", lambda row: _number(row.latency.total.p90 if row.latency else None, 1)),
        Column("p99 ms", lambda row: _number(row.latency.total.p99 if row.latency else None, 1)),
        Column("fps", lambda row: _number(row.latency.fps if row.latency else None, 1)),
        Column("load s", lambda row: _number(row.load_s, 1)),
        Column("first s", lambda row: _number(row.first_result_s, 1)),
        Column("RSS MB", lambda row: _number(row.rss_mb, 0)),
    ]


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _points(row: FormatRow, key: str) -> str:
    value = (row.metrics or {}).get(key)
    return "-" if value is None else f"{100 * value:.1f}"


def _delta(row: FormatRow) -> str:
    """No minus sign before a change that rounds to nothing."""
    return "-" if row.map_delta_points is None else f"{round(row.map_delta_points, 1) + 0.0:.1f}"
