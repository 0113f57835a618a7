"""Small ONNX graph tools on the `onnx` package alone: door, heads, metadata, cleaning, the finishing check."""
