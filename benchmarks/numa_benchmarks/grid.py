"""A table of words and figures: as text for a terminal, and as Markdown for a README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from numa_runtime.text import fold, shorten

_GAP = 2
_LEAST = 5
"""The fewest characters of a shortened label."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its cells, or the reason for having none but its labels.

    Attributes:
        cells: as text; the labels only where there is a reason.
        reason: why there are no figures; "" where there are.
        mark: said behind the row; bold in Markdown.
    """

    cells: tuple[str, ...]
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under headings.

    Attributes:
        headings: one per column.
        rows: in their order.
        labels: how many columns at the left are words.
    """

    headings: tuple[str, ...]
    rows: tuple[GridRow, ...]
    labels: int = 1

    def lines(self, width: int | None = None) -> list[str]:
        """Return the lines as people read them; a reason stands in the place of the figures.

        Args:
            width: the most characters of a line. A wider table continues below, its labels repeated; labels are
                shortened before a figure is.
        """
        widths = self._fitted(width)
        blocks = self._blocks(widths, width)
        lines: list[str] = []
        for number, columns in enumerate(blocks):
            lines += [""] if number else []
            lines.append(self._line(self.headings, columns, widths))
            for row in self.rows:
                if not row.reason:
                    lines.append(self._line(row.cells, columns, widths) + self._mark(row, whole=len(blocks) == 1))
                elif not number:
                    lines += self._reason(row, widths, width)
        if len(blocks) > 1:
            for row in self.rows:
                lines += fold(f"<- {' '.join(row.cells[: self.labels])}: {row.mark}", width) if row.mark else []
        return [line.rstrip() for line in lines]

    def markdown(self) -> list[str]:
        """Return the table in Markdown; reasons follow in a list below it."""
        rule = "|".join(":---" if at < self.labels else "---:" for at in range(len(self.headings)))
        lines = ["| " + " | ".join(self.headings) + " |", f"|{rule}|"]
        for row in self.rows:
            cells = [cell or "-" for cell in row.cells]
            cells = [f"**{cell}**" for cell in cells] if row.mark else cells
            lines.append("| " + " | ".join(cells) + " |")
        return lines

    def _width(self, at: int) -> int:
        shown = self.rows if at < self.labels else [row for row in self.rows if not row.reason]
        return max([len(self.headings[at]), *(len(row.cells[at]) for row in shown)])

    def _fitted(self, width: int | None) -> list[int]:
        """Return the columns' widths; labels have half of a narrow line, and the widest gives way first."""
        widths = [self._width(at) for at in range(len(self.headings))]
        room = None if width is None else max(width // 2 - _GAP * self.labels, _LEAST * self.labels)
        while room is not None and sum(widths[: self.labels]) > room:
            widest = max(range(self.labels), key=widths.__getitem__)
            widths[widest] -= 1
        return widths

    def _blocks(self, widths: Sequence[int], width: int | None) -> list[list[int]]:
        """Return the columns of each block of the table, labels first in each."""
        labels = list(range(self.labels))
        blocks, used = [list(labels)], 0
        for at in range(self.labels, len(self.headings)):
            used = sum(widths[each] + _GAP for each in blocks[-1])
            if width is not None and used + widths[at] > width and len(blocks[-1]) > self.labels:
                blocks.append(list(labels))
            blocks[-1].append(at)
        return blocks

    def _reason(self, row: GridRow, widths: Sequence[int], width: int | None) -> list[str]:
        labels = self._line(row.cells, range(self.labels), widths)
        return fold(f"{labels}  {row.reason}", width)

    def _mark(self, row: GridRow, *, whole: bool) -> str:
        return f"   <- {row.mark}" if row.mark and whole else ""

    def _line(self, cells: Sequence[str], columns: Iterable[int], widths: Sequence[int]) -> str:
        fitted = (
            shorten(cells[at], widths[at]).ljust(widths[at]) if at < self.labels else cells[at].rjust(widths[at])
            for at in columns
            if at < len(cells)
        )
        return (" " * _GAP).join(fitted)
