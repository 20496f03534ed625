"""Reading by programs: the same rows, scope and rights as the pages, under /api/v1/."""
