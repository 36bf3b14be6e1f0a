"""What people read, as the plain shapes that answers and events share."""
