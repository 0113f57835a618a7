"""Other people's trackers beside ours: each in an environment of its own, all measured in one run."""
