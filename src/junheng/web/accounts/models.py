"""People and grants."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from junheng.web.accounts.roles import ANY, ROLES
from junheng.web.units.models import Unit


class UserQuerySet(models.QuerySet["User"]):
    """People by who looks after them."""

    def for_user(self, user: Any, permission: str) -> UserQuerySet:
        """People whose unit lies where `user` holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Accounts are made by `accounts.actions`, never by signing up."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with an account. There is no superuser: every right is a grant."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    """Where the person works; those who answer for accounts there look after this one."""
    phone_sealed = models.TextField(blank=True)
    """Telephone number, sealed by `accounts.sealing`."""
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    must_change_password = models.BooleanField(default=False)
    session_number = models.PositiveIntegerField(default=0)
    """Part of what every session of this person is signed with: counting it up ends them all."""
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name."""
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Password and session number: a change of either ends every session."""
        signed = f"{self.password}:{self.session_number}"
        return salted_hmac("junheng.session", signed, secret=secret, algorithm="sha256").hexdigest()

    @property
    def roles(self) -> list[str]:
        """Names of the roles held today, each once."""
        return sorted({grant.role for grant in self.current_grants()})

    def current_grants(self) -> list[Grant]:
        """Grants in force today; read once for each request's user object."""
        if not self.is_active or self.pk is None:
            return []
        held = self.__dict__.get("_current_grants")
        if held is None:
            held = list(Grant.objects.in_force(timezone.localdate()).filter(user=self).select_related("unit"))
            setattr(self, "_current_grants", held)  # noqa: B010 - kept for this request only
        return held

    def hold_only(self, grants: list[Grant]) -> None:
        """Hold these grants and no others while this object lasts: a token opens one of its owner's."""
        setattr(self, "_current_grants", list(grants))  # noqa: B010 - kept for this request only

    def roots(self, permission: str) -> list[str]:
        """Paths of the units on whose subtrees this person holds `permission` (or ANY of them) today."""
        grants = self.current_grants()
        return sorted(
            {g.unit.path for g in grants if permission == ANY or permission in ROLES[g.role].permissions}
        )

    def may(self, permission: str, unit: Unit | None = None) -> bool:
        """Whether the permission is held on `unit` (anywhere, without one)."""
        roots = self.roots(permission)
        return bool(roots) if unit is None else any(unit.path.startswith(root) for root in roots)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role held asks for a second factor."""
        return any(ROLES[grant.role].needs_factor for grant in self.current_grants())


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants by time."""

    def for_user(self, user: User, permission: str) -> GrantQuerySet:
        """Grants on the units where `user` holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))

    def in_force(self, day: date) -> GrantQuerySet:
        """Confirmed grants that hold on `day`."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            valid_from__lte=day,
            state=Grant.CONFIRMED,
            role__in=list(ROLES),
        )


class Grant(models.Model):
    """A role for a person on a unit and all below it, for a time. Never deleted: it ends."""

    PROPOSED, CONFIRMED, ENDED, REFUSED = "proposed", "confirmed", "ended", "refused"

    user_id: int
    unit_id: int
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, default=CONFIRMED)
    granted_by_id: int | None
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was ended or refused before its time."""
    reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = GrantQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user", "state"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"


class PasswordUse(models.Model):
    """The hash of a password someone has had, so that it is not taken again soon."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.at)
