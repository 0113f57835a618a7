"""`train` behind the API and the command line: what it needs, its run folder, the proof before epoch 1."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from numa_deploy.yolo.bundled import network_path
from numa_runtime.errors import ModelError, NumaError, UsageError, require
from numa_runtime.jsontext import json_text
from numa_runtime.paths import expand

if TYPE_CHECKING:
    from numa_deploy.network.model import Network
    from numa_deploy.training.run import Trained
    from numa_deploy.training.told import Watch
    from numa_deploy.training.train_options import TrainOptions

NEEDS = ("torch", "lightning_fabric", "faster_coco_eval")
EXPORT_NEEDS = ("onnx", "onnxscript")
LAST = Path("weights") / "last.pt"
WORDS = "words.json"


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what a training does.

    Attributes:
        note: is told a sentence.
        watch: is told after every batch.
    """

    note: Callable[[str], None] = silent
    watch: Watch | None = None


def train(words: Mapping[str, Any], told: Told | None = None) -> Trained:
    """Train a network on labelled rallies or images.

    Args:
        words: the fields of `TrainOptions`, flat; nothing is imported for what is misspelt or missing.
        told: who is told what is done.

    Raises:
        UsageError: an option that makes no sense, or no run to go on with.
        MissingExtra: torch, lightning or what validates is not installed.
        DataError: the data is missing or malformed.
        TrainingError: the loss is not a number any more, or a batch does not fit.
        ModelError: the untrained network cannot be exported.
    """
    from numa_deploy.training.train_options import TrainOptions

    words = {**words, **({"model": str(network_path(words["model"]))} if words.get("model") else {})}
    options, told = TrainOptions.of(words), told or Told()
    if options.resume:
        folder = run_to_resume(options)
        options = TrainOptions.of({**_said(folder), **words})
    if options.data is None:
        raise UsageError("train needs labelled data", hint="--data data.yaml, which names labelled rallies or images")
    require("training", *NEEDS, *(EXPORT_NEEDS if options.export_check and not options.resume else ()))
    from numa_deploy.training.run import train_network
    from numa_runtime.sinks.run_folder import RunFolder

    prove = partial(prove_untrained, note=told.note) if options.export_check else None
    learn = partial(train_network, options, note=told.note, watch=told.watch, prove=prove)
    if options.resume:
        return learn(folder)
    place = RunFolder("train", options.name or expand(options.model).stem, project=options.project, exist_ok=False)
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in words.items()}
    (place.path / WORDS).write_text(json_text(plain), encoding="utf-8")
    try:
        return learn(place.path)
    finally:
        if not (place.path / LAST).is_file():  # it never began: data that is missing, an architecture that cannot ship
            (place.path / WORDS).unlink(missing_ok=True)
            place.remove_if_empty()


def run_to_resume(options: TrainOptions) -> Path:
    """Return the folder of the training to go on with: PROJECT/train/NAME, or that of `--model .../weights/last.pt`.

    Raises:
        UsageError: there is none.
    """
    model = expand(options.model)
    beside = model.parent.parent if model.suffix == ".pt" else None
    named = expand(options.project) / "train" / (options.name or model.stem)
    for folder in (named, beside):
        if folder is not None and (folder / LAST).is_file():
            return folder
    raise UsageError(
        f"there is no training in {named}: {LAST} is missing", hint="say which run to go on with: --resume --name x"
    )


def _said(folder: Path) -> dict[str, Any]:
    """Return the words that a training was begun with; resuming need not repeat them."""
    try:
        said = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def prove_untrained(network: Network, note: Callable[[str], None]) -> None:
    """Export a network to ONNX as it is and compare both, so that what cannot ship is found before it is trained.

    Raises:
        ModelError: it cannot be exported, or the artifact answers otherwise.
    """
    from numa_deploy.yolo.exporting import photographs
    from numa_export.exporting import export
    from numa_runtime.formats import Format

    note("exporting the untrained network once")
    with TemporaryDirectory(prefix="numa-train-") as folder:
        try:
            output = Path(folder) / "untrained.onnx"
            export(network, Format.ONNX, images=photographs(None), output=output)
        except NumaError as error:
            raise ModelError(
                f"{network.spec.name} cannot be exported, so it was not trained: {error.what}",
                hint="--no-export-check trains it all the same",
            ) from error
    note("the untrained network exports to ONNX, and the artifact answers alike")
