"""What trunks and heads are built of."""
