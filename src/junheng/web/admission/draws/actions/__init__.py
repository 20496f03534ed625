"""What may be done around a draw; the only place of it that changes state."""
