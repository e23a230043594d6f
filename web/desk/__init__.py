"""The coding desk: signed-in people who check what the machine found."""
