"""From a session's output arrays to detections and balls: one small decoder per output layout."""

from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import adopt_hint
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Decoder, to_source

__all__ = ["DecodeOptions", "Decoded", "Decoder", "decoder_for", "to_source"]


def decoder_for(spec: ModelSpec, size: tuple[int, int] | None = None, where: str = "the file") -> Decoder:
    """Return the decoder of the contract's layout.

    Args:
        spec: the contract.
        size: the (height, width) the network is run at; only grid layouts (YOLOX) and boxes that are fractions of
            dynamic artifacts need it.
        where: the file's name, for messages.

    Raises:
        ContractError: the layout is unknown, or the contract lacks what the layout needs.
    """
    if not isinstance(spec.layout, Layout):
        raise ContractError(f"no decoder for the layout {spec.layout!r}; known: {', '.join(Layout)}")
    if spec.layout.is_ours:
        return _ours(spec)
    if spec.layout.is_heat_maps:
        raise ContractError(
            f"{where} gives heat maps, which are not decoded here", hint=adopt_hint(where, Family.TRACKNET)
        )
    from numa_runtime.vision.decode.doubts import DoubtingDecoder

    return DoubtingDecoder(_theirs(spec, size), spec, size, where)


def _ours(spec: ModelSpec) -> Decoder:
    match spec.layout:
        case Layout.CANDIDATES:
            from numa_runtime.vision.decode.candidates import CandidatesDecoder

            return CandidatesDecoder(spec)
        case Layout.FINAL:
            from numa_runtime.vision.decode.final import FinalDecoder

            return FinalDecoder(spec)
        case _:
            from numa_runtime.vision.decode.multitask import MultitaskDecoder

            return MultitaskDecoder(spec)


def _theirs(spec: ModelSpec, size: tuple[int, int] | None) -> Decoder:
    match spec.layout:
        case Layout.ULTRALYTICS_RAW:
            from numa_runtime.vision.decode.ultralytics import RawDecoder

            return RawDecoder(spec)
        case Layout.ULTRALYTICS_END2END:
            from numa_runtime.vision.decode.ultralytics import EndToEndDecoder

            return EndToEndDecoder(spec)
        case Layout.YOLOX_RAW:
            from numa_runtime.vision.decode.yolox import YoloxDecoder

            return YoloxDecoder(spec, size)
        case _:
            from numa_runtime.vision.decode.foreign import ForeignDecoder

            return ForeignDecoder(spec, size)
