"""What became of a foreign file: read, renamed, rewritten, dropped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

ACCOUNT_KEY = "import"
"""Where a checkpoint's extra values keep the account."""

_LEAF = re.compile(r"^((?:model\.\d+\.)?[A-Za-z_]\w*?)(?:\.\d+)*\..*$")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The account of one import.

    Attributes:
        file: the foreign file's name.
        writer: the tool and version that wrote it, as far as the file says.
        entry: which of its networks was read: `ema` or `model`.
        kind: the class the network had there.
        name: the network's name here.
        task: detect, pose or multitask.
        read: tensors taken over.
        widened: how many of them were stored in half precision and are float32 now.
        renamed: pairs of names, theirs and ours.
        rewritten: names of tensors here whose values are arranged or scaled otherwise, with the reason.
        dropped: names of tensors there that nothing here needs, with the reason.
        left: other entries of the file (optimizer, arguments).
        warnings: what may be answered otherwise than there.
    """

    file: str
    writer: str
    entry: str
    kind: str
    name: str
    task: str
    read: int
    widened: int
    renamed: tuple[tuple[str, str], ...] = ()
    rewritten: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the account as text, tensors of one branch in one line."""
        told = [
            f"{self.file}: {self.kind} by {self.writer}, entry {self.entry} -> {self.name} ({self.task})",
            f"read       {self.read} tensors" + (f", {self.widened} of them half precision" if self.widened else ""),
        ]
        told += [f"renamed    {count} {what}" for what, count in _grouped(self.renamed)]
        told += [f"rewritten  {count} {what}" for what, count in _grouped(self.rewritten, ": ")]
        told += [f"dropped    {count} {what}" for what, count in _grouped(self.dropped, ": ")]
        if self.left:
            told.append(f"not read   {', '.join(self.left)}")
        return told + [f"warning: {text}" for text in self.warnings]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return asdict(self)

    def to_plain(self) -> dict[str, Any]:
        """Return what a checkpoint keeps: lists for tuples, for `torch.load(weights_only=True)`."""
        return {key: _listed(value) for key, value in asdict(self).items()}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> ImportReport:
        """Read what `to_plain` gave."""
        return cls(**{key: _tupled(value) for key, value in plain.items()})


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple | list) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def _grouped(pairs: tuple[tuple[str, str], ...], between: str = " -> ") -> list[tuple[str, int]]:
    """Return e.g. ("model.23.one2one_cv2.* -> model.23.cv2.*", 24)."""
    same = between == " -> "
    counted = Counter(f"{_branch(one)}{between}{_branch(two) if same else two}" for one, two in pairs)
    return list(counted.items())


def _branch(name: str) -> str:
    found = _LEAF.match(name)
    return f"{found[1]}.*" if found else name
