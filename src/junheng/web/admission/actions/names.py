"""Names sealed anew when the key changes."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models.functions import Cast

from junheng.web.accounts import sealing
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.models import Child


@transaction.atomic
def reseal() -> int:
    """Seal with the present key every name sealed with another; returns how many."""
    stored = Child.objects.select_for_update().exclude(name_key="")
    changed = 0
    for child in stored.annotate(stored=Cast("name", models.TextField())):
        if not sealing.is_current(child.stored):
            child.save(update_fields=["name", "name_key"])
            changed += 1
    late = LateChild.objects.select_for_update(of=("self",)).exclude(name="")
    for one in late.annotate(stored=Cast("name", models.TextField())):
        if not sealing.is_current(one.stored):
            one.save(update_fields=["name"])
            changed += 1
    return changed
