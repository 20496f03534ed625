"""审计: the trail, read, verified and taken out."""
