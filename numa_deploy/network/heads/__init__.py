"""Heads: what is said about each cell of the trunk's levels."""
