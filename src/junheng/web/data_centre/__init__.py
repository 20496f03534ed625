"""数据中心: templates in, tables checked and committed, submissions between levels."""
