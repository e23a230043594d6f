"""Bytes to blocks: one module for each kind of file, none of which knows the others."""
