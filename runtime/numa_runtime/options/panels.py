"""The headings under which `--help` lists options, in the order they are listed in."""

MOST = "Most used"
SOURCE = "Model and source"
WHAT = "What counts"
TRACKER = "Tracker (default: the values of its YAML)"
WRITTEN = "What is written"
DRAWN = "What is drawn"
PRINTED = "What is printed"
