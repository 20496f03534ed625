"""What has been kept long enough, and its deletion."""
