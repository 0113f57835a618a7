"""Rallies that never were: synthetic court scenes with exact labels, from a seed.

A scene is a world in metres, x across the court, y along it, z up, filmed by one camera: `sports` says how large things
are, `flight` how a ball flies, `script` who hits it when, `players` and `body` how people move and stand, `camera` and
`view` what is seen of it, `court`, `hall`, `people` and `film` how that looks, `seen` what is labelled. `scene` joins
them.
"""
