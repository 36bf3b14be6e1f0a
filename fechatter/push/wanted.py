"""Who wants to be told of what: the rules that hold when a push is put down, and again when it is sent."""

DEFAULT = "default"
LEVELS = (DEFAULT, "all", "nothing")
"""What one may choose of a chat; the first stands in the table as NULL."""

IS_TOLD = "(r.notify = 'all' OR (r.notify IS NULL AND c.type IN ('single', 'group')))"
"""Of the membership r of the chat c."""

LONGEST_WAIT = "interval '1 day'"
"""After which nobody wants to hear of a message any more."""
