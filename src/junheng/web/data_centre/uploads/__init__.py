"""Files in: received, read by a command, shown, committed or sent back."""
