"""`adopt`: read, rebuild, prove, sample, and only then give the file its name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.adopt.adopt_report import AdoptReport
from numa_export.adopt.build import build, record
from numa_export.adopt.prove import prove
from numa_export.adopt.source import Source, read_source
from numa_export.graph.finish import write_onnx
from numa_export.graph.metadata import Contract, write_contract
from numa_export.proof import ParityReport, enforce
from numa_runtime import golden
from numa_runtime.contract import BuildRecord, ModelSpec, Thresholds
from numa_runtime.contract.family import Family
from numa_runtime.errors import UsageError
from numa_runtime.files import atomic_path, size_mb
from numa_runtime.sessions.base import Session

Opener = Callable[[Path], AbstractContextManager[Session]]


def adopt(
    path: str | Path,
    family: Family | str,
    output: str | Path | None = None,
    *,
    imgsz: tuple[int, int] | None = None,
    images: Iterable[NDArray[np.uint8]] = (),
    name: str | None = None,
    names: Sequence[str] | None = None,
    frames: int | None = None,
    thresholds: Thresholds | None = None,
    created: str | None = None,
    opener: Opener | None = None,
) -> AdoptReport:
    """Write an artifact of ours from a foreign ONNX file and prove that it answers like its source.

    Args:
        path: the foreign `.onnx` file.
        family: who made it: `contract.family.Family`, or its word.
        output: what to write; `<stem>-numa.onnx` next to the source by default.
        imgsz: (height, width) to set the input to, where the graph allows; None keeps it.
        images: BGR uint8 photographs for the proof and the golden sample, one at least.
        name: the model's name in its contract; the source's own by default.
        names: class names, where the file has none or wrong ones.
        frames: of a clip, where the file of a heat-map network does not say how many it takes.
        thresholds: defaults for its contract, instead of the family's.
        created: ISO 8601 time to record instead of now, for reproducible files.
        opener: opens the written file as a session; `numa_runtime.sessions.load` by default.

    Raises:
        UsageError: an unknown family, no images, a wrong number of names, an impossible size.
        ModelError: the file cannot be adopted, or the proof failed (it is then kept as `*.rejected`).
        SinkError: the output cannot be written.
    """
    start = time.perf_counter()
    where = Path(path)
    photographs = _photographs(images)
    source = read_source(where, Family.parse(family), images=photographs, imgsz=imgsz, names=names, frames=frames)
    target = _target(where, output)
    model, spec = build(source, name or source.spec.name or where.stem)
    spec = spec if thresholds is None else replace(spec, thresholds=thresholds)
    written = record(source, created=created)
    with atomic_path(target) as part:
        parity, sample = _write_and_prove(source, model, spec, written, part, target, photographs, opener or _load)
    return AdoptReport(
        path=target,
        source=where,
        family=source.family,
        reading=source.spec,
        spec=spec,
        record=written,
        parity=parity,
        size_mb=size_mb(target),
        seconds=time.perf_counter() - start,
        golden_rows=sample.rows,
        golden_chars=len(sample.to_text()),
    )


def _write_and_prove(
    source: Source,
    model: onnx.ModelProto,
    spec: ModelSpec,
    written: BuildRecord,
    part: Path,
    target: Path,
    photographs: list[NDArray[np.uint8]],
    opener: Opener,
) -> tuple[ParityReport, golden.GoldenSample]:
    """Write without the sample, prove that very file, then write it again with the sample inside."""
    write_contract(model, Contract(spec, written))
    write_onnx(model, part)
    with opener(part) as session:
        parity = prove(source, session.run, spec, photographs, precision=written.precision)
        enforce(parity, part, target)
        sample = golden.make_sample(session, photographs, precision=written.precision, backend=session.backend)
    write_contract(model, Contract(spec, written, sample.to_text()))
    write_onnx(model, part)
    return parity, sample


def _load(path: Path) -> AbstractContextManager[Session]:
    from numa_runtime.sessions import load

    return load(path, device="cpu")


def _photographs(images: Iterable[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    found = list(images)
    if not found:
        raise UsageError("adopting needs at least one photograph to prove the file on", hint="--images FOLDER")
    return found


def _target(source: Path, output: str | Path | None) -> Path:
    target = Path(output) if output is not None else source.with_name(f"{source.stem}-numa.onnx")
    if target.suffix != ".onnx":
        raise UsageError(f"{target} does not end in .onnx, and that is what adopt writes", hint=f"{target}.onnx")
    if target.resolve() == source.resolve():
        raise UsageError(f"{target} is the source itself; it is not overwritten", hint="choose another --output")
    return target
