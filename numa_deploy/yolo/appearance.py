"""Appearance features for trackers that compare them: given by the session, asked of a network, or refused."""

from __future__ import annotations

from pathlib import Path

from numa_deploy.yolo.opening import is_network, open_session
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format
from numa_runtime.sessions import Session


def session_with_features(
    session: Session,
    model: str | Path,
    device: str | int = "auto",
    threads: int | None = None,
    *,
    who: str = "with_reid",
) -> Session:
    """Return a session whose candidates have features: the same one, or a network opened again with them.

    Args:
        session: what is open; runs that were started on it go on with it.
        model: what it was opened from.
        device: as for `open_session`.
        threads: as for `open_session`.
        who: the word that asked for them.

    Raises:
        UsageError: an artifact without features; the command that writes one with them is named.
    """
    if session.spec.has_features:
        return session
    if is_network(model):
        return open_session(model, device, threads, features=True)
    format = Format.of(model) or Format.OPENVINO
    raise UsageError(
        f"{who} compares appearance, and {Path(session.path).name} gives no features",
        hint=f"numa-deploy export --model {_network_of(session)} --format {format} --features writes one that does; "
        f"reid=osnet.onnx adds a ReID network; {who}={0 if who == 'gallery' else False} tracks without",
    )


def _network_of(session: Session) -> str:
    source = session.record.source if session.record is not None else ""
    return source if source.endswith((".pt", ".yaml", ".yml")) else "best.pt"
