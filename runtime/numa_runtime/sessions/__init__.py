"""Sessions: a loaded artifact, arrays in, arrays out."""
