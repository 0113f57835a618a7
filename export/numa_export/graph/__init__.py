"""Small ONNX graph tools on the `onnx` package alone: uint8 input, heads, metadata, cleaning, the finishing check."""
