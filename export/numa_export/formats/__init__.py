"""Writers of artifacts: one module per format."""
