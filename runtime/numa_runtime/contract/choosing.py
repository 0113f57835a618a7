"""A foreign file of which people say the family: every reading that its metadata and shapes allow."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from numa_runtime.contract.coco import default_names
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import adopt_hint, candidates, input_problem, likely, seen, spec_of
from numa_runtime.contract.metadata_values import ADOPT, class_names, has_ultralytics, parsed
from numa_runtime.contract.shapes import told_family
from numa_runtime.contract.spec import ModelSpec
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.contract.ultralytics import check_names, class_count, spec_from_ultralytics
from numa_runtime.errors import ContractError, NumaError

_LOGGER = logging.getLogger("numa_runtime")


def readings(
    family: Family,
    metadata: Mapping[str, Any],
    model_input: TensorInfo,
    outputs: Sequence[TensorInfo],
    where: str,
    names: Sequence[str] | None = None,
) -> tuple[ModelSpec, ...]:
    """Return the specs of a file as a member of `family`; where there are several, values have to decide.

    Args:
        family: who made the file.
        metadata: what it carries, by key.
        model_input: its image input.
        outputs: all its outputs.
        where: the file's path, for messages.
        names: the class names, where people know better than the file.

    Raises:
        ContractError: no file of this family, or an input or metadata that cannot be used.
        UsageError: not as many names as classes.
    """
    problem = input_problem(model_input)
    if problem:
        raise ContractError(
            f"{Path(where).name}: {problem}: {seen(model_input)}",
            hint="export it again with an input [batch, channels, height, width] of 1 or 3 channels",
        )
    if family is Family.ULTRALYTICS and has_ultralytics(metadata):
        try:
            return (spec_from_ultralytics(metadata, [model_input], outputs, names=names, lenient=True),)
        except ContractError as error:
            hint = _AGREE if error.hint == ADOPT else error.hint
            raise ContractError(f"{Path(where).name}: {error.what}", hint=hint) from error
    found = candidates(family, model_input, outputs)
    if not found:
        told = told_family(model_input, outputs)
        raise ContractError(
            f"{Path(where).name} is not a file of the {family} family: seen {seen(model_input, *outputs)}",
            hint=adopt_hint(where, told) if told else _LIST,
        )
    fitting = [arrays for arrays in found if names is None or arrays.classes in (None, len(names))]
    if not fitting:
        check_names(names, found[0].classes, Path(where).name)
    known = names or _names(metadata, where)
    return tuple(
        spec_of(family, arrays, model_input, known if names or _fit(known, arrays.classes) else None)
        for arrays in fitting
    )


def probable_family(
    metadata: Mapping[str, Any], inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo]
) -> Family | None:
    """Return the family that a foreign file's metadata or shapes tell for certain, None where nothing does."""
    if len(inputs) != 1 or input_problem(inputs[0]):
        return None
    if not has_ultralytics(metadata):
        return told_family(inputs[0], outputs)
    family = Family.ULTRALYTICS if "task" in metadata else told_family(inputs[0], outputs)
    return family or Family.ULTRALYTICS


def way_out(
    metadata: Mapping[str, Any], inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str
) -> str:
    """Return what to do about Ultralytics metadata that cannot be used: the command that takes the file, or words."""
    if len(inputs) != 1 or input_problem(inputs[0]):
        return _AGREE
    command, count = adopt_hint(where, Family.ULTRALYTICS), class_count(outputs)
    if count and _taken(metadata, inputs, outputs, default_names(count)):
        return command
    names = _as_said(metadata)
    if _taken(metadata, inputs, outputs, names):
        return f"{command} --names {quote(','.join(names))}"
    readable = (
        (family, arrays.classes)
        for family in Family
        if family is not Family.ULTRALYTICS
        for arrays in candidates(family, inputs[0], outputs)
    )
    told = likely(readable)
    return adopt_hint(where, told[0]) if told else _AGREE


def _taken(
    metadata: Mapping[str, Any], inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], names: Sequence[str]
) -> bool:
    try:
        spec_from_ultralytics(metadata, inputs, outputs, names=names, lenient=True)
    except NumaError:
        return False
    return True


def _as_said(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the class names in the order of whatever keys they have; two numbered ones where they are no names."""
    try:
        said = parsed(metadata, "names")
    except ContractError:
        said = None
    if isinstance(said, dict) and said:
        return tuple(str(name) for _, name in sorted(said.items(), key=lambda item: str(item[0]).zfill(9)))
    return tuple(map(str, said)) if isinstance(said, list | tuple) and said else default_names(2)


_AGREE = "export it again with its own tool: metadata and outputs have to agree"
_LIST = "docs/how-to/foreign-files.md lists what each family's files look like"


def _names(metadata: Mapping[str, Any], where: str) -> tuple[str, ...] | None:
    """Return the class names in the metadata, whoever wrote them; None where there are none that can be used."""
    if "names" not in metadata:
        return None
    try:
        return class_names(parsed(metadata, "names"))
    except ContractError as error:
        _LOGGER.warning("%s: %s; --names says what the classes are", Path(where).name, error.what)
        return None


def _fit(names: Sequence[str] | None, count: int | None) -> bool:
    return bool(names) and count in (None, len(names or ()))
