"""Pages of this room, from what was read to frozen parts."""
