"""`numa-deploy train`: labelled rallies or images become a network, which is exported once before it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_deploy.cli.flags import Given
from numa_deploy.cli.options import PrintOptions
from numa_deploy.training.train_options import TrainOptions

if TYPE_CHECKING:
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.training.trainer import Told as Place


def train(options: Given[TrainOptions], prints: PrintOptions) -> None:
    """Train a network on labelled rallies or images, validate every epoch, and keep the best.

    Ctrl-C keeps the state; the same command with --resume goes on, bit for bit.
    """
    from numa_deploy.cli.console import open_console
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.training import Told
    from numa_deploy.yolo.training import train as train_model

    console = open_console(prints)
    with CountBar("training", enabled=not console.quiet) as bar:
        trained = train_model(options.words, Told(console.note, _Watch(bar)))
    for line in trained.lines():
        console.say(line)
    console.finish(trained.to_dict())


class _Watch:
    """Shows where a training is."""

    def __init__(self, bar: CountBar) -> None:
        self._bar = bar

    def __call__(self, place: Place) -> None:
        losses = " ".join(f"{name} {value:.2f}" for name, value in place.losses.items())
        done = (place.epoch - 1) * place.batches + place.batch
        self._bar.named(done, place.epochs * place.batches, f"epoch {place.epoch}/{place.epochs} {losses}")
