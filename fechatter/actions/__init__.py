"""What people do: each function is one write, and only these record events."""
