"""How numba compiles a kernel that runs only inside others: typed, lowered and handed to them as LLVM code.

numba's own way optimises such a kernel and makes machine code of it, and then does both again in every kernel that
it is linked into; that was a quarter of the tracker's cold compile. Only the last one, the one that Python calls,
is optimised and emitted here, with all the others inside it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def part_compiler() -> Any:
    """Return the compiler class for such kernels, or None where numba's machinery is not as known."""
    try:
        from numba import _dynfunc
        from numba.core.codegen import JITCodeLibrary
        from numba.core.compiler import CompilerBase, DefaultPassBuilder, _LowerResult
        from numba.core.compiler_machinery import register_pass
        from numba.core.typed_passes import NativeLowering
    except ImportError:
        return None

    class Part(JITCodeLibrary):  # type: ignore[misc]
        """LLVM code that is only ever linked into another library."""

        def _optimize_final_module(self) -> None:
            """Leave it to the library that this one is linked into."""

        def _finalize_final_module(self) -> None:
            self._finalize_dynamic_globals()
            self._finalized = True

    @register_pass(mutates_CFG=True, analysis_only=False)
    class PartLowering(NativeLowering):  # type: ignore[misc]
        """Lowers to a `Part`, and tells callers where it is; nothing is made for the processor."""

        _name = "part_lowering"

        def run_pass(self, state: Any) -> bool:
            try:
                return self._lower_part(state)
            except AttributeError:  # this numba keeps its things elsewhere: its own way is slower, but works
                state.library, state.flags.no_compile = None, False
                return bool(super().run_pass(state))

        def _lower_part(self, state: Any) -> bool:
            state.library = Part(state.targetctx.codegen(), state.func_id.func_qualname)
            state.flags.no_compile = True
            changed = bool(super().run_pass(state))
            library, result = state.library, state.cr
            library._ensure_finalized()
            described = result.fndesc
            name = described.qualname.split(".")[-1]
            key = _dynfunc.make_function(described.lookup_module(), name, "", 0, result.env, (library,))
            state.targetctx.insert_user_function(key, described, [library])
            if hasattr(library, "_reload_init"):  # since numba 0.62
                state.reload_init.extend(library._reload_init)
            state["cr"] = _LowerResult(described, result.call_helper, cfunc=key, env=result.env)
            return changed

    class PartCompiler(CompilerBase):  # type: ignore[misc]
        """numba's own pipeline with the last step replaced."""

        def define_pipelines(self) -> list[Any]:
            passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes.passes[:] = [
                (PartLowering if kind is NativeLowering else kind, text) for kind, text in passes.passes
            ]
            passes.finalize()
            return [passes]

    return PartCompiler
