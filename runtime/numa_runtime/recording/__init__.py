"""Recordings: what was found in every frame of a video, in one file that is tracked again without model or video."""

from numa_runtime.recording.header import SUFFIX, RecordingHeader
from numa_runtime.recording.reading import Recording
from numa_runtime.recording.writing import RecordingWriter

__all__ = ["SUFFIX", "Recording", "RecordingHeader", "RecordingWriter"]
