"""What the web server loads."""

from __future__ import annotations

import gc
import os
import sys

# pages filter small frames in several threads at once: a pool of its own for each filter only makes them wait
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

sys.setswitchinterval(0.0005)

gc.collect()
gc.freeze()  # what was loaded at the start lives for ever and need not be looked through again
