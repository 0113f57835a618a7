"""What a training shows of itself: batches at the begin, rows as it goes, pictures of the best network at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_benchmarks.plots.every import save_plots
from numa_deploy.network.checkpoint import load
from numa_deploy.training.batch_picture import save_batches
from numa_deploy.training.epoch_line import EpochLine
from numa_deploy.training.event_log import event_log
from numa_deploy.training.material import Material, Note
from numa_deploy.training.trainer import Trainer
from numa_runtime.errors import NumaError
from numa_runtime.words import count

if TYPE_CHECKING:
    from numa_deploy.training.record import Follow


def show_begin(trainer: Trainer, note: Note) -> None:
    """Draw the first batches of a training that begins, and have its epochs told.

    Args:
        trainer: before it runs, at the place it goes on from.
        note: is told a line an epoch.

    Raises:
        MissingExtra: TensorBoard's events are wanted, and it is not installed.
        SinkError: the pictures cannot be written.
    """
    options, place = trainer.options, trainer.position
    followers: list[Follow] = [EpochLine(options.epochs, str(trainer.fabric.device), note)]
    log = event_log(options.tensorboard, trainer.folder, place.epoch)
    trainer.followers += [*followers, log] if log is not None else followers
    if options.plots and not options.resume:
        save_batches(trainer.samples, trainer.order, trainer.network.spec.input, trainer.folder)


def show_end(trainer: Trainer, material: Material, note: Note) -> None:
    """Validate the best network once more and draw everything there is of it; a failure here costs no training.

    Args:
        trainer: after it ran.
        material: what it is validated with.
        note: is told what was written.
    """
    if not (trainer.options.plots and trainer.best.is_file()):
        return
    try:
        files = save_plots(material.score(load(trainer.best), trainer.options), trainer.folder)
    except NumaError as error:
        note(f"the pictures of the best epoch could not be drawn: {error.what}")
        return
    worst = "worst.jpg first of all" if any(file.stem == "worst" for file in files) else "no sample has a mistake"
    note(f"{count(len(files), 'file')} about the best epoch in {trainer.folder}: {worst}")
