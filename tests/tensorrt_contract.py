"""Do some TensorRT bindings offer all that we use, in the way we use it? Runs on bindings alone: no library, no GPU.

As a script: `python tensorrt_contract.py MODULE` prints what is wrong, line by line, and exits 1.
"""

from __future__ import annotations

import importlib
import logging
import re
import sys

from numa_export.formats.engine_builder import BUILDER_NAMES, RTX_NAMES
from numa_export.formats.engine_progress import Phases, make_monitor
from numa_runtime.sessions.tensorrt.nvidia import TENSORRT_NAMES, _forwarding_logger

# Arguments each call is made with (self apart), and what it must return.
CALLS = {
    "Builder.__init__": (1, ""),
    "Builder.build_serialized_network": (2, "IHostMemory"),
    "Builder.create_builder_config": (0, "IBuilderConfig"),
    "Builder.create_network": (1, "INetworkDefinition"),
    "Builder.create_optimization_profile": (0, "IOptimizationProfile"),
    "IBuilderConfig.add_optimization_profile": (1, "int"),
    "IBuilderConfig.set_compute_capability": (2, "bool"),
    "IBuilderConfig.set_memory_pool_limit": (2, ""),
    "ICudaEngine.create_execution_context": (0, "IExecutionContext"),
    "ICudaEngine.get_tensor_dtype": (1, "DataType"),
    "ICudaEngine.get_tensor_mode": (1, "TensorIOMode"),
    "ICudaEngine.get_tensor_name": (1, "str"),
    "ICudaEngine.get_tensor_profile_shape": (2, "Dims]"),
    "ICudaEngine.get_tensor_shape": (1, "Dims"),
    "IExecutionContext.execute_async_v3": (1, "bool"),
    "IExecutionContext.get_tensor_shape": (1, "Dims"),
    "IExecutionContext.set_input_shape": (2, "bool"),
    "IExecutionContext.set_tensor_address": (2, "bool"),
    "INetworkDefinition.get_input": (1, "ITensor"),
    "IOptimizationProfile.set_shape": (4, ""),
    "OnnxParser.__init__": (2, ""),
    "OnnxParser.get_error": (1, "ParserError"),
    "OnnxParser.parse": (1, "bool"),
    "ParserError.desc": (0, "str"),
    "ParserError.node_name": (0, "str"),
    "ParserError.node_operator": (0, "str"),
    "Runtime.__init__": (1, ""),
    "Runtime.deserialize_cuda_engine": (1, "ICudaEngine"),
}
DTYPES = {"UINT8": "uint8", "FLOAT": "float32", "HALF": "float16", "INT32": "int32", "INT64": "int64"}


def problems(trt, rtx):
    """Return in words what these bindings lack; `rtx` says whose they are."""
    found = [*missing_names(trt, BUILDER_NAMES), *missing_names(trt, TENSORRT_NAMES)]
    found += missing_names(trt, RTX_NAMES) if rtx else []
    for call, (count, result) in CALLS.items():
        owner, name = call.split(".")
        if rtx or name not in RTX_NAMES["IBuilderConfig"]:
            found += wrong_signature(getattr(getattr(trt, owner, None), name, None), call, count, result)
    return found + wrong_values(trt) + wrong_subclasses(trt)


def missing_names(trt, table):
    owners = {owner: getattr(trt, owner, None) if owner else trt for owner in table}
    return [
        f"no {owner}.{name}" for owner, names in table.items() for name in names if not hasattr(owners[owner], name)
    ]


def wrong_signature(method, call, count, result):
    """Compare with the signatures that pybind11 writes into docstrings, one line per overload."""
    if method is None:
        return [f"no {call}"]
    name = call.split(".")[1]
    lines = [line.strip() for line in (method.__doc__ or "").splitlines()]
    shapes = [found for line in lines if (found := re.match(rf"(?:\d+\. )?{name}\((.*)\) -> (.*)$", line))]
    if not shapes:
        return [f"{call} does not say its signature: {lines[:1]}"]
    for shape in shapes:
        arguments = arguments_of(shape[1])[1:]
        needed = sum("=" not in argument for argument in arguments)
        # 11 says "Foo | None" where 10 says "Foo".
        if needed <= count <= len(arguments) and result in shape[2]:
            return []
    return [f"{call} is called with {count} arguments for {result or 'nothing'}; it is {[s[0] for s in shapes]}"]


def arguments_of(text):
    """Split at the commas that are in no bracket."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[(<{") - (letter in "])}>")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def wrong_values(trt):
    found = []
    if int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED) not in range(32):
        found.append("STRONGLY_TYPED is no bit number")
    for name, expected in DTYPES.items():
        kind = getattr(trt.DataType, name, None)
        if kind is None or trt.nptype(kind).__name__ != expected:
            found.append(f"DataType.{name} is not numpy's {expected}")
    return found


def wrong_subclasses(trt):
    """Make the monitor and the logger that we derive, and let them be called."""
    seen = []
    monitor = make_monitor(trt, Phases(lambda name, share: seen.append(share) or True))
    monitor.phase_start("build", None, 2)
    monitor.step_complete("build", 0)
    monitor.phase_finish("build")
    found = [] if seen == [0.0, 0.5, 1.0] else [f"the progress monitor told {seen}"]
    heard = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())
    logger = logging.getLogger("numa_runtime")
    logger.addHandler(handler)
    try:
        _forwarding_logger(trt).log(trt.ILogger.ERROR, "spoken")
    finally:
        logger.removeHandler(handler)
    return found + ([] if heard == ["TensorRT: spoken"] else [f"the logger passed on {heard}"])


if __name__ == "__main__":
    told = problems(importlib.import_module(sys.argv[1]), "rtx" in sys.argv[1])
    print("\n".join(told))
    sys.exit(bool(told))
