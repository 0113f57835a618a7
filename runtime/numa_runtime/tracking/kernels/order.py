"""The stages of a frame and what a pair can cost in them, as the numbers that kernels and parameters share."""

# The stages, in their order.
FIRST, SECOND, RECOVERY, COVERED, UNCONFIRMED, DUPLICATES = 0, 1, 2, 3, 4, 5
N_STAGES = 6

# What a pair can cost.
OVERLAP, LAST_SEEN, MOMENTUM, APPEARANCE, WEAK_CUES, FALLING_SCORE, ALL_CUES, BOOSTED = 0, 1, 2, 3, 4, 5, 6, 7

# What a filter's state holds besides the centre.
XYAH, XYWH, XYXY, XYSR = 0, 1, 2, 3
