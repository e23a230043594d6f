"""Snapshots as packages: written once, cited by id, checked row by row, compared."""
