"""From labelled files to batches: caches, augmentation, samples, loading."""
