"""A follower from the words a user types."""

from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.options import TrackRunOptions


def follower_of(words, **more):
    """Return the follower that a `track` run with these words has; `more` is passed on."""
    options = TrackRunOptions.of(words)
    return make_follower(options.tracker, options.prediction.conf, **more)
