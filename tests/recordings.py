"""Recordings of the squares that `bright_session` sees."""

from __future__ import annotations

from pathlib import Path

from bright_session import BrightSession
from followers import follower_of

from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start import start_run


def run_of(source, **words):
    """Return a tracking run over a source, not yet started."""
    options = TrackRunOptions.of({"source": source, **words})
    own = {name: words[name] for name in ("tracker", "track_buffer") if name in words}
    return start_run(options, Model(BrightSession()), follower=follower_of(own, balls=False))


def record(source, path: Path, **words):
    """Record a source; return what was tracked meanwhile."""
    return list(run_of(source, record=path, **words))
