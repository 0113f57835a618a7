"""What export needs of a torch network, said as protocols: it never builds or imports one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from numa_runtime.contract import ModelSpec

if TYPE_CHECKING:
    from torch import Tensor, nn


class Deployed(Protocol):
    """The inference form of a network; also a `torch.nn.Module` in evaluation mode.

    Called with uint8 `[B, planes, H, W]` it returns a tuple of float32 outputs, named by `output_names`.
    """

    @property
    def spec(self) -> ModelSpec: ...
    @property
    def output_names(self) -> tuple[str, ...]: ...
    def example_input(self, height: int, width: int, batch: int = 1) -> Tensor:
        """Return uint8 `[batch, planes, height, width]`."""
        ...

    def __call__(self, images: Tensor) -> tuple[Tensor, ...]: ...


@runtime_checkable
class Exportable(Protocol):
    """A network with a contract; `deploy()` returns a fresh inference form that shares nothing with it."""

    @property
    def spec(self) -> ModelSpec: ...
    def deploy(self, *, features: bool = False, ball_frames: int | None = None) -> Deployed:
        """Return the inference form.

        Args:
            features: adds the output of that name; given only where asked for.
            ball_frames: balls of so many of the newest frames alone; given only where asked for.

        Raises:
            ModelError: weights that are not numbers.
            UsageError: more frames than there are, or no balls.
        """
        ...


def module_of(deployed: Deployed) -> nn.Module:
    """Return the same object as the torch module it is.

    Raises:
        TypeError: it is not one.
    """
    from torch import nn

    if not isinstance(deployed, nn.Module):
        raise TypeError(f"deploy() returned a {type(deployed).__name__}; a torch.nn.Module is needed")
    return deployed
