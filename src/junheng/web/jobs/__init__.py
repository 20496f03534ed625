"""Work that takes longer than two seconds: progress, cancel, log and result."""
