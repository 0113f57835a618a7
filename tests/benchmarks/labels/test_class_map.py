from __future__ import annotations

from pathlib import Path

import pytest

from numa_benchmarks.labels.class_map import class_map
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset, LabelledImage


def data(*names: str, labels: tuple[int, ...] = ()) -> Dataset:
    boxes = [[0, 0, 9, 9]] * len(labels)
    return Dataset(Path("d.yaml"), "val", names, (LabelledImage.of(1, Path("a.png"), (10, 10), boxes, labels),))


def test_same_names(caplog) -> None:
    assert class_map(("a", "b"), data("a", "b", labels=(0, 1))).tolist() == [0, 1]
    assert not caplog.text


def test_other_order_case_and_blanks() -> None:
    assert class_map(("Sports Ball", "person", "cup"), data("person", "sports ball ")).tolist() == [1, 0, -1]


def test_labelled_classes_the_model_lacks_are_told(caplog) -> None:
    assert class_map(("a",), data("a", "b", "c", labels=(0, 2))).tolist() == [0]
    assert "d.yaml labels classes the model does not know, they score 0: c" in caplog.text


def test_no_common_name_but_as_many_classes(caplog) -> None:
    assert class_map(("class0", "class1"), data("a", "b")).tolist() == [0, 1]
    assert "they are matched by their order" in caplog.text


def test_nothing_in_common() -> None:
    with pytest.raises(DataError, match=r"the model's 1 classes \(cat\) and the 2 of d\.yaml \(a, b\) have no name"):
        class_map(("cat",), data("a", "b"))
