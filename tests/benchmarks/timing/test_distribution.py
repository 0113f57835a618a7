import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.timing.distribution import Distribution, percentile

samples = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)


@given(samples, st.floats(0, 100))
@settings(deadline=None, max_examples=100)
def test_percentiles_are_numpys(values, share):
    assert percentile(values, share) == pytest.approx(np.percentile(values, share), rel=1e-9, abs=1e-9)


def test_summary():
    found = Distribution.of([float(n) for n in range(1, 102)])
    assert (found.mean, found.p50, found.p90, found.p99) == (51, 51, 91, 100)
    assert found.to_dict("inference_ms") == {
        "inference_ms": 51,
        "inference_ms_p50": 51,
        "inference_ms_p90": 91,
        "inference_ms_p99": 100,
    }


def test_nothing_has_no_distribution():
    with pytest.raises(ValueError, match="one sample at least"):
        Distribution.of([])
