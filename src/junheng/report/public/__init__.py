"""教育概览 for everyone: a folder of pages and tables in which no child can be found."""
