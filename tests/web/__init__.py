"""The web client: how it is served, and its modules as far as they need no browser."""
