"""Pages of the three administrators: people, grants, the unit tree, the audit trail."""
