"""Weights of other tools: their files read without their code, and rewritten into a network of ours."""
