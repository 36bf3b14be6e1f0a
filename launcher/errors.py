"""The one error that the launcher shows to a person."""


class LaunchError(Exception):
    """Something that the person at the terminal can put right; the message says how."""
