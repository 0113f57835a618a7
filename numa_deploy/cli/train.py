"""`numa-deploy train`: labelled rallies or images become a network, which is exported once before it learns."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from numa_deploy.cli.flags import Given
from numa_deploy.cli.options import PrintOptions
from numa_deploy.training.train_options import TrainOptions

if TYPE_CHECKING:
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.training.told import Told as Place


MEASURED_EVERY = 5.0
"""Seconds between two looks at the memory."""


def train(options: Given[TrainOptions], prints: PrintOptions) -> None:
    """Train a network on labelled rallies or images, validate every epoch, and keep the best.

    Ctrl-C keeps the state; the same command with --resume goes on, bit for bit.
    """
    from numa_deploy.cli.console import open_console
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.training import Told
    from numa_deploy.yolo.training import train as train_model

    console = open_console(prints)
    with CountBar("training", enabled=not console.quiet, wide=True) as bar:
        trained = train_model(options.words, Told(console.note, _Watch(bar)))
    for line in trained.lines():
        console.say(line)
    console.finish(trained.to_dict())


class _Watch:
    """Shows where a training is: epoch, losses, the last figures, memory; the bar adds the time left."""

    def __init__(self, bar: CountBar) -> None:
        self._bar = bar
        self._memory, self._measured = "", monotonic() - MEASURED_EVERY

    def __call__(self, place: Place) -> None:
        from numa_deploy.training.epoch_line import said_figures, said_losses

        losses = said_losses({f"train_{name}": value for name, value in place.losses.items()})
        parts = (f"epoch {place.epoch}/{place.epochs}", self._said_memory(place), losses, said_figures(place.figures))
        done = (place.epoch - 1) * place.batches + place.batch
        self._bar.named(done, place.epochs * place.batches, " ".join(part for part in parts if part))

    def _said_memory(self, place: Place) -> str:
        """Return the memory in words, measured now and then: that takes milliseconds where many processes run."""
        if monotonic() - self._measured >= MEASURED_EVERY:
            from numa_deploy.training.epoch_line import said_memory
            from numa_deploy.training.memory import memory_mb

            megabytes = memory_mb(place.device)
            self._memory, self._measured = "" if megabytes is None else said_memory(megabytes), monotonic()
        return self._memory
