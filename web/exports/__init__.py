"""Everything that leaves as a file: what is exported, in which formats, and how it is written."""
