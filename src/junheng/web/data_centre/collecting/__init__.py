"""Collections and submissions: asked for, filled, handed in, returned, accepted, locked; and reminders."""
