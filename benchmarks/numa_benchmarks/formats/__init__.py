"""Which format to ship: each one made, proved, validated and timed in a process of its own."""
