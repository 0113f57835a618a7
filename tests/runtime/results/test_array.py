"""Torch words on numpy arrays."""

from __future__ import annotations

import numpy as np

from numa_runtime.results import as_array


def test_torch_words_change_nothing():
    plain = np.array([1.5, 2.5], np.float32)
    array = as_array(plain)
    for same in (array.cpu(), array.cuda(0), array.to("cuda:0", dtype=None), array.detach(), array.cpu().detach()):
        assert same is array
    assert type(array.numpy()) is np.ndarray
    assert np.shares_memory(array.numpy(), plain)


def test_conversions():
    array = as_array(np.array([1.9, -1.9]))
    assert array.int().tolist() == array.long().tolist() == [1, -1]
    assert (array.int().dtype, array.float().dtype) == (np.int64, np.float32)
    clone = array.clone()
    clone[0] = 7
    assert array[0] == 1.9


def test_chains_that_existing_code_uses():
    ids = as_array(np.array([3, 4]))
    assert ids.int().cpu().tolist() == [3, 4]
    assert ids.cpu().numpy().astype(int).tolist() == [3, 4]
    assert [int(i) for i in ids] == [3, 4]
