"""The ways in: portal, JSON API and command line."""
