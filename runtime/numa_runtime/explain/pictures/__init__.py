"""The decisive moments as pictures: a strip of frames each, and one chart of the whole life."""
