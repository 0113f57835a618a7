"""Training: from labelled samples to a checkpoint; above the network, below what people type."""
