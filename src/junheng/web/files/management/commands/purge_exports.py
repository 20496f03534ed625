"""Delete exported files whose time is over."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from junheng.web.files.actions import purge


class Command(BaseCommand):
    """`django purge_exports`: for the timer that runs every hour."""

    help = "Delete exported files whose time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many went."""
        self.stdout.write(str(purge()))
