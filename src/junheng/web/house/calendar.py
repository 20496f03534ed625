"""What day it is for the bureau."""

from __future__ import annotations

from django.utils import timezone

SCHOOL_YEAR_MONTH = 9


def school_year() -> int:
    """The school year that runs today, by the year it began in."""
    today = timezone.localdate()
    return today.year if today.month >= SCHOOL_YEAR_MONTH else today.year - 1
