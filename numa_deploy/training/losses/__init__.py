"""Losses: what each head is told it did wrong; one module a head, each given its own head."""
