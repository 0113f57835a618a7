"""Torch words on numpy arrays, and arrays of one value as numbers."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

from numa_runtime.results import Array, as_array
from numa_runtime.results.scalar import DeviceName

ONE = as_array(np.array([0.876], np.float32))
NUMBER = as_array(np.array([3]))
TABLE = as_array(np.arange(12, dtype=np.float32).reshape(3, 4))


def test_torch_words_change_nothing():
    plain = np.array([1.5, 2.5], np.float32)
    array = as_array(plain)
    for same in (array.cpu(), array.cuda(0), array.to("cuda:0", dtype=None), array.detach(), array.cpu().detach()):
        assert same is array
    assert array.contiguous() is array
    assert type(array.numpy()) is np.ndarray
    assert np.shares_memory(array.numpy(force=True), plain)
    assert (array.device, array.device.type, array.is_cuda, array.requires_grad) == ("cpu", "cpu", False, False)


def test_conversions():
    array = as_array(np.array([1.9, -1.9]))
    assert array.int().tolist() == array.long().tolist() == [1, -1]
    kinds = [kind().dtype for kind in (array.int, array.float, array.double, array.half, array.bool)]
    assert kinds == [np.int64, np.float32, np.float64, np.float16, np.bool_]
    clone = array.clone()
    clone[0] = 7
    assert array[0] == 1.9


def test_chains_that_existing_code_uses():
    ids = as_array(np.array([3, 4]))
    assert ids.int().cpu().tolist() == [3, 4]
    assert ids.cpu().numpy().astype(int).tolist() == [3, 4]
    assert [int(i) for i in ids] == [3, 4]


def test_one_value_is_a_number_where_one_is_needed():
    assert int(NUMBER) == 3
    assert float(ONE) == pytest.approx(0.876)
    assert (f"{ONE:.2f}", f"{NUMBER:04d}", f"{NUMBER}") == ("0.88", "0003", "[3]")
    assert (round(ONE, 2), round(ONE), math.ceil(ONE)) == (0.88, 1, 1)
    assert [10, 20, 30, 40][NUMBER] == 40
    assert list(range(NUMBER)) == [0, 1, 2]
    assert NUMBER.item() == 3
    assert bool(NUMBER)


@pytest.mark.parametrize("array", [TABLE, as_array(np.zeros(0, np.float32))])
@pytest.mark.parametrize("convert", [int, float, round, lambda array: f"{array:.2f}"])
def test_several_values_or_none_are_no_number(array, convert):
    with pytest.raises(TypeError, match=f"{array.numel()} values cannot be .*loop over .tolist"):
        convert(array)


def test_a_fraction_is_no_index():
    with pytest.raises(TypeError, match="float"):
        [1, 2][ONE]


def test_single_values_have_the_words_too():
    score, label = as_array(np.array([0.5, 0.75], np.float32))[1], NUMBER[0]
    assert score.cpu().detach().numpy() == 0.75
    assert type(score.numpy()) is np.float32
    assert isinstance(score, np.float32)
    assert (label.int().item(), label.long().tolist(), float(label.float()), float(label.double())) == (3, 3, 3, 3)
    assert {3: "cup"}[label] == "cup"
    assert (score.dim(), score.numel(), score.device.type, score.to("cuda:0").clone()) == (0, 1, "cpu", 0.75)
    assert [type(value) for value in NUMBER] == [type(label)]
    assert np.array([score, score]).dtype == np.float32
    assert np.isfinite(score)
    assert f"{TABLE.max():.1f}" == "11.0"
    assert {11.0: "x"}[TABLE.max().cpu()] == "x"
    assert type(pickle.loads(pickle.dumps(score))) is np.float32


def test_sizes_are_numpys_number_and_torchs_method():
    assert TABLE.size == 12
    assert (TABLE.size(), TABLE.size(0), TABLE.size(-1), TABLE.numel(), TABLE.dim()) == ((3, 4), 3, 4, 12, 2)
    assert isinstance(TABLE.size, int)
    assert np.size(TABLE) == 12


def test_dim_is_axis_and_gives_the_extremes_places():
    values, indices = TABLE.max(dim=1)
    assert values.tolist() == [3, 7, 11]
    assert indices.tolist() == [3, 3, 3]
    assert TABLE.min(dim=0, keepdim=True).values.shape == (1, 4)
    assert TABLE.max(1).tolist() == np.max(TABLE, axis=1).tolist() == [3, 7, 11]
    assert TABLE.sum(dim=0).tolist() == TABLE.sum(axis=0).tolist() == [12, 15, 18, 21]
    assert TABLE.mean(dim=1, keepdim=True).shape == (3, 1)
    assert TABLE.argmax(dim=1).tolist() == [3, 3, 3]
    assert (TABLE > 3).any(dim=1).tolist() == [False, True, True]


def test_order_from_the_largest_keeps_equal_ones_in_place():
    assert as_array(np.array([1, 3, 3, 0])).argsort(descending=True).tolist() == [1, 2, 0, 3]
    assert TABLE.argsort(descending=True, dim=0)[:, 0].tolist() == [2, 1, 0]
    assert np.argsort(TABLE)[0].tolist() == [0, 1, 2, 3]
    assert as_array(np.zeros(0)).argsort(descending=True).shape == (0,)


def test_shapes():
    assert TABLE.view(-1).shape == TABLE.view((12,)).shape == (12,)
    assert TABLE.view(np.int32).dtype == np.int32
    assert TABLE.unsqueeze(0).shape == (1, 3, 4)
    assert next(part.tolist() for part in TABLE.unbind(1)) == [0, 4, 8]
    assert TABLE.t().shape == (4, 3)
    assert TABLE.clamp(2, 5).max() == 5


def test_numpy_takes_it_for_an_array():
    assert np.concatenate([TABLE, TABLE]).shape == (6, 4)
    assert TABLE[TABLE[:, 0] > 3].tolist() == TABLE.numpy()[1:].tolist()
    assert (TABLE * 2 + 1)[0].tolist() == [1, 3, 5, 7]
    assert isinstance(TABLE[0] + TABLE[1], Array)
    assert np.median(TABLE) == 5.5
    assert np.linalg.norm(TABLE[0, :2]) == 1
    assert repr(as_array(np.array([1.5]))) == "Array([1.5])"


@pytest.mark.parametrize("copied", [copy.copy(TABLE), copy.deepcopy(TABLE), pickle.loads(pickle.dumps(TABLE))])
def test_copies_are_arrays_of_their_own(copied):
    assert isinstance(copied, Array)
    assert copied.tolist() == TABLE.tolist()
    assert not np.shares_memory(copied, TABLE)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("permute", r"Array has no 'permute': use transpose\(...\)"),
        ("abs", r"Array has no 'abs': use numpy.abs\(array, ...\)"),
        ("numl", r"Array has no attribute 'numl' \(did you mean 'numel'\?\)"),
    ],
)
def test_what_is_not_there_says_the_way_out(word, sentence):
    with pytest.raises(AttributeError, match=sentence):
        getattr(TABLE, word)


def test_devices_are_words_with_type_and_index():
    assert (DeviceName("cuda:1").type, DeviceName("cuda:1").index, DeviceName("cpu").index) == ("cuda", 1, None)
    assert DeviceName("cuda:1") == "cuda:1"
