"""A chat in the terminal: the first client of the API, and a short example of how to write one."""
