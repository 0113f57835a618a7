"""One HTML page that needs nothing else: pictures in it, light or dark as its reader has it, no script."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from numa_runtime.shown import shown

_KINDS = {".png": "image/png", ".jpg": "image/jpeg"}
_STYLE = """
:root { color-scheme: light dark; --line: #d0d7de; --soft: #59636e; --back: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; --back: #151b23; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
h1, h2, p, td, li { overflow-wrap: break-word; }
img { max-width: 100%; height: auto; border-radius: 4px; }
figure { margin: 1rem 0; } figcaption, caption { color: var(--soft); text-align: left; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
ul.advice { background: var(--back); border-left: 3px solid var(--line); padding: .5rem 1rem .5rem 2rem; }
"""
_ALLOWED = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

Cell = str | int | float
"""Numbers stand right."""


def page_path(folder: Path) -> Path:
    """Return the page's place: beside the folder that holds the same as single files."""
    named = folder if folder.name else folder.resolve()
    return named.with_name(f"{named.name}.html")


def page(title: str, parts: Iterable[str]) -> str:
    """Return a whole page from `title` and parts that the other functions here made."""
    name = _text(title)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_ALLOWED}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def heading(text: str, anchor: str = "") -> str:
    """Return a heading; `anchor` is what a table's cell links to."""
    mark = f' id="{_text(anchor)}"' if anchor else ""
    return f"<h2{mark}>{_text(text)}</h2>"


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{_text(text)}</p>"


def advice(items: Sequence[str]) -> str:
    """Return a list of what was tried, "" without any."""
    return f'<ul class="advice">{"".join(f"<li>{_text(item)}</li>" for item in items)}</ul>' if items else ""


def picture(file: Path, caption: str) -> str:
    """Return a picture of a PNG or JPEG file with the line under it; the file's bytes are in the page."""
    data = base64.b64encode(file.read_bytes()).decode("ascii")
    words = _text(caption)
    source = f"data:{_KINDS[file.suffix]};base64,{data}"
    return f'<figure><img src="{source}" alt="{words}"><figcaption>{words}</figcaption></figure>'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], anchors: Sequence[str] = ()) -> str:
    """Return a table, "" without rows; the first cell of row i links to `anchors[i]` where there are any."""
    if not rows:
        return ""
    right = [isinstance(cell, int | float) for cell in rows[0]]
    head = "".join(f"<th{_class(number)}>{_text(name)}</th>" for name, number in zip(columns, right, strict=True))
    body = [
        "".join(f"<td{_class(number)}>{cell}</td>" for cell, number in zip(cells, right, strict=True))
        for cells in (_cells(row, anchors[place] if anchors else "") for place, row in enumerate(rows))
    ]
    lines = "".join(f"<tr>{cells}</tr>\n" for cells in body)
    return (
        f'<div class="wide"><table><caption>{_text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{lines}</tbody></table></div>"
    )


def _cells(row: Sequence[Cell], anchor: str) -> list[str]:
    first, *rest = (_text(f"{cell:g}" if isinstance(cell, float) else str(cell)) for cell in row)
    return [f'<a href="#{_text(anchor)}">{first}</a>' if anchor else first, *rest]


def _class(number: bool) -> str:
    return ' class="number"' if number else ""


def _text(text: str) -> str:
    """Return text that is no markup, whatever a file or class is named."""
    return escape(shown(text))
