"""Units: codes in a tree, each with the time it exists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from junheng.web.units import tree

LEVELS = ("province", "city", "county", "area", "school")


class UnitQuerySet(models.QuerySet["Unit"]):
    """The one filter by which anyone sees units."""

    def for_user(self, user: Any, permission: str) -> UnitQuerySet:
        """Units on which `user` holds `permission` today: the subtrees of her grants that carry it."""
        return self.within(user.roots(permission))

    def within(self, paths: Iterable[str]) -> UnitQuerySet:
        """Units in any of the subtrees."""
        wanted = Q(pk__in=[])
        for path in paths:
            wanted |= Q(path__gte=path, path__lt=tree.after(path))
        return self.filter(wanted)

    def existing(self, day: date) -> UnitQuerySet:
        """Units that exist on `day`."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class Unit(models.Model):
    """A province, city, county, town (片区) or school."""

    code = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=tree.STEP * 8, unique=True)
    level = models.CharField(max_length=10, choices=[(level, level) for level in LEVELS])
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=100, blank=True)
    """First letters of the name's pinyin, by which the picker finds it."""
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    """When the row was last written: the tree held in memory is read again when the newest of them moves."""

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def depth(self) -> int:
        """1 for a root."""
        return len(self.path) // tree.STEP

    def holds(self, other: Unit) -> bool:
        """Whether `other` lies in this unit's subtree."""
        return tree.holds(self.path, other.path)
