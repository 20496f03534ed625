"""What running a desk changes by itself: a demonstration's passwords, rows moved between databases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models.sql import InsertQuery

from junheng.model.errors import Refused
from junheng.web.accounts.models import User
from junheng.web.accounts.temporary import temporary_password
from junheng.web.audit.chain import record as audit

_AT_ONCE = 1000


@transaction.atomic
def renew_passwords(*, usernames: Sequence[str]) -> dict[str, str]:
    """New passwords for the accounts of a demonstration, by account name; only there (Refused elsewhere)."""
    if not settings.DEMO:
        raise Refused("serve.demo_only", {})
    passwords: dict[str, str] = {}
    for person in User.objects.select_for_update().filter(username__in=usernames):
        passwords[person.username] = temporary_password()
        person.set_password(passwords[person.username])
        person.session_number += 1
        person.save()
        audit("person.password_set", by="installation", unit=person.unit, object=person.username)
    return passwords


@transaction.atomic
def copy_rows(*, source: str) -> None:
    """Every row of the database `source` into the empty default one, with its key, as it stands: all or
    nothing. Keys refer to each other when the last row is there; sequences go on behind them."""
    Permission.objects.all().delete()  # made by migrating, with keys of their own
    ContentType.objects.all().delete()
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    for model in models:
        rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=_AT_ONCE)
        while some := list(islice(rows, _AT_ONCE)):
            inserting = InsertQuery(model)
            inserting.insert_values(model._meta.concrete_fields, some, raw=True)  # raw: no moment is set anew
            inserting.get_compiler(using="default").execute_sql()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
