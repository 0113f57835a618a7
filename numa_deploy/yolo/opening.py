"""From what a user names as a model to a session or a network; torch is imported only where it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from numa_deploy.network.config.names import find_config
from numa_runtime.errors import require
from numa_runtime.paths import expand
from numa_runtime.sessions import load
from numa_runtime.sessions.checkpoint_file import foreign_checkpoint, is_importable

if TYPE_CHECKING:
    from numa_deploy.network.foreign.report import ImportReport
    from numa_deploy.network.model import Network
    from numa_runtime.sessions import Session

_CHECKPOINT, _YAML = (".pt",), (".yaml", ".yml")


def is_network(model: str | Path) -> bool:
    """Whether `model` names a torch network: an existing checkpoint, or a configuration (file or bundled name)."""
    path = expand(model)
    return path.suffix in _YAML or (path.suffix in _CHECKPOINT and path.is_file())


def check_network(model: str | Path) -> None:
    """Refuse what is no network of ours, without torch: installing it would not help.

    Raises:
        ModelError: a checkpoint of another tool that is not read here; the way to use it is named.
        UsageError: an unknown configuration.
    """
    path = expand(model)
    if path.suffix in _YAML:
        find_config(str(path))
    elif is_network(path) and not is_importable(path) and (refusal := foreign_checkpoint(path)) is not None:
        raise refusal


def open_network(model: str | Path) -> Network:
    """Load a checkpoint, or build an untrained network from its configuration.

    Raises:
        MissingExtra: torch is not installed.
        ModelError: the checkpoint is damaged, or of a tool or kind that is not read here.
        UsageError: an unknown configuration.
    """
    path = expand(model)
    check_network(path)
    require(_need(path), "torch")
    if path.suffix in _CHECKPOINT:
        from numa_deploy.network.checkpoint import load as load_checkpoint

        return load_checkpoint(path)
    from numa_deploy.network.builder import build

    return build(path)


def open_with_account(model: str | Path) -> tuple[Network, ImportReport | None]:
    """Open a network as `open_network` does, with the account of its import where it came from another tool."""
    path = expand(model)
    check_network(path)
    require(_need(path), "torch")
    if path.suffix not in _CHECKPOINT:
        return open_network(path), None
    from numa_deploy.network.checkpoint import load as load_checkpoint
    from numa_deploy.network.checkpoint import read
    from numa_deploy.network.foreign.reading import read_foreign
    from numa_deploy.network.foreign.report import ACCOUNT_KEY, ImportReport

    if is_importable(path):
        foreign = read_foreign(path)
        return foreign.network, foreign.report
    plain = read(path)["extra"].get(ACCOUNT_KEY)
    return load_checkpoint(path), None if plain is None else ImportReport.from_plain(plain)


def _need(path: Path) -> str:
    if path.suffix in _CHECKPOINT and is_importable(path):
        return f"reading the weights of {path.name}, an Ultralytics checkpoint,"
    return f"opening {path.name}"


def open_session(
    model: str | Path, device: str | int = "auto", threads: int | None = None, *, features: bool = False
) -> Session:
    """Open an artifact, a checkpoint or a configuration as a session.

    Args:
        model: an artifact, a checkpoint or a configuration.
        device: as for `numa_runtime.sessions.load`.
        threads: CPU threads; None: the usable physical cores.
        features: a network gives appearance features of its candidates; an artifact has them or has not.

    Raises:
        ModelError, DeviceError, MissingExtra: as `numa_runtime.sessions.load` and `open_network` say.
    """
    if not is_network(model):
        return load(model, device=device, threads=threads)
    network = open_network(model)
    from numa_deploy.network.session import TorchSession

    return TorchSession(network.deploy(features=features), str(model), device, threads)
