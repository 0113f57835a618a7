"""Pictures of a validation, drawn with OpenCV: curves, confusion, scores, balls, and the samples it went worst with."""
