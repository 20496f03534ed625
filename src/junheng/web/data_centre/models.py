"""Uploads, saved mappings, collections with their submissions, corrections."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from junheng.web.accounts import roles
from junheng.web.accounts.models import User
from junheng.web.jobs.models import Job
from junheng.web.units.models import Unit


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by who may see them."""

    def for_user(self, user: Any, permission: str = roles.FILL) -> UploadQuerySet:
        """A person's own uploads, and those of the units where she fills, collects or imports."""
        held = [user.roots(one) for one in {permission, roles.FILL, roles.COLLECT, roles.IMPORT}]
        units = Unit.objects.within({path for roots in held for path in roots})
        return self.filter(Q(by=user) | Q(unit__in=units))


class Upload(models.Model):
    """Files on their way into the tables. What they hold is known only from the report of the command that
    read them; the web never opens one.

    `files`: [{name, sha256, size}] in order, kept under the desk's folder and never changed. `summary` is the
    preview's summary.
    """

    RECEIVED, CHECKING, FAULTY, READY, COMMITTING, COMMITTED, FAILED = (
        "received",
        "checking",
        "faulty",
        "ready",
        "committing",
        "committed",
        "failed",
    )
    MERGE, REPLACE = "merge", "replace"

    corrections: Any
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="uploads")
    year = models.IntegerField()
    folder = models.CharField(max_length=32, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="uploads")
    at = models.DateTimeField(default=timezone.now)
    files = models.JSONField(default=list)
    mapping = models.TextField(blank=True)
    mapping_name = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=10, default=MERGE)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, default=RECEIVED)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    summary = models.JSONField(default=dict, blank=True)
    draft = models.TextField(blank=True)
    """Mapping drafted from the files' headings."""
    base_version = models.CharField(max_length=20, blank=True)
    version_id = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=200, blank=True)
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The upload whose faults this one mends."""
    committed_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = UploadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def now(self) -> str:
        """The state, a job that ended without a result counted as failed."""
        waiting = self.state in (self.CHECKING, self.COMMITTING)
        gone = waiting and (self.job is None or (self.job.ended and self.job.state != Job.DONE))
        return self.FAILED if gone else self.state


class SavedMappingQuerySet(models.QuerySet["SavedMapping"]):
    """Mappings by who may use them."""

    def for_user(self, user: Any, permission: str = roles.IMPORT) -> SavedMappingQuerySet:
        """All of the region, for whoever may bring tables in anywhere."""
        return self.all() if user.may(permission) or user.may(roles.FILL) else self.none()


class SavedMapping(models.Model):
    """A mapping file under a name, for tables of the same shape. `headings` is what it was made for."""

    name = models.CharField(max_length=60, unique=True)
    text = models.TextField()
    headings = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SavedMappingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Collections by who takes part."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> CollectionQuerySet:
        """Those in which a unit the person sees has something to hand in."""
        seen = Unit.objects.for_user(user, permission)
        return self.filter(Q(unit__in=seen) | Q(submissions__unit__in=seen)).distinct()


class Collection(models.Model):
    """What a county asks of its schools for a school year: which tables, from when, until when."""

    submissions: Any
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="collections")
    year = models.IntegerField()
    name = models.CharField(max_length=60)
    tables = models.JSONField(default=list)
    opens = models.DateField()
    due = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = CollectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-due", "-id"]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by who may see them."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> SubmissionQuerySet:
        """Those of the units where the person holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))


class Submission(models.Model):
    """One unit's part of a collection, on its way up. `handed_in` is what stood there when it was handed in:
    {table: {rows, pupils}}. Rows carry `row_version`: a form made from an older one is answered with both."""

    FILLING, SUBMITTED, RETURNED, ACCEPTED, LOCKED = (
        "filling",
        "submitted",
        "returned",
        "accepted",
        "locked",
    )
    STATES = (FILLING, RETURNED, SUBMITTED, ACCEPTED, LOCKED)
    CLOSED = (SUBMITTED, ACCEPTED, LOCKED)
    """States in which nothing may be changed from below."""

    collection_id: int
    unit_id: int
    submitted_by_id: int | None
    asked_by_id: int | None
    events: Any
    corrections: Any
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, default=FILLING)
    handed_in = models.JSONField(default=dict, blank=True)
    data_version = models.CharField(max_length=20, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    opinions = models.JSONField(default=list, blank=True)
    """Of the last return: [{table, row, text}], `row` empty for the whole table."""
    asked = models.CharField(max_length=10, blank=True)
    """What the first of two people has proposed: lock or unlock."""
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_reason = models.CharField(max_length=300, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    reminded_on = models.DateField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SubmissionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["unit__path"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["collection", "unit"], name="one_submission_a_unit")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["collection", "state"])]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.unit_id} {self.state}"

    @property
    def upward(self) -> bool:
        """Whether this is the collecting unit's own part, for the level above."""
        return self.unit_id == self.collection.unit_id


class SubmissionEvent(models.Model):
    """One step of a submission, for its history."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections by who may see them."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> CorrectionQuerySet:
        """Those of the units where the person holds `permission`."""
        return self.filter(submission__unit__in=Unit.objects.for_user(user, permission))


class Correction(models.Model):
    """更正申请: one figure of what has been handed in, as it stands and as it should be."""

    ASKED, APPROVED, REFUSED, DONE = "asked", "approved", "refused", "done"

    asked_by_id: int
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="corrections")
    table = models.CharField(max_length=40)
    key = models.JSONField(default=dict)
    column = models.CharField(max_length=40)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=300, blank=True)
    upload = models.ForeignKey(
        Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections"
    )
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = CorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.state}"
