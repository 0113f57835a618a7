"""`read_foreign`: an Ultralytics checkpoint becomes a network of ours, without ultralytics and without its code."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import torch
from torch import Tensor

from numa_deploy.network.foreign.agreement import disagreement
from numa_deploy.network.foreign.archive import MOST_PICKLE, Archive, BadArchive
from numa_deploy.network.foreign.configuring import configure
from numa_deploy.network.foreign.heads import ForeignHead
from numa_deploy.network.foreign.numbers import is_half, numbers_of
from numa_deploy.network.foreign.records import Record, TensorRecord, modules, tensors
from numa_deploy.network.foreign.report import ImportReport
from numa_deploy.network.foreign.unpickling import RefusedPickle, unpickle
from numa_deploy.network.model import Network
from numa_deploy.network.state import load_state
from numa_export.formats.finite import require_finite
from numa_runtime.errors import ModelError

_ENTRIES = ("ema", "model")
_TOLD = ("version", "date")
_AGAIN = "copy or download it again"


@dataclass(frozen=True, slots=True)
class Foreign:
    """An imported network and the account of it."""

    network: Network
    report: ImportReport


@dataclass(slots=True)
class _Taken:
    state: dict[str, Tensor]
    renamed: list[tuple[str, str]]
    rewritten: list[tuple[str, str]]
    dropped: list[tuple[str, str]]
    widened: int = 0


def read_foreign(path: str | Path) -> Foreign:
    """Read a `.pt` file of Ultralytics YOLOv8, YOLO11 or YOLO26 (detect, pose), or of the multitask predecessor.

    Nothing inside is run: its pickle is read by `unpickling.unpickle`, which builds plain values only.

    Returns:
        The network in evaluation mode on the CPU, float32.

    Raises:
        ModelError: damaged, made to mislead, of another family, or with parts that have no counterpart here.
    """
    file = Path(path)
    if not file.is_file():
        raise ModelError(f"there is no checkpoint {file}")
    if not is_zipfile(file):
        raise ModelError(
            f"{file.name} is no zip archive: truncated, or in the form torch.save had before version 1.6", hint=_AGAIN
        )
    try:
        with Archive(file) as archive:
            return _read(file, archive)
    except BadArchive as error:
        raise error.of(file) from error
    except RefusedPickle as error:
        raise ModelError(
            f"{file.name} wants {error} imported, which is no part of a network; it was not opened",
            hint="a file from a source you do not know may try to run code; "
            "from your own training, save it with plain Ultralytics classes alone",
        ) from error
    except (pickle.UnpicklingError, ValueError) as error:
        raise ModelError(
            f"the pickle in {file.name} is damaged or was made to mislead: {error}", hint=_AGAIN
        ) from error


def _read(file: Path, archive: Archive) -> Foreign:
    if "byteorder" in archive.members and archive.read("byteorder", 16).strip() != b"little":
        raise BadArchive("its numbers are stored big end first")
    content = unpickle(archive.read("data.pkl", MOST_PICKLE))
    entry, root = _network(content, file.name)
    config, heads = configure(root, file.name)
    with torch.random.fork_rng(devices=[]):
        network = Network(config)
    taken = _take(archive, {n: t for n, t in tensors(root).items() if n.startswith("model.")}, heads)
    if not any(name.endswith("running_var") for name in taken.state):
        network.fuse()
    _check(network, root, heads, taken.state, file.name)
    require_finite(taken.state, file.name)
    load_state(network, taken.state, file.name)
    report = ImportReport(
        file=file.name,
        writer=_writer(content),
        entry=entry,
        kind=root.name,
        name=network.spec.name,
        task=network.spec.task.value,
        read=len(taken.state),
        widened=taken.widened,
        renamed=tuple(taken.renamed),
        rewritten=tuple(taken.rewritten),
        dropped=tuple(taken.dropped),
        left=_left(content, entry),
        warnings=_warnings(heads),
    )
    return Foreign(network.eval(), report)


def _network(content: Any, where: str) -> tuple[str, Record]:
    """Return the entry and the module that answers: the averaged weights before the raw ones."""
    if isinstance(content, Record):
        return "", content
    if not isinstance(content, dict):
        raise ModelError(f"{where} holds a {type(content).__name__}, and no network")
    for entry in _ENTRIES:
        if isinstance(content.get(entry), Record):
            return entry, content[entry]
    held = ", ".join(map(str, list(content)[:4])) or "nothing"
    raise ModelError(
        f"{where} holds no network under {' or '.join(_ENTRIES)}; it holds {held}",
        hint="bare weights have no configuration: load_state fits them into a network that `build` made",
    )


def _take(archive: Archive, found: Mapping[str, TensorRecord], heads: tuple[ForeignHead, ...]) -> _Taken:
    taken = _Taken({}, [], [], [])
    for name, record in found.items():
        own, why = _renamed(name, heads)
        if not own:
            taken.dropped.append((name, why))
            continue
        tensor = numbers_of(archive, record)
        for head in heads:
            tensor, done = head.rewrite(own, tensor)
            if done:
                taken.rewritten.append((own, done))
        if own != name:
            taken.renamed.append((name, own))
        taken.widened += is_half(record)
        taken.state[own] = tensor
    return taken


def _renamed(name: str, heads: tuple[ForeignHead, ...]) -> tuple[str, str]:
    for head in heads:
        own, why = head.rename(name)
        if own != name:
            return own, why
    return name, ""


def _check(
    network: Network, root: Record, heads: tuple[ForeignHead, ...], state: dict[str, Tensor], where: str
) -> None:
    """Compare what tensors do not show, and the tables that are the same in every network."""
    theirs = {own: module for path, module in modules(root) if (own := _renamed(path, heads)[0])}
    if difference := disagreement(dict(network.named_modules()), theirs):
        raise ModelError(f"{where} computes otherwise than the {network.spec.name} here: {difference}")
    for name, tensor in state.items():
        if name.endswith("dfl.conv.weight") and not torch.equal(tensor.flatten(), torch.arange(float(tensor.numel()))):
            raise ModelError(f"{where}: the distances' bins in {name} are not 0, 1, 2, ...")


def _writer(content: Any) -> str:
    if not isinstance(content, dict):
        return "Ultralytics"
    version, date = content.get("version"), content.get("date")
    told = "Ultralytics" + (f" {version}" if isinstance(version, str) else "")
    return told + (f" on {date[:10]}" if isinstance(date, str) else "")


def _left(content: Any, entry: str) -> tuple[str, ...]:
    if not isinstance(content, dict):
        return ()
    return tuple(str(key) for key, value in content.items() if value is not None and key not in (entry, *_TOLD))


def _warnings(heads: tuple[ForeignHead, ...]) -> tuple[str, ...]:
    if not any(head.twin for head in heads):
        return ()
    return ("the end-to-end branch answers here, as with nms=False there; the other one was dropped",)
