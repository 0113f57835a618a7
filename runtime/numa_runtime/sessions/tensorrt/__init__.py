"""TensorRT and TensorRT RTX engines: read and explained anywhere, run where there is an NVIDIA GPU."""
