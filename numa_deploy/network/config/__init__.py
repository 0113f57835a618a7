"""Network configurations: the YAML files in this folder, and how they are read."""
