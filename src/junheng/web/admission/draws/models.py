"""What two people do together, draws with what was announced of them, the numbers each person typed, and
children who come after a draw."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from junheng.web.accounts.models import User
from junheng.web.admission.names import SealedName
from junheng.web.jobs.models import Job


class Proposal(models.Model):
    """What one person proposes and another confirms: freeze, announce, publish, a second round. `args` are
    what is to be done, fixed when it is proposed. Never deleted; one of a verb is open at a time."""

    OPEN, CONFIRMED, WITHDRAWN = "open", "confirmed", "withdrawn"

    by_id: int
    entry_id: int
    entry = models.ForeignKey("admission.Entry", on_delete=models.PROTECT, related_name="proposals")
    verb = models.CharField(max_length=20)
    args = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default=OPEN)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["entry", "verb"], condition=Q(state="open"), name="one_open_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"


class Draw(models.Model):
    """One freeze of an entry and what followed from it. A later freeze takes its place before the event, and
    both are kept. `announcement` is what was published, `results` the event results two people typed alike,
    `outcome` what was proved at each step. `step` is where the ceremony stands."""

    FROZEN, ANNOUNCED, SEEDED, HELD, SUPERSEDED = "frozen", "announced", "seeded", "held", "superseded"

    entry_id: int
    typed: Any
    entry = models.ForeignKey("admission.Entry", on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default=FROZEN)
    frozen_at = models.CharField(max_length=32)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    root = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, blank=True)
    """Counts and digests of what was frozen."""
    announcement = models.JSONField(default=dict, blank=True)
    announced_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    announced_confirmed = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    step = models.CharField(max_length=12, default="commitment")
    results = models.JSONField(default=list, blank=True)
    canonical = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    drawn_at = models.CharField(max_length=32, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["entry", "number"], name="draw_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class LateChild(models.Model):
    """A child who came after the draw, with the spare receipt she took, in the order they came. `name`
    and `filled` are her registration until a second person decides; `round` is the one she joined. Never
    deleted: a receipt once taken stays taken."""

    OPEN, TAKEN, REFUSED = "open", "taken", "refused"

    by_id: int
    entry_id: int
    entry = models.ForeignKey("admission.Entry", on_delete=models.PROTECT, related_name="late_children")
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=40)
    applicant_id = models.CharField(max_length=64)
    identity = models.CharField(max_length=100, blank=True)
    name = SealedName(blank=True)
    filled = models.JSONField(default=dict, blank=True)
    document_no = models.CharField(max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default=OPEN)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    child = models.ForeignKey(
        "admission.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    round = models.PositiveIntegerField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["entry", "number"], name="late_numbered_once"),
            models.UniqueConstraint(fields=["entry", "applicant_id"], name="late_child_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Typed(models.Model):
    """The results of all announced events as one person typed them; a row is never changed. `attempt` counts
    the rounds of typing: when two differ, both are kept and the next attempt begins."""

    by_id: int
    draw_id: int
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="typed")
    attempt = models.PositiveIntegerField(default=1)
    results = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["draw", "attempt", "by"], name="typed_once_an_attempt")
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.attempt}"
