"""The optimisers' words; torch-free, for the command line reads them."""

from __future__ import annotations

from numa_runtime.words import Word

MANY_STEPS = 10_000


class OptimiserName(
    Word, refusal="there is no optimizer {word}{close}; there is: {list}", hint="--optimizer auto, SGD or AdamW"
):
    """The optimisers there are."""

    AUTO = "auto"
    SGD = "sgd"
    ADAMW = "adamw"

    def settle(self, steps: int) -> OptimiserName:
        """Return the optimiser for a training of so many steps."""
        if self is not OptimiserName.AUTO:
            return self
        return OptimiserName.SGD if steps > MANY_STEPS else OptimiserName.ADAMW

    @property
    def first_rate(self) -> float:
        """The learning rate it begins with unless told otherwise."""
        return 0.01 if self is OptimiserName.SGD else 0.001
