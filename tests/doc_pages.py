"""Reads README and docs: fenced blocks with the comments that mark them, links, and commands inside a line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support import ROOT

FENCE = re.compile(r"^( *)```(\w*)\s*$")
MARK = re.compile(r"^<!-- test: (.+) -->$")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`(numa-deploy [^`]+)`")
RUN = ("bash", "python")
WAYS = ("skip", "slow", "needs", "fails")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page.

    Attributes:
        line: where its code begins, from 1.
        heading: the last heading above it.
        marks: what its comment says, "" when there is none.
    """

    page: Path
    line: int
    language: str
    code: str
    heading: str
    marks: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def ways(self) -> dict[str, list[str]]:
        """How it is run, WAYS with what follows each of them: packages, or a reason."""
        clauses = [clause.replace(",", " ,").split(maxsplit=1) for clause in self.marks.split(";") if clause.strip()]
        return {way: _listed(rest[0]) if rest else [] for way, *rest in clauses}

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command line of a bash block; comments dropped, continued lines joined."""
        lines = self.code.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def pages() -> list[Path]:
    """Return the pages that users read; what another page includes whole is left to that page."""
    docs = sorted((ROOT / "docs").rglob("*.md"))
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs, ROOT / "examples" / "README.md"]


def readmes() -> list[Path]:
    """Return the pages of the folders, which tell those who change the project what lives there."""
    folders = ("numa_deploy", "benchmarks", "export", "runtime", "tests", "tools")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("README.md"))


def blocks(page: Path) -> Iterator[Block]:
    """Yield every fenced block of a page."""
    heading, mark, fence = "", "", None
    code: list[str] = []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        text = line.strip()
        if fence is not None:
            if text == "```":
                indent, language, start = fence
                yield Block(page, start, language, "\n".join(each[indent:] for each in code), heading, mark)
                fence, mark = None, ""
            else:
                code.append(line)
        elif opening := FENCE.match(line):
            fence, code = (len(opening[1]), opening[2], number + 1), []
        elif found := MARK.match(text):
            mark = found[1]
        elif text:
            mark = ""
            heading = text.lstrip("# ") if text.startswith("#") else heading


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """Return the relative links of a page, without their anchors."""
    found = (link.partition("#")[0] for link in LINK.findall(prose(page)))
    return [link for link in found if link and "://" not in link and not link.startswith("mailto:")]


def inline_commands(page: Path) -> list[str]:
    """Return the `numa-deploy ...` commands that stand inside a line."""
    return INLINE.findall(prose(page))
