"""Options declared once: a typed field from which flags, `key=value` words, Python keywords and errors are made."""

from numa_runtime.options.group import Options
from numa_runtime.options.option import Option, Reader, group, option, same

__all__ = ["Option", "Options", "Reader", "group", "option", "same"]
