"""Looking at labelled data before anything is trained on it: counts, sizes, speeds, and what is suspicious."""
