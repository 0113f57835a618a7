"""The command line: one short module per mode; heavy imports live inside command bodies."""
