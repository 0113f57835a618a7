"""The same architecture exported by us and by ultralytics; speed does not depend on the weights, so none are needed."""

from __future__ import annotations

import sys
from pathlib import Path

from numa_benchmarks.timing.command import Command
from numa_peers.catalogue import ULTRALYTICS
from numa_peers.environment import quiet_environ

LIMIT_S = 600.0
_OURS = "import sys; from numa_deploy.cli.main import main; sys.exit(main())"
_THEIRS = (
    "import os, sys; os.chdir(sys.argv[1]); from ultralytics import YOLO; "
    "YOLO(sys.argv[2]).export(format='onnx', imgsz=[int(sys.argv[3]), int(sys.argv[4])])"
)


def export_ours(network: str, size: tuple[int, int], folder: Path) -> Path:
    """Write our ONNX file of an untrained network ("yolov8n") for (height, width), unless it is there.

    Raises:
        Failure: the export failed; the reason is its error.
    """
    path = folder / f"ours-{_stem(network, size)}.onnx"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        words = ("export", "--model", f"{network}.yaml", "--output", str(path), "--imgsz", f"{size[0]},{size[1]}")
        Command((sys.executable, "-c", _OURS, *words), "exporting").run(LIMIT_S)
    return path


def export_theirs(network: str, size: tuple[int, int], folder: Path, home: Path) -> Path:
    """Let ultralytics write its ONNX file of the same network, unless it is there.

    Raises:
        Failure: its environment was not set up, or its export failed.
    """
    path = folder / f"ultralytics-{_stem(network, size)}.onnx"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        words = ("-c", _THEIRS, str(folder.resolve()), f"{network}.yaml", *map(str, size))
        Command((str(ULTRALYTICS.python(home)), *words), "exporting", quiet_environ(home)).run(LIMIT_S)
        (folder / f"{network}.onnx").rename(path)
    return path


def _stem(network: str, size: tuple[int, int]) -> str:
    return f"{network}-{size[0]}x{size[1]}"
