"""What may be done in this room."""
