"""Who is compared: versions that were tried together (2026-11), and what it takes to install each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from numa_peers.environment import Environment, Install

FOLDER = Path(__file__).resolve().parents[1]
_TORCH = Install(("torch==2.13.0",))
"""First, on its own: what depends on torch would otherwise bring the build for GPUs."""

OURS = Environment("numa-deploy")
ULTRALYTICS = Environment(
    "ultralytics",
    (
        _TORCH,
        Install(
            (
                "numpy",
                "opencv-python",
                "pyyaml",
                "requests",
                "psutil",
                "matplotlib",
                "scipy",
                "pillow",
                "tqdm",
                "polars",
            )
        ),
        Install(("polars", "lap", "onnx", "onnxslim")),
        Install(("ultralytics==8.4.190", "ultralytics-thop"), alone=True),
    ),
    torchvision="0.28.0",
)
BOXMOT = Environment(
    "boxmot",
    (
        _TORCH,
        Install(("numpy", "opencv-python<5", "lapx", "pandas<3", "rich", "pyyaml", "scipy", "filterpy", "tqdm")),
        Install(("platformdirs", "click")),
        Install(("boxmot==25.0.0",), alone=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """One row: the name people know, the environment, the adapter's file (`adapters/ADAPTER.py`)."""

    name: str
    language: str
    environment: Environment
    adapter: str

    @property
    def script(self) -> Path:
        """The adapter."""
        return FOLDER / "adapters" / f"{self.adapter}.py"


def _small(name: str, language: str, package: str, adapter: str) -> Peer:
    """Return a peer that pip installs with all it needs."""
    return Peer(name, language, Environment(package.partition("==")[0], (Install((package, "numpy")),)), adapter)


PEERS = (
    Peer("numa-deploy", "numba", OURS, "numa_deploy"),
    _small("visiontrack-cpp", "C++", "visiontrack-cpp==0.1.1", "visiontrack_cpp"),
    _small("visiontrack-cpp ungated", "C++", "visiontrack-cpp==0.1.1", "visiontrack_cpp_ungated"),
    _small("trackforge", "Rust", "trackforge==0.4.0", "trackforge"),
    _small("pyxtrackers", "Cython", "pyxtrackers==2026.3.3", "pyxtrackers"),
    _small("edgefirst-tracker", "Rust", "edgefirst-tracker==0.38.0", "edgefirst_tracker"),
    _small("ioutrack", "Rust", "ioutrack==0.3.0", "ioutrack"),
    Peer("boxmot-cpp", "C++", BOXMOT, "boxmot_cpp"),
    _small("trackers", "Python", "trackers==2.6.1", "roboflow_trackers"),
    Peer("ultralytics", "Python", ULTRALYTICS, "ultralytics_bytetrack"),
    Peer("boxmot", "Python", BOXMOT, "boxmot_python"),
)
