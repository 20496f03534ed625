"""规划台账: what the policies and the region's own plan promise, clause by clause and task by task."""
