"""Cells: where they are, and how points are written into them."""
