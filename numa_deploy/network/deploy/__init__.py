"""The inference form of a network: fused, split-free, winners chosen before they are decoded."""
