"""Sentences of this application's pages."""

from __future__ import annotations

from junheng.web.manage.administration_messages import ADMINISTRATION
from junheng.web.manage.run_messages import RUNS

MESSAGES: dict[str, tuple[str, str]] = {**RUNS, **ADMINISTRATION}
