"""A virtual environment per peer, made once, outside the repository; ours is the one that runs this."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from numa_benchmarks.timing.command import Command
from numa_benchmarks.timing.failure import Failure, Status

SETUP_LIMIT_S = 1800.0
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True, slots=True)
class Install:
    """One call of pip. alone: without dependencies."""

    packages: tuple[str, ...]
    alone: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The command line after the interpreter."""
        return (*_PIP, *(("--no-deps",) if self.alone else ()), *self.packages)


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment under the peers' folder; without `installs` it is the running interpreter's.

    torchvision: pretend that it is there. Peers that ask for it track without it, and it has no build that goes
    with the CPU-only torch.
    """

    name: str
    installs: tuple[Install, ...] = ()
    torchvision: str = ""

    def python(self, home: Path) -> Path:
        """Return the interpreter.

        Raises:
            Failure: it was not set up, or not with these packages.
        """
        if not self.installs:
            return Path(sys.executable)
        if not self.ready(home):
            raise Failure(Status.UNAVAILABLE, "not installed: run with --setup first")
        return _python(home / self.name)

    def ready(self, home: Path) -> bool:
        """Whether it was set up with these very packages."""
        mark = home / self.name / _MARK
        return not self.installs or (mark.is_file() and mark.read_text() == self._wanted)

    def setup(self, home: Path, say: Callable[[str], None]) -> None:
        """Make it, unless it is ready.

        Raises:
            Failure: an installation failed; the reason is pip's.
        """
        if self.ready(home):
            return
        folder = home / self.name
        shutil.rmtree(folder, ignore_errors=True)
        say(f"{self.name}: making {folder}")
        Command((sys.executable, "-m", "venv", str(folder)), "making the environment").run(SETUP_LIMIT_S)
        for install in self.installs:
            say(f"{self.name}: pip install {' '.join(install.packages)}")
            Command((str(_python(folder)), *install.words), "installing").run(SETUP_LIMIT_S)
        if self.torchvision:
            pretend_torchvision(_site_packages(folder), self.torchvision)
        (folder / _MARK).write_text(self._wanted)

    @property
    def _wanted(self) -> str:
        return "\n".join([*(" ".join(install.words) for install in self.installs), self.torchvision])


_MARK = ".numa-peer"


def default_home() -> Path:
    """Return the folder environments lie in unless told: $NUMA_PEERS or ~/.cache/numa-deploy/peers."""
    return Path(os.environ.get("NUMA_PEERS", "~/.cache/numa-deploy/peers")).expanduser()


def quiet_environ(home: Path) -> dict[str, str]:
    """Return the environment variables every contestant runs with: one thread, and nothing installed unasked."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS")
    ours = {"YOLO_AUTOINSTALL": "False", "YOLO_CONFIG_DIR": str(home / "settings"), "YOLO_VERBOSE": "False"}
    return {**os.environ, **dict.fromkeys(threads, "1"), **ours}


def pretend_torchvision(site: Path, version: str) -> None:
    """Write an empty torchvision: its metadata, and modules without anything in them."""
    for part in ("torchvision", "torchvision/ops", "torchvision/transforms"):
        (site / part).mkdir(parents=True, exist_ok=True)
        (site / part / "__init__.py").write_text(f'__version__ = "{version}"\n' if part == "torchvision" else "")
    info = site / f"torchvision-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: torchvision\nVersion: {version}\n")


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _site_packages(folder: Path) -> Path:
    return next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages")
