"""Keeping a mapping under a name for tables of the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import FILL, IMPORT
from junheng.web.audit.chain import record as audit
from junheng.web.data_centre.mappings import reading
from junheng.web.data_centre.models import SavedMapping


@transaction.atomic
def keep(*, by: Any, name: str, text: str, headings: Sequence[str] = ()) -> SavedMapping:
    """Keep the mapping under `name`; one's own of that name is replaced, another person's only with `import`.

    Refused without a name; BadData for a mapping with faults.
    """
    if not (by.may(IMPORT) or by.may(FILL)):
        raise PermissionDenied(IMPORT)
    if not name.strip():
        raise Refused("data_centre.mapping_needs_name", {})
    reading.mapping(text)
    held = SavedMapping.objects.select_for_update().filter(name=name.strip()[:60]).first()
    if held is None:
        held = SavedMapping(name=name.strip()[:60])
    elif held.by.pk != by.pk and not by.may(IMPORT):
        raise Refused("data_centre.mapping_of_another", {"name": held.name, "who": held.by.name})
    held.text, held.by, held.at = text, by, timezone.now()
    held.headings = list(headings) or held.headings
    held.row_version += 1
    held.save()
    audit("mapping.saved", by=by, object=held.name, diff={"characters": len(text)})
    return held
