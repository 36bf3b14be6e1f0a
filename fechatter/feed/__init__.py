"""The way of an event from the outbox to the streams: relay, pages, memberships, cursors."""
