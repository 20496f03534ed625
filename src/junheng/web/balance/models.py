"""Evidence brought for items of assessments, and rounds of assessments on their way up."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from junheng.web.accounts import roles
from junheng.web.accounts.models import User
from junheng.web.units.models import Unit


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence by who may see it."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> EvidenceQuerySet:
        """That of the units where the person holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))


class Evidence(models.Model):
    """A file brought for one item of an assessment of a unit and a school year, with what it is to show.

    `evidence_id` names its folder, and its row in the table `evidence`. Nothing of it changes but its review
    and whether it is `current`: what is brought later takes its place. `sha256` is the digest when it came.
    """

    MET, UNMET, FOUND, NOT_FOUND = "met", "unmet", "found", "not_found"
    GIVEN, CONFIRMED, REJECTED, RETURNED, WITHDRAWN = (
        "given",
        "confirmed",
        "rejected",
        "returned",
        "withdrawn",
    )
    REVIEWED = (CONFIRMED, REJECTED, RETURNED)

    by_id: int
    unit_id: int
    evidence_id = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assessment_evidence")
    assessment = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    year = models.IntegerField()
    claim = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default=GIVEN)
    current = models.BooleanField(default=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=300, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["assessment", "item", "unit", "year"],
                condition=Q(current=True),
                name="one_current_evidence",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.item} {self.state}"


class AssessmentRoundQuerySet(models.QuerySet["AssessmentRound"]):
    """Rounds by who may see them."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> AssessmentRoundQuerySet:
        """Those of the counties where the person holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))


class AssessmentRound(models.Model):
    """An assessment of a county for a school year on its way up. `state` is one of the assessment's own;
    `run_id` and `digest` are the run frozen with it and what its rows of this assessment came to."""

    unit_id: int
    steps: Any
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assessment_rounds")
    assessment = models.CharField(max_length=60)
    year = models.IntegerField()
    state = models.CharField(max_length=40)
    run_id = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = AssessmentRoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "assessment"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["unit", "assessment", "year"], name="one_round_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.year} {self.state}"


class RoundStep(models.Model):
    """A step of a round, never changed: who took it for which unit, from where to where, why, with which
    document, and the run frozen at it."""

    round = models.ForeignKey(AssessmentRound, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    run_id = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    folder = models.CharField(max_length=40, blank=True)
    file = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.target}"
