"""How good: box and keypoint mAP, tracking, the ball. Each module needs the `eval` extra only when it runs."""
