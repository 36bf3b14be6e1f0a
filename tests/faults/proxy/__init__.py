"""A TCP proxy for every link of the system, in a process of its own, that spoils a link when it is told to."""
