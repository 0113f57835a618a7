"""What a tracker costs and how well it follows: made-up scenes in turns, memory, and the user's own sequences."""
