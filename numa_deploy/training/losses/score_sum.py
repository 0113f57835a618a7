"""Binary cross-entropy of scores of which nearly all are to be zero, in as few passes over them as there can be."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional


class ScoreSum(torch.autograd.Function):
    """The sum of binary cross-entropies with logits, softplus(x) - x * target, whose gradient is sigmoid(x) - target.

    Autograd's own way keeps and fills a tensor as large as the scores for each of the operations.
    """

    @staticmethod
    def forward(
        ctx: Any, logits: Tensor, likely: Tensor, where: tuple[Tensor, ...], share: Tensor, weights: Tensor
    ) -> Tensor:
        """Return the sum.

        Args:
            ctx: keeps what the gradient needs.
            logits: float32 [B, N, nc].
            likely: their sigmoid.
            where: image, cell and class of the P scores that are not to be zero; no place twice.
            share: float32 [P], what those are to be.
            weights: float32 [B, nc], how much each score of an image and class counts.
        """
        ctx.save_for_backward(likely, *where, share, weights)
        told = (logits[where] * share * weights[where[0], where[2]]).sum()
        return (functional.softplus(logits).sum(1) * weights).sum() - told

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None, None]:
        """Return the gradient of the logits."""
        likely, image, cell, label, share, weights = ctx.saved_tensors
        scaled = weights * grad
        found = likely * scaled[:, None]
        found[image, cell, label] -= share * scaled[image, label]
        return found, None, None, None, None
