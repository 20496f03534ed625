"""What the tests of the data centre share: files to send, jobs carried out at once, a collection under
way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.web.desks import Desk

from junheng.web.data_centre.collecting import actions
from junheng.web.data_centre.models import Collection, Submission, Upload
from junheng.web.jobs import tasks

YEAR = 2025
"""The example's last year with counts."""


@pytest.fixture
def csv(desk: Desk) -> Callable[..., SimpleUploadedFile]:
    """A table of pupils as a file: rows of (school, year, grade, pupils)."""

    def made(
        *rows: tuple[Any, ...], name: str = "在校生.csv", head: str = "学校标识码,学年,年级,学生数"
    ) -> SimpleUploadedFile:
        lines = [head, *(",".join(str(value) for value in row) for row in rows)]
        return SimpleUploadedFile(name, "\n".join(lines).encode())

    return made


@pytest.fixture
def carry_out() -> Callable[[Upload], Upload]:
    """Do what a worker would do with the upload's job now."""

    def run(upload: Upload) -> Upload:
        held = Upload.objects.select_related("job").get(pk=upload.pk)
        tasks.run_job.func(held.job.pk, held.job.attempts + 1)
        return Upload.objects.select_related("job", "unit").get(pk=upload.pk)

    return run


@pytest.fixture
def collection(desk: Desk) -> Collection:
    """What the county asks of its schools for the year that stands in the example."""
    today = timezone.localdate()
    return actions.open_collection(
        by=desk.person("statistician"),
        unit=desk.unit("region"),
        year=YEAR,
        name="学年初统计",
        tables=["enrolment"],
        opens=today - timedelta(days=30),
        due=today + timedelta(days=7),
    )


@pytest.fixture
def part(desk: Desk, collection: Collection) -> Callable[[str], Submission]:
    """The part of a named unit, as it stands now."""

    def found(unit: str) -> Submission:
        return Submission.objects.get(collection=collection, unit__code=desk.units[unit])

    return found
