"""From a session's output arrays to detections and balls: one small decoder per output layout."""

from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Decoder, to_source

__all__ = ["DecodeOptions", "Decoded", "Decoder", "decoder_for", "to_source"]


def decoder_for(spec: ModelSpec, size: tuple[int, int] | None = None) -> Decoder:
    """Return the decoder of the contract's layout.

    Args:
        spec: the contract.
        size: the (height, width) the network is run at; only grid layouts (YOLOX) of dynamic artifacts need it.

    Raises:
        ContractError: the layout is unknown, or the contract lacks what the layout needs.
    """
    match spec.layout:
        case Layout.CANDIDATES:
            from numa_runtime.vision.decode.candidates import CandidatesDecoder

            return CandidatesDecoder(spec)
        case Layout.FINAL:
            from numa_runtime.vision.decode.final import FinalDecoder

            return FinalDecoder(spec)
        case Layout.MULTITASK:
            from numa_runtime.vision.decode.multitask import MultitaskDecoder

            return MultitaskDecoder(spec)
        case Layout.ULTRALYTICS_RAW:
            from numa_runtime.vision.decode.ultralytics import RawDecoder

            return RawDecoder(spec)
        case Layout.ULTRALYTICS_END2END:
            from numa_runtime.vision.decode.ultralytics import EndToEndDecoder

            return EndToEndDecoder(spec)
        case Layout.YOLOX_RAW:
            from numa_runtime.vision.decode.yolox import YoloxDecoder

            return YoloxDecoder(spec, size)
    raise ContractError(f"no decoder for the layout {spec.layout!r}; known: {', '.join(Layout)}")
