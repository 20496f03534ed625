"""Settings for every test: reproducible Hypothesis examples and one BLAS thread."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("junheng", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("junheng")
