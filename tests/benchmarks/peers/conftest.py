"""Peers made up for a test: adapters that behave, are slow, break or crash, run by real processes."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from numa_peers.catalogue import OURS, Peer

ADAPTER = """
import os, time
import numpy as np
DISTRIBUTION = "numpy"
class Echo:
    def __init__(self, thresholds):
        self.frames, self.thresholds = 0, thresholds
def make(thresholds):
    return Echo(thresholds)
def prepare(rows):
    return rows
def update(tracker, rows):
    tracker.frames += 1
    {body}
    return rows
def tracks(found):
    return np.column_stack([found[:, :4], np.arange(1, len(found) + 1)])
"""


@dataclass(frozen=True, slots=True)
class Fake(Peer):
    folder: Path = Path()

    @property
    def script(self):
        return self.folder / f"{self.adapter}.py"


@pytest.fixture
def fake(tmp_path):
    def make(name, body="pass", environment=OURS):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(ADAPTER).format(body=body))
        return Fake(name, "Python", environment, name, tmp_path)

    return make
