"""Network configurations: the YAML files beside this one, and how they are read."""
