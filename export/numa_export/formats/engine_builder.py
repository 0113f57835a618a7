"""Building an engine from one of our ONNX files: one set of calls for TensorRT 10, 11 and RTX."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numa_export.formats.engine import name_network
from numa_export.formats.engine_progress import Phases, Progress, make_monitor
from numa_export.formats.engine_tools import Toolkit
from numa_export.plan import ExportPlan
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.errors import EngineError
from numa_runtime.sessions.tensorrt.header import HEADER_BYTES, Flavour, parse_header
from numa_runtime.sessions.tensorrt.nvidia import _logger as shared_logger

_LOGGER = logging.getLogger("numa_runtime")
_GIB = 1 << 30

# Every TensorRT name the builder uses in all flavours; a test looks for them in each one that is installed.
BUILDER_NAMES = {
    "": (
        "Builder",
        "ILogger",
        "IProgressMonitor",
        "MemoryPoolType",
        "NetworkDefinitionCreationFlag",
        "OnnxParser",
        "__version__",
    ),
    "Builder": (
        "build_serialized_network",
        "create_builder_config",
        "create_network",
        "create_optimization_profile",
    ),
    "IBuilderConfig": ("add_optimization_profile", "progress_monitor", "set_memory_pool_limit"),
    "INetworkDefinition": ("get_input", "name", "num_inputs"),
    "IOptimizationProfile": ("set_shape",),
    "IProgressMonitor": ("phase_finish", "phase_start", "step_complete"),
    "MemoryPoolType": ("WORKSPACE",),
    "NetworkDefinitionCreationFlag": ("STRONGLY_TYPED",),
    "OnnxParser": ("get_error", "num_errors", "parse"),
    "ParserError": ("desc", "node_name", "node_operator"),
}
RTX_NAMES = {"": ("ComputeCapability",), "IBuilderConfig": ("num_compute_capabilities", "set_compute_capability")}


def build_engine(
    onnx_bytes: bytes,
    toolkit: Toolkit,
    plan: ExportPlan,
    spec: ModelSpec,
    record: BuildRecord,
    *,
    progress: Progress | None = None,
) -> bytes:
    """Return the engine's bytes, with the contract as the network's name.

    Precision is what the ONNX says (strongly typed).

    Args:
        onnx_bytes: the network.
        toolkit: builds it.
        plan: the options of the export.
        spec: the contract.
        record: how the engine is made.
        progress: called with the phase and the share done, 0-1; returning False cancels.

    Raises:
        EngineError: the parser or the builder refuses, the target is not available, or it was cancelled.
        ContractError: TensorRT did not keep the contract.
    """
    trt: Any = toolkit.trt
    logger = shared_logger(trt)
    with _said() as said:
        builder = trt.Builder(logger)
        network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
        parser = trt.OnnxParser(network, logger)
        if not parser.parse(onnx_bytes):
            raise EngineError(f"{_who(toolkit)} cannot read the graph: {_parser_words(parser, said)}")
        name_network(network, spec, record)
        config = builder.create_builder_config()
        _configure(config, trt, toolkit, plan)
        _add_profile(builder, config, network, plan)
        phases = Phases(progress)
        config.progress_monitor = make_monitor(trt, phases)
        built = builder.build_serialized_network(network, config)
        phases.reraise()
        if phases.cancelled:
            raise EngineError("the engine's build was cancelled")
        if built is None:
            raise EngineError(
                f"{_who(toolkit)} cannot build the engine: {_last(said)}", hint="--debug shows everything it said"
            )
    data = bytes(built)
    _check_target(data, toolkit)
    return data


def _configure(config: Any, trt: Any, toolkit: Toolkit, plan: ExportPlan) -> None:
    if plan.workspace_gib is not None:
        config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, int(plan.workspace_gib * _GIB))
    if toolkit.flavour is not Flavour.RTX or toolkit.target.capability is None:
        return
    capability = getattr(trt.ComputeCapability, str(toolkit.target).upper(), None)
    config.num_compute_capabilities = 1
    # False, not an exception, says that it has no code for a target.
    if capability is None or not config.set_compute_capability(capability, 0):
        raise EngineError(
            f"{_who(toolkit)} does not build for {toolkit.target}", hint="numa-deploy export --help lists the targets"
        )


def _add_profile(builder: Any, config: Any, network: Any, plan: ExportPlan) -> None:
    model_input = network.get_input(0)
    if plan.profile is None:
        return
    planes = int(model_input.shape[1])
    shapes = [(batch, planes, height, width) for batch, height, width in _three(plan)]
    profile = builder.create_optimization_profile()
    profile.set_shape(model_input.name, *shapes)
    if config.add_optimization_profile(profile) < 0:
        raise EngineError(f"TensorRT refuses the optimisation profile {plan.profile}")


def _three(plan: ExportPlan) -> tuple[tuple[int, int, int], ...]:
    assert plan.profile is not None
    return plan.profile.smallest, plan.profile.usual, plan.profile.largest


def _check_target(data: bytes, toolkit: Toolkit) -> None:
    """Read the target back from the header: what was asked for and not honoured must not ship."""
    header = parse_header(data[:HEADER_BYTES], "the engine that was built")
    wanted = toolkit.target.capability
    if toolkit.flavour is Flavour.RTX and wanted is not None and header.targets != (f"sm{wanted}",):
        raise EngineError(f"{toolkit.target} was asked for, but the engine says {header.target_words or 'no target'}")


def _who(toolkit: Toolkit) -> str:
    return f"{toolkit.flavour} {toolkit.version}"


def _parser_words(parser: Any, said: list[str]) -> str:
    if parser.num_errors == 0:
        return _last(said)
    error = parser.get_error(0)
    node = f"node {error.node_name()} ({error.node_operator()}): " if error.node_operator() else ""
    return f"{node}{error.desc().strip()}"


def _last(said: list[str]) -> str:
    return said[-1].removeprefix("TensorRT: ").strip() if said else "it does not say why"


@contextmanager
def _said() -> Iterator[list[str]]:
    """Collect TensorRT's error lines: it reports through its logger alone."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                lines.append(record.getMessage())

    handler = Keep()
    _LOGGER.addHandler(handler)
    try:
        yield lines
    finally:
        _LOGGER.removeHandler(handler)
