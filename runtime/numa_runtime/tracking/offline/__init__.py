"""What only a look back at the whole video can give: joined fragments, filled gaps, no flickers.

`joining` puts fragments of one object together, `gaps` fills what is missing between, `gaussian` smooths,
`offline_pass` does all of it in order and counts what it did. Tracks are one table: float64 (n, 8) frame (from 0), id,
x1, y1, x2, y2, score, class, in any order; boxes in pixels.
"""
