"""What was done, by whom and why: appended, chained by digests, never changed."""
