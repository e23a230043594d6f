"""A search as every way in asks it: what is looked at of what was found, with its counts."""
