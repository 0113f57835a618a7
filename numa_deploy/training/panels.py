"""Names of the panels that `train --help` is divided into, beside those every mode has."""

LOSS = "Loss"
RECIPE = "Recipe"
AUGMENTATION = "Augmentation"
