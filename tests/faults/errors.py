"""What goes wrong with the rig itself, as opposed to what it judges."""


class RigError(Exception):
    """The run says nothing about the product; the message says why."""
