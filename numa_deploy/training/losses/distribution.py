"""DFL's loss: a distribution over bins is to lie on the two bins around the distance."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def distribution_loss(logits: Tensor, distances: Tensor) -> Tensor:
    """Return the cross-entropy [n] with the two bins around each distance, each by its closeness.

    Li et al. 2020, Generalized Focal Loss, equation 6.

    Args:
        logits: [n, R].
        distances: [n], in bins, 0 <= d <= R - 1.01.
    """
    low = distances.long()
    high_share = distances - low
    shares = functional.log_softmax(logits.float(), 1)
    at_low, at_high = (shares.gather(1, bins[:, None]).squeeze(1) for bins in (low, low + 1))
    return -(at_low * (1 - high_share) + at_high * high_share)
