"""Fechatter: team chat that never loses a message. The product, free of any web or task framework."""

__version__ = "0.1.0"
