"""The way of a push from the feed to a browser that is closed: who is told of what, when, and by which connection."""
