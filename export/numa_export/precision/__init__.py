"""Lower precision as a pass over an ONNX graph."""
