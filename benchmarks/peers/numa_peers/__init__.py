"""Other people's trackers and ours: each in an environment of its own, all measured in one run."""
