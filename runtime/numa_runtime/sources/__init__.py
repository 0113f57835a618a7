"""Where frames come from: files, folders, streams, cameras, arrays. `open_source` opens any of them."""

from numa_runtime.sources.base import NOMINAL_FPS, Counters, Media, MediaInfo, MediaKind, SourceFrame
from numa_runtime.sources.source import Source, open_source

__all__ = ["NOMINAL_FPS", "Counters", "Media", "MediaInfo", "MediaKind", "Source", "SourceFrame", "open_source"]
