"""Charts: figures computed from what is held, drawn on the server, with their table and files."""
