"""How each publisher lists what it publishes: one file each, pure functions over a fetched page."""
