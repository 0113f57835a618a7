"""Labelled data from one layout into another, and what is lost on the way."""
