"""How good and how fast: labelled data, metrics, validation, timing."""
