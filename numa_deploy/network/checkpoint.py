"""A network on disk: a plain dict of tensors and plain values that `torch.load(weights_only=True)` opens."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, is_zipfile

import torch

from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.foreign.reading import read_foreign
from numa_deploy.network.model import Network
from numa_deploy.network.state import load_state
from numa_export.formats.finite import require_finite
from numa_runtime.contract import SPEC_KEY, spec_from_json, spec_hash, spec_to_json
from numa_runtime.errors import ContractError, ModelError
from numa_runtime.files import atomic_path
from numa_runtime.installing import upgrade_line
from numa_runtime.sessions.checkpoint_file import foreign_checkpoint, is_importable

FORMAT_KEY = "numa.checkpoint"
FORMAT = 1


def save(network: Network, path: str | Path, extra: Mapping[str, Any] | None = None) -> Path:
    """Write `network` to `path`, complete or not at all.

    Args:
        network: what to write; its weights go to disk as they are, from whatever device.
        path: usually `.pt`.
        extra: further plain values and tensors, e.g. an optimizer's state; `read` gives them back under "extra".

    Raises:
        ModelError: a weight is not a number; the tensor is named.
        SinkError: the file cannot be written.
    """
    final = Path(path)
    state = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
    require_finite(state, network.spec.name)
    plain = {
        FORMAT_KEY: FORMAT,
        SPEC_KEY: spec_to_json(network.spec),
        "config": network.config.to_dict(),
        "heads": {"track": network.track_head is not None, "pose": network.pose_head is not None},
        "fused": network.is_fused,
        "state": state,
        "extra": dict(extra or {}),
    }
    with atomic_path(final) as part, part.open("wb") as file:
        _write(plain, file)
    return final


def _write(plain: Mapping[str, Any], file: BinaryIO) -> None:
    """Write a dict so that it is on the disk, not only on its way there, when its file gets its name.

    Raises:
        OSError: it cannot be written; torch itself would say "unexpected pos" of a full disk.
    """
    writer = _Writer(file)
    try:
        torch.save(dict(plain), writer)  # type: ignore[arg-type]
    except RuntimeError as error:
        raise writer.failure or error from error
    file.flush()
    os.fsync(file.fileno())


class _Writer:
    """Passes bytes on and remembers why it could not, which torch does not tell."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: Any) -> int:
        """Write bytes."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """Pass on what is held back."""
        self._file.flush()


def load(path: str | Path) -> Network:
    """Return the network that `save` wrote, or that an Ultralytics checkpoint holds, on the CPU, in evaluation mode.

    Raises:
        ModelError: missing, damaged, or of another tool; the way is named.
        ContractError: the contract inside is damaged, too new, or contradicts the network.
    """
    file = Path(path)
    if file.is_file() and is_importable(file):
        return read_foreign(file).network
    plain = read(file)
    try:
        config, heads = NetworkConfig.from_dict(plain["config"]), plain["heads"]
        with torch.random.fork_rng(devices=[]):
            network = Network(config, track=heads["track"], pose=heads["pose"])
        state, fused = plain["state"], plain["fused"]
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{file.name} is a damaged checkpoint: {error!r}") from error
    if fused:
        network.fuse()
    load_state(network, state, file.name)
    spec = spec_from_json(plain[SPEC_KEY])
    if spec_hash(spec) != spec_hash(network.spec):
        raise ContractError(
            f"{file.name}: the contract inside does not describe the network inside",
            hint="the file was edited by hand, or written by another version: save it again where it was made",
        )
    return network.eval()


def read(file: Path) -> dict[str, Any]:
    """Return the checkpoint's dict as `save` wrote it: contract, config, state, extra.

    Raises:
        ModelError: missing, damaged or not ours.
    """
    if not file.is_file():
        raise ModelError(f"there is no checkpoint {file}")
    try:
        plain = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _foreign(file, str(error)) from error
    except (RuntimeError, EOFError, OSError, BadZipFile, ValueError, KeyError, IndexError, AttributeError) as error:
        raise ModelError(f"{file.name} is not a checkpoint, or a damaged one: {_reason(error)}") from error
    if not isinstance(plain, dict) or FORMAT_KEY not in plain or SPEC_KEY not in plain:
        raise ModelError(
            f"{file.name} is not a checkpoint of numa-deploy: it holds {_content(plain)}, and no contract",
            hint="numa_deploy.network.state.load_state fits bare weights into a network that `build` made",
        )
    if plain[FORMAT_KEY] != FORMAT:
        raise ModelError(
            f"{file.name} has the checkpoint format {plain[FORMAT_KEY]}; this numa-deploy reads {FORMAT}",
            hint=upgrade_line(),
        )
    return plain


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "it ends too early"


def _content(plain: object) -> str:
    if not isinstance(plain, dict):
        return f"a {type(plain).__name__}"
    return f"a dict with {', '.join(map(str, list(plain)[:4])) or 'nothing'}"


def _foreign(file: Path, reason: str) -> ModelError:
    if not is_zipfile(file) and "Unsupported global" not in reason and "GLOBAL" not in reason:
        return ModelError(f"{file.name} is not a checkpoint, or a damaged one")
    return foreign_checkpoint(file) or ModelError(
        f"{file.name} holds pickled objects, not plain tensors; opening it could run code",
        hint="save a plain dict of tensors where it was made, or export it to ONNX there and adopt that",
    )
