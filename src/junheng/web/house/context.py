"""What every template may read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from junheng import __version__
from junheng.model.stages import STAGES
from junheng.report import wording as report_wording
from junheng.web.wording import language
from junheng.web.workspace import region


def house(request: HttpRequest) -> dict[str, Any]:
    """Name of the bureau, language, version, stages for the picker."""
    chosen = language()
    held = region()
    return {
        "language": chosen,
        "html_lang": "en" if chosen == "en" else "zh-Hans",
        "bureau": held.bureau or held.name,
        "synthetic": held.synthetic,
        "demo": settings.DEMO,
        "version": __version__,
        "now": timezone.now(),
        "stages": [(stage, report_wording.code_name("stage", stage, chosen)) for stage in STAGES],
    }
