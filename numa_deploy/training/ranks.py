"""Several processes that train one network: each learns from its share of every batch, all take the same steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn

from numa_deploy.network.session import choose_device
from numa_runtime.errors import UsageError

T = TypeVar("T")

_STOP = "stop"


def places_of(device: str) -> list[torch.device]:
    """Return the devices that `0,1`, `cuda:0,cuda:1` or `cpu,cpu` name; most words name one.

    Raises:
        DeviceError: one that this torch does not have.
        UsageError: a GPU twice, or devices of two kinds.
    """
    words = [word.strip() for word in device.split(",")]
    places = [choose_device(word) for word in words]
    if len({place.type for place in places}) > 1:
        raise UsageError(f"device {device} mixes {' and '.join(map(str, places))}", hint="--device 0,1")
    twice = [word for place, word in zip(places, words, strict=True) if places.count(place) > 1]
    if twice and places[0].type != "cpu":
        raise UsageError(f"device {device} names {twice[0]} twice", hint="--device 0,1")
    return places


def check_batch(batch: int, ranks: int) -> None:
    """Raise UsageError where a batch cannot be shared equally; the nearest that can is named."""
    if batch % ranks:
        nearest = max(1, round(batch / ranks)) * ranks
        raise UsageError(f"a batch of {batch} cannot be shared by {ranks} devices", hint=f"--batch {nearest}")


@dataclass(frozen=True, slots=True)
class Ranks:
    """This process among those that train together; alone, everything here is what it is given.

    What is agreed upon goes over gloo, which fails at once where a process is gone; gradients go over NCCL where there
    are GPUs, directly after all have agreed that they are there.

    Attributes:
        place: the device of this one.
        rank: its number.
        count: of all.
        group: that gradients are added up in; None: the one of everything else.
    """

    place: torch.device
    rank: int = 0
    count: int = 1
    group: distributed.ProcessGroup | None = None

    @property
    def first(self) -> bool:
        """Whether this one validates, writes and shows."""
        return self.rank == 0

    def told(self, value: T) -> T:
        """Return rank 0's value on every rank.

        Raises:
            KeyboardInterrupt: rank 0 was interrupted.
        """
        if self.count == 1:
            return value
        heard: list[Any] = [value]
        distributed.broadcast_object_list(heard, 0)
        if heard[0] == _STOP:
            raise KeyboardInterrupt
        found: T = heard[0]
        return found

    def stop(self) -> None:
        """Interrupt the others, who wait or will wait in `told`; of no effect but on rank 0."""
        if self.count > 1 and self.first:
            distributed.broadcast_object_list([_STOP], 0)

    def total(self, value: Tensor) -> Tensor:
        """Return a small tensor, added up over all ranks; without a gradient."""
        if self.count == 1:
            return value
        found = value.detach().cpu().clone()
        distributed.all_reduce(found)
        return found.to(value.device)

    def share(self, network: nn.Module) -> None:
        """Give every rank the weights and statistics of rank 0."""
        if self.count > 1:
            self._joined(
                [value for value in network.state_dict().values() if value.is_floating_point()],
                lambda flat: distributed.broadcast(flat, 0, group=self.group),
            )

    def gather(self, network: nn.Module, *, keep: bool) -> None:
        """Add up the gradients of all ranks, and average the statistics of normalisation.

        Args:
            network: whose gradients become the sums, on every rank.
            keep: whether ranks other than the first keep the sums; else theirs are set to 0, and adding up goes on.
        """
        if self.count == 1:
            return
        parameters = list(network.parameters())
        has = self.total(torch.tensor([one.grad is not None for one in parameters], dtype=torch.int32))
        taken = [one for one, some in zip(parameters, has.tolist(), strict=True) if some]
        for one in taken:
            if one.grad is None:
                one.grad = torch.zeros_like(one)
        gradients = [one.grad for one in taken if one.grad is not None]
        self._joined(gradients, self._add)
        if not (keep or self.first):
            for gradient in gradients:
                gradient.zero_()
        self._joined([one for one in network.buffers() if one.is_floating_point()], self._mean)

    def _add(self, flat: Tensor) -> None:
        distributed.all_reduce(flat, group=self.group)

    def _mean(self, flat: Tensor) -> None:
        self._add(flat)
        flat /= self.count

    @torch.no_grad()
    def _joined(self, tensors: Sequence[Tensor], change: Callable[[Tensor], Any]) -> None:
        """Change tensors in place, as one: one message is faster than hundreds."""
        if not tensors:
            return
        flat = torch.cat([one.flatten() for one in tensors])
        change(flat)
        for one, part in zip(tensors, torch.split(flat, [one.numel() for one in tensors]), strict=True):
            one.copy_(part.view(one.shape))
