"""Following a search: its Atom feed, and its digest by e-mail."""
