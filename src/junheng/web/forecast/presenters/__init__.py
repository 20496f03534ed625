"""From what was read to pages: pure functions."""
