"""Personal data: which fields there are and why, how they are masked, when they go, and the evidence."""
