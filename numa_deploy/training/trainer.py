"""The training: epochs of batches, each epoch validated, everything kept so that it can go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from numa_deploy.network.model import Network
from numa_deploy.network.session import choose_device
from numa_deploy.training.average import Average
from numa_deploy.training.ball_scores import settled_scores
from numa_deploy.training.curves import save_curves
from numa_deploy.training.data.batch import Batch
from numa_deploy.training.data.loader import Order, Samples, make_loader, timed
from numa_deploy.training.data.multi_scale import rescale
from numa_deploy.training.failures import TrainingError, is_of_memory, lost_worker, too_large
from numa_deploy.training.freezing import freeze
from numa_deploy.training.layout import lay_channels_innermost
from numa_deploy.training.losses.multitask import MultiTaskLoss
from numa_deploy.training.optimiser import course_of, make_optimiser
from numa_deploy.training.ranks import Ranks
from numa_deploy.training.record import Follow, Record
from numa_deploy.training.sameness import shared
from numa_deploy.training.state import Position, load_training, save_training
from numa_deploy.training.told import Told, Watch
from numa_deploy.training.train_options import TrainOptions
from numa_deploy.training.unbroken import unbroken
from numa_runtime.sessions.threads import thread_count

_LOGGER = logging.getLogger("numa_runtime")

LONGEST_GRADIENT = 10.0
KEEP_SECONDS = 600
"""Within an epoch the state is kept this often, so that what ends a training at once costs minutes, not an epoch."""

Validate = Callable[[Network], tuple[float, dict[str, float]]]


class Trainer:
    """Trains a network on samples.

    Args:
        network: what is trained, in place.
        samples: what it learns from.
        validate: returns fitness and figures of a network.
        folder: receives weights/best.pt, weights/last.pt, results.csv and results.png.
        options: the recipe.
        watch: is told after every batch.
        ranks: this process among those that train together; alone by default.
    """

    def __init__(
        self,
        network: Network,
        samples: Samples,
        validate: Validate,
        folder: Path,
        options: TrainOptions,
        watch: Watch | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        self.options, self.samples, self.folder = options, samples, folder
        self._validate, self._watch = validate, watch
        self.ranks = ranks = ranks or Ranks(choose_device(options.device))
        place = ranks.place
        devices: int | list[int] = 1 if place.index is None else [place.index]
        self.fabric = Fabric(accelerator=place.type, devices=devices, precision=options.precision)  # type: ignore[arg-type]
        # Sums in other threads are other bits, and sessions that validate set this for the whole process.
        if ranks.first:  # others are told rank 0's
            torch.set_num_threads(thread_count(None))
        self.order = Order(samples, options.batch, options.seed, options.fraction, ranks.rank, ranks.count)
        self.accumulate = max(1, round(options.nbs / options.batch))
        steps = options.epochs * ceil(len(self.order) / self.accumulate)
        name = options.optimiser.settle(steps)
        self.course = course_of(options, name, steps)
        rate = self.course.first
        decay = options.weight_decay * options.batch * self.accumulate / options.nbs
        self.network = network.train()
        self._frozen = freeze(network, options.freeze)
        lay_channels_innermost(network)
        fused = options.precision != "16-mixed"
        optimiser = make_optimiser(network, name, rate, options.momentum, decay, fused=fused)
        self._running, self.optimiser = self.fabric.setup(network, optimiser)
        self.loss = MultiTaskLoss.of(network, options.gains, samples.class_weights(options.cls_pw), ranks.total)
        ranks.share(network)
        self.average = Average(network)
        self.position = Position()
        self.unreadable: dict[str, None] = {}
        self.followers: list[Follow] = []
        self._figures: dict[str, float] = {}
        self._kept, self._in_step = monotonic(), False
        self.summary = (
            f"{name} {rate:g}, {steps:,} steps of {options.batch} x {self.accumulate}, warm-up {self.course.rise}"
        )

    @property
    def last(self) -> Path:
        """The checkpoint that a training goes on from."""
        return self.folder / "weights" / "last.pt"

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch."""
        return self.folder / "weights" / "best.pt"

    def resume(self) -> None:
        """Go on where the training in `folder` ended.

        Raises:
            ModelError: there is none.
            UsageError: it had other options.
        """
        kept = load_training(self.last, self.network, self.average, self.optimiser, self._shared)
        self.position, scaler = kept
        if not self.ranks.first:
            self.optimiser.zero_grad()  # rank 0 has the sums so far
        self.fabric.strategy.precision.load_state_dict(scaler)

    def begin(self) -> None:
        """Keep the state before the first step, so that there is something to go on from, whatever happens.

        Raises:
            SinkError: it cannot be written.
        """
        self.last.parent.mkdir(parents=True, exist_ok=True)
        self._save(self.last)

    def run(self) -> Position:
        """Train to the end, or until nothing improves any more; after `begin` or `resume`.

        Raises:
            TrainingError: a loss is not a number.
        """
        self.record = record = Record(self.folder / "results.csv", self.position.epoch, self.followers)
        try:
            while self.position.epoch < self.options.epochs and not self._is_tired:
                self._epoch(record)
        except KeyboardInterrupt:
            self.ranks.stop()
            self._save(self.last)
            raise
        except RuntimeError as error:
            lost = lost_worker(error, self.last)
            if lost is None:
                raise
            if not self._in_step and self.ranks.first:  # torch raises it wherever the trainer is
                self.ranks.stop()
                self._save(self.last)
            raise lost from error
        return self.position

    @property
    def _is_tired(self) -> bool:
        return self.position.best_epoch > 0 and self.position.epoch - self.position.best_epoch >= self.options.patience

    def _epoch(self, record: Record) -> None:
        """Train and validate one epoch, or what is left of it."""
        began = monotonic()
        self._learn()
        epoch, place = self.position.epoch + 1, self.position
        row: dict[str, float | int] = {"epoch": epoch, "lr": self.course.at(place.step)}
        row |= {f"train_{name}": value / max(place.batch, 1) for name, value in place.sums.items()}
        fitness, figures = None, dict[str, float]()
        due = epoch % self.options.val_every == 0 or epoch == self.options.epochs
        if due and self.ranks.first:
            fitness, figures = self._validate(self.average.network)  # type: ignore[arg-type]
            row |= {"fitness": fitness, **figures}
            self._figures = {"fitness": fitness, **figures}
        with unbroken():
            fitness, figures = self.ranks.told((fitness, figures))
            place.epoch, place.batch, place.sums = epoch, 0, {}
            if fitness is not None and fitness > place.best:
                place.best, place.best_epoch, place.figures = fitness, epoch, figures
                with settled_scores(self.average.network, figures):  # type: ignore[arg-type]
                    self._save(self.best)
            if self.ranks.first:
                record.add({**row, "seconds": monotonic() - began})
            self._save(self.last)
            if self.ranks.first:
                save_curves(record.rows, self.folder / "results.png")

    def _learn(self) -> None:
        """Learn from the batches that are left of the epoch."""
        place = self.position
        self.samples.epoch = self.order.epoch = place.epoch
        self.order.skip = place.batch
        self.network.train()
        for layer in self._frozen:
            layer.eval()
        waited, began = 0.0, monotonic()
        for batch, seconds in timed(make_loader(self.samples, self.order, self.options.workers)):
            waited += seconds
            self.learn(batch)
            if self._watch is not None:
                means = {name: value / place.batch for name, value in place.sums.items()}
                waiting = waited / max(monotonic() - began, 1e-9)
                counts = place.epoch + 1, self.options.epochs, place.batch, len(self.order)
                self._watch(Told(*counts, means, waiting, self._figures, str(self.fabric.device)))

    def learn(self, batch: Batch) -> None:
        """Learn from the epoch's next batch, whatever signal comes meanwhile.

        Raises:
            TrainingError: a loss is not a number, or the batch does not fit into memory.
        """
        place = self.position
        with unbroken():
            self.ranks.told(place.batch)
            self._in_step = True
            for name, value in self._batch(self._prepared(batch)).items():
                place.sums[name] = place.sums.get(name, 0.0) + value
            place.batch += 1
            self._in_step = False
            if self.ranks.told(monotonic() - self._kept > KEEP_SECONDS):
                self._save(self.last)

    def _prepared(self, batch: Batch) -> Batch:
        """Return a batch on the device, at a size of its own where sizes change; say which files are damaged."""
        for name in batch.unreadable:
            if name not in self.unreadable:
                self.unreadable[name] = None
                _LOGGER.warning("%s cannot be read: it is left out (%d so far)", name, len(self.unreadable))
        if self.ranks.rank >= self.order.size(self.position.batch):
            batch = batch.silenced()
        moved = batch.to(self.fabric.device)
        if not self.options.multi_scale:
            return moved
        rng = np.random.default_rng([self.options.seed, self.position.epoch, self.position.batch, 1 << 31])
        return rescale(moved, self.options.multi_scale, self.network.spec.stride, rng)

    def _batch(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; return its losses."""
        done = self.position.batch + 1
        full = done % self.accumulate == 0 or done == len(self.order)
        whole = self.order.size(self.position.batch)
        try:
            images = (batch.images.float() / 255).contiguous(memory_format=torch.channels_last)
            parts = self.loss(self._running(images), batch.targets)
            # The loss counts this rank's samples, of which there is one where none is its share.
            values = torch.stack(list(parts.values())) * (whole / len(images))
            total: Tensor = values.sum()
            if not torch.isfinite(total):
                raise self._lost([name for name, value in parts.items() if not torch.isfinite(value)], batch)
            self.fabric.backward(total)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not is_of_memory(error):
                raise
            raise too_large(len(batch.names), tuple(batch.images.shape[1:]), self.options) from error
        if full:
            self._step(batch)
        sums = self.ranks.total(values.detach()).tolist()
        return {name: value / whole for name, value in zip(parts, sums, strict=True)}

    def _step(self, batch: Batch) -> None:
        self.ranks.gather(self.network, keep=True)
        self.course.set(self.optimiser, self.position.step)
        norm = self.fabric.clip_gradients(
            self._running, self.optimiser, max_norm=LONGEST_GRADIENT, error_if_nonfinite=False
        )
        # The fp16 scaler passes such steps over and goes on with a smaller scale; elsewhere they end every weight.
        if self.options.precision != "16-mixed" and norm is not None and not torch.isfinite(norm):
            raise self._lost(["gradient"], batch)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.position.step += 1
        self.average.add(self.network)

    def _lost(self, parts: list[str], batch: Batch) -> TrainingError:
        return TrainingError(
            f"the loss is not a number any more ({', '.join(parts)}) in epoch {self.position.epoch + 1}, "
            f"with {', '.join(batch.names)}",
            hint=f"a smaller --lr0 helps mostly; {self.last} is the last good state",
        )

    @property
    def _shared(self) -> dict[str, Any]:
        return shared(self.options, self.samples.augment)

    def _save(self, path: Path) -> None:
        self._kept = monotonic()
        self.ranks.gather(self.network, keep=False)
        if not self.ranks.first:
            return
        scaler = self.fabric.strategy.precision.state_dict()
        save_training(path, self.network, self.average, self.optimiser, self.position, self._shared, scaler)
