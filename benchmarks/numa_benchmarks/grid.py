"""A table of words and figures: as text for a terminal, and as Markdown for a README."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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

    def lines(self) -> list[str]:
        """Return the lines as people read them; a reason stands in the place of the figures."""
        widths = [self._width(at) for at in range(len(self.headings))]
        lines = [self._line(self.headings, widths)]
        for row in self.rows:
            if row.reason:
                lines.append(f"{self._line(row.cells[: self.labels], widths)}  {row.reason}")
            else:
                lines.append(self._line(row.cells, widths) + (f"   <- {row.mark}" if row.mark else ""))
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

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        fitted = (
            cell.ljust(width) if at < self.labels else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=False))
        )
        return "  ".join(fitted)
