"""Turn a network, one of our ONNX files or a foreign one into an artifact, and prove that both answer alike."""
