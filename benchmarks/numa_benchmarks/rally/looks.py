"""What people wear: sports clothes, hair and skin in colours by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody wears: BGR colours by part."""

    colours: dict[str, Array]

    @classmethod
    def chosen(cls, rng: np.random.Generator) -> Look:
        """Return clothes by chance; about half wear one colour."""
        skin = np.array([105.0, 145, 205]) * rng.uniform(0.3, 1.15)
        shirt, shorts = _cloth(rng), _cloth(rng)
        if rng.random() < 0.35:
            shorts = shirt * rng.uniform(0.7, 1.2)
        long_sleeves, long_trousers = rng.random() < 0.08, rng.random() < 0.12
        return cls(
            {
                "skin": skin,
                "shirt": shirt,
                "shorts": shorts,
                "sleeve": shirt if rng.random() < 0.75 else skin,
                "shin": shorts if long_trousers else skin,
                "forearm": shirt if long_sleeves else skin,
                "hair": np.array([25.0, 35, 45])
                * (rng.uniform(0.2, 1.3) if rng.random() < 0.85 else rng.uniform(1.5, 4)),
                "shoe": rng.uniform(0, 255, 3) if rng.random() < 0.5 else np.full(3, rng.uniform(190, 255)),
                "sock": np.full(3, rng.uniform(150, 255)),
                "racket": rng.uniform(10, 170) * rng.uniform(0.6, 1.2, 3),
            }
        )


def _cloth(rng: np.random.Generator) -> Array:
    """Return BGR: black, white, a strong colour or any."""
    kind = rng.random()
    if kind < 0.25:
        return rng.uniform(8, 50) * rng.uniform(0.7, 1.3, 3)
    if kind < 0.45:
        return np.clip(rng.uniform(180, 250) + rng.normal(0, 8, 3), 0, 255)
    if kind < 0.75:
        return rng.uniform(120, 245) * rng.permutation([1.0, rng.uniform(0, 0.5), rng.uniform(0, 0.5)])
    return rng.uniform(5, 250, 3)
