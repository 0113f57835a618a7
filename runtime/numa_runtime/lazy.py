"""Names that a package offers and imports only when they are asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from numa_runtime.errors import require


def lazy(
    package: str, homes: Mapping[str, str], *, need: str = "", modules: tuple[str, ...] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return a package's `__getattr__` and `__dir__`, so that importing the package stays light.

    No submodule may carry one of the names: importing it would hide the name behind the module.

    Args:
        package: the package's `__name__`.
        homes: by name, the module that has it: a submodule ("tracker"), or one elsewhere ("numa_runtime.results").
        need: what these names do, for the sentence about modules that are missing.
        modules: optional modules that all of the names need; where one is not installed, the first name asked for says
            so (`MissingExtra`), instead of an import in some depth of it.
    """

    def fetch(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        require(need, *modules)
        home = homes[name]
        return getattr(import_module(home if "." in home else f"{package}.{home}"), name)

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return fetch, names
