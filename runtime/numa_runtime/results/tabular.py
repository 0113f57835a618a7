"""Rows as tables: CSV text, and the DataFrame of whichever package is installed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from numa_runtime.errors import NumaError

_PACKAGES = ("pandas", "polars")

Rows = Sequence[Mapping[str, Any]]


def as_csv(rows: Rows, columns: Sequence[str]) -> str:
    """Return rows as CSV text with a header, also when there are none."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_frame(rows: Rows, columns: Sequence[str]) -> Any:
    """Return rows as a DataFrame of pandas or, where only that is installed, of polars.

    Raises:
        NumaError: neither is installed.
    """
    data = {column: [row[column] for row in rows] for column in columns}
    for package in _PACKAGES:
        try:
            return import_module(package).DataFrame(data)
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
    raise NumaError(
        "to_df() needs the package pandas or polars, and neither is installed",
        hint="pip install pandas, or without it: to_csv(), to_json()",
    )
