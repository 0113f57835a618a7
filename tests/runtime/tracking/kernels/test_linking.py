"""Kernels that are only ever part of others: linked as code, compiled once, the same numbers."""

import numpy as np
import pytest

from numa_runtime.tracking.kernels.inner import entry, inner, rare
from numa_runtime.tracking.kernels.linking import part_compiler


def _chain(kind):
    @kind
    def square(x):
        return x * x

    @kind
    def total(values):
        out = 0.0
        for value in values:
            out += square(value)
        return out

    @entry
    def outer(values, scale):
        return total(values) * scale, total(values[1:])

    return square, total, outer


@pytest.mark.parametrize("kind", [inner, rare])
def test_a_chain_of_parts_computes_what_plain_functions_do(kind):
    _, _, outer = _chain(kind)
    assert outer(np.array([1.0, 2.0, 3.0]), 0.5) == (7.0, 13.0)


def test_no_machine_code_is_made_of_a_part():
    square, total, outer = _chain(inner)
    outer(np.ones(3), 1.0)
    for part in (square, total):
        ((library, name),) = [(made.library, made.fndesc.llvm_func_name) for made in part.overloads.values()]
        assert type(library).__name__ == "Part"
        assert not library._codegen._engine.is_symbol_defined(name)
    (library,) = [overload.library for overload in outer.overloads.values()]
    assert type(library).__name__ != "Part"


def test_without_numbas_machinery_parts_are_compiled_numbas_own_way(monkeypatch):
    monkeypatch.setattr("numa_runtime.tracking.kernels.inner.part_compiler", lambda: None)
    square, _, outer = _chain(inner)
    assert outer(np.array([1.0, 2.0, 3.0]), 0.5) == (7.0, 13.0)
    (library,) = [overload.library for overload in square.overloads.values()]
    assert type(library).__name__ != "Part"


def test_machinery_that_moved_is_done_without(monkeypatch):
    from numba.core.cpu import CPUContext

    def moved(*_):
        raise AttributeError("insert_user_function has moved")

    square, _, outer = _chain(inner)
    plain = CPUContext.insert_user_function
    monkeypatch.setattr(
        CPUContext, "insert_user_function", lambda *given: moved() if _is_part(given) else plain(*given)
    )
    assert outer(np.array([1.0, 2.0, 3.0]), 0.5) == (7.0, 13.0)
    (library,) = [overload.library for overload in square.overloads.values()]
    assert type(library).__name__ != "Part"


def _is_part(given):
    return any(type(library).__name__ == "Part" for library in given[3])


def test_the_machinery_is_there():
    assert part_compiler() is not None, "this numba's compiler has changed: cold compiling takes a third longer"
