"""Entries and the casework on them: children, objections; overrides and answers of the rounds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from junheng.web.accounts import roles
from junheng.web.accounts.models import User
from junheng.web.admission import states
from junheng.web.admission.names import NameKey, SealedName
from junheng.web.units.models import Unit


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries by who may see them."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> EntryQuerySet:
        """Those of the units where the person holds `permission`, and of the units above hers: a school takes
        part in its county's entry."""
        roots = user.roots(permission)
        above = {root[:length] for root in roots for length in range(4, len(root) + 1, 4)}
        return self.filter(Q(unit__in=Unit.objects.within(roots)) | Q(unit__path__in=above))


class Entry(models.Model):
    """One year's admission to one stage by one plan. `plan_text` is the plan as saved last, `plan_digest` its
    SHA-256; `folder` is the entry's folder in the workspace, once something lies there."""

    opened_by_id: int | None
    moved_by_id: int | None
    children: Any
    objections: Any
    overrides: Any
    answers: Any
    proposals: Any
    draws: Any
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="entries")
    plan_id = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    stage = models.CharField(max_length=20)
    year = models.IntegerField()
    plan_text = models.TextField()
    plan_digest = models.CharField(max_length=64)
    template = models.CharField(max_length=80, blank=True)
    """The shipped plan it began from; empty when it began from another of the region's."""
    state = models.CharField(max_length=12, default=states.DRAFT)
    publicity_from = models.DateField(null=True, blank=True)
    publicity_to = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moved_at = models.DateTimeField(null=True, blank=True)
    """Who took the last step, and when: the next one may want another person."""
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    folder = models.CharField(max_length=120, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "plan_id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.state}"


class ChildQuerySet(models.QuerySet["Child"]):
    """Children by who may see them."""

    def for_user(self, user: Any, permission: str = roles.REGISTER) -> ChildQuerySet:
        """Those registering at the schools where the person holds `permission`; all of an entry for whoever
        holds it where the entry is."""
        units = Unit.objects.for_user(user, permission)
        return self.filter(Q(school__in=units) | Q(entry__unit__in=units))


class Child(models.Model):
    """A child who registers. `row`: columns of `applicants`. `facts`: {fact: {value, state, by, on, paper,
    note}}, state verified, pending or rejected. `choices`: {batch: [program_id, …]} in order.

    `missing` lists the facts whose papers are asked for; `opinion` is why it was sent back last.
    """

    REGISTERED, PAPERS_MISSING, SCHOOL_CHECKED, BUREAU_CHECKED, WITHDRAWN = (
        "registered",
        "papers_missing",
        "school_checked",
        "bureau_checked",
        "withdrawn",
    )
    STATES = (REGISTERED, PAPERS_MISSING, SCHOOL_CHECKED, BUREAU_CHECKED, WITHDRAWN)
    VERIFIED, PENDING, REJECTED = "verified", "pending", "rejected"
    FACT_STATES = (VERIFIED, PENDING, REJECTED)

    entry_id: int
    school_id: int | None
    by_id: int
    objections: Any
    steps: Any
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="children")
    applicant_id = models.CharField(max_length=64)
    name = SealedName(blank=True)
    name_key = NameKey(max_length=64, blank=True, db_index=True)
    """What the name is found by: a keyed digest of it."""
    school = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="registering_children"
    )
    row = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    missing = models.JSONField(default=list, blank=True)
    opinion = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=16, default=REGISTERED)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ChildQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["applicant_id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["entry", "applicant_id"], name="one_child_an_entry")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["entry", "state"], name="admission_child_state"),
            models.Index(fields=["entry", "school", "state"], name="admission_child_school"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.applicant_id} {self.state}"

    @property
    def pending(self) -> list[str]:
        """Facts nobody has decided yet."""
        return [name for name, fact in self.facts.items() if fact.get("state") == self.PENDING]


class ChildStep(models.Model):
    """One step of a child's casework, for its history."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=16)
    text = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections by who may see them."""

    def for_user(self, user: Any, permission: str = roles.ADMIT) -> ObjectionQuerySet:
        """Those of the entries of the units where the person holds `permission`."""
        return self.filter(entry__unit__in=Unit.objects.for_user(user, permission))


class Objection(models.Model):
    """What somebody holds against the publicity list, about one child or in general, and the answer to it.
    Upheld, the fact it names goes back to pending."""

    OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
    STATES = (OPEN, UPHELD, REJECTED)

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="objections")
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    fact = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=1000)
    from_whom = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, default=OPEN)
    answer = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ObjectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class OverrideQuerySet(models.QuerySet["Override"]):
    """Overrides by who may see them."""

    def for_user(self, user: Any, permission: str = roles.ADMIT) -> OverrideQuerySet:
        """Those of the entries of the units where the person holds `permission`."""
        return self.filter(entry__unit__in=Unit.objects.for_user(user, permission))


class Override(models.Model):
    """A child placed by hand, on a ground and under a document; it holds once a second person approved."""

    by_id: int
    approved_by_id: int | None
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="overrides")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    program_id = models.CharField(max_length=64)
    ground = models.CharField(max_length=40)
    document_no = models.CharField(max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OverrideQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.program_id}"


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers by who may see them."""

    def for_user(self, user: Any, permission: str = roles.ADMIT) -> AnswerQuerySet:
        """Those of the entries of the units where the person holds `permission`."""
        return self.filter(entry__unit__in=Unit.objects.for_user(user, permission))


class Answer(models.Model):
    """What a family answered to an offer of a round: accept, wait or decline."""

    ACCEPT, WAIT, DECLINE = "accept", "wait", "decline"
    ANSWERS = (ACCEPT, WAIT, DECLINE)

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="answers")
    round = models.PositiveIntegerField(default=1)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["entry", "round", "child"], name="one_answer_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.answer}"
