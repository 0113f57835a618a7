"""From training modules to inference modules, in place."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from numa_deploy.network.blocks.attention import C2PSA, Attention
from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.blocks.csp import C2f
from numa_deploy.network.blocks.frames import FrameConv
from numa_deploy.network.deploy.clip_conv import ClipConv
from numa_deploy.network.deploy.split_free import SplitFreeAttention, SplitFreeC2f, SplitFreeC2PSA

_FORMS: tuple[tuple[type[nn.Module], Callable[..., nn.Module]], ...] = (
    (C2f, SplitFreeC2f),
    (C2PSA, SplitFreeC2PSA),
    (Attention, SplitFreeAttention),
    (FrameConv, ClipConv),
)


def fuse_norms(root: nn.Module) -> None:
    """Fold every batch norm below `root` into its convolution."""
    for module in list(root.modules()):
        if isinstance(module, Conv):
            module.fuse()


def replace_blocks(root: nn.Module) -> None:
    """Replace every block below `root` that has an inference form; norms must be folded already."""
    for module in list(root.modules()):
        for name, child in list(module.named_children()):
            form = next((form for kind, form in _FORMS if isinstance(child, kind)), None)
            if form is not None:
                module.add_module(name, form(child))
