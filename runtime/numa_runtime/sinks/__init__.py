"""Where results go: annotated video and images, MOTChallenge text, JSON lines, CSV, YOLO labels."""

from numa_runtime.sinks.base import Sink

__all__ = ["Sink"]
