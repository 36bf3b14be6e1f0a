"""The way of a mail from the table in which it was written to the one who gets it: claims, texts, deliveries."""
