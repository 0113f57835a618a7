"""One line an epoch: losses, figures, seconds, memory, time left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from numa_deploy.training.memory import memory_mb

SHOWN = {
    "fitness": "fitness", "ball_f1": "ball F1", "box_map50": "box mAP50", "box_map50_95": "mAP50-95",
    "keypoint_map50": "keypoint mAP50", "keypoint_map50_95": "mAP50-95",
}  # fmt: skip
"""The figures of a line, by their keys, and what they are called there."""

Row = Mapping[str, float | int]


class EpochLine:
    """Tells one line an epoch.

    Args:
        epochs: all of them.
        device: whose memory is told.
        note: is told the line.
    """

    def __init__(self, epochs: int, device: str, note: Callable[[str], None]) -> None:
        self._epochs, self._device, self._note = epochs, device, note

    def __call__(self, row: Row) -> None:
        """Tell the epoch that a row of results.csv is about."""
        self._note(epoch_line(row, self._epochs, memory_mb(self._device)))


def epoch_line(row: Row, epochs: int, memory: float | None) -> str:
    """Return the line of a row of results.csv.

    Args:
        row: `epoch`, `train_...`, figures, `seconds` of this epoch and `time` of all so far.
        epochs: all of them.
        memory: megabytes; None: not told.
    """
    epoch = int(row["epoch"])
    parts = [f"epoch {epoch}/{epochs}", said_losses(row), said_figures(row), f"{row['seconds']:.0f} s"]
    if epoch < epochs:
        parts.append(f"{said_time(row['time'] / epoch * (epochs - epoch))} left")
    if memory is not None:
        parts.append(said_memory(memory))
    return "  ".join(part for part in parts if part)


def said_losses(row: Row) -> str:
    """Return the losses of a row."""
    return " ".join(f"{name.removeprefix('train_')} {value:.3g}" for name, value in row.items() if _is_loss(name))


def said_figures(row: Row) -> str:
    """Return the figures of a row, "" where the epoch was not validated."""
    found = [f"{said} {row[name]:.3f}" for name, said in SHOWN.items() if row.get(name) is not None]
    return f"| {' '.join(found)} |" if found else ""


def said_time(seconds: float) -> str:
    """Return seconds as people say them: "45 s", "12 min", "3 h 20 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def said_memory(megabytes: float) -> str:
    """Return megabytes as people say them."""
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"


def _is_loss(name: str) -> bool:
    return name.startswith("train_")
