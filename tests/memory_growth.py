"""How many bytes Python and numpy hold after many samples, beyond what they held after a few."""

import gc
import tracemalloc


def growth(samples, first, last):
    """Take samples, one after the other over several epochs; return the bytes that grew from `first` to `last`."""
    tracemalloc.start()
    try:
        for number in range(last):
            samples.epoch, at = divmod(number, len(samples))
            samples[at]
            if number == first - 1:
                gc.collect()
                before, _ = tracemalloc.get_traced_memory()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before
