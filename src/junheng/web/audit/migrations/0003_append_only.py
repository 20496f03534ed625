"""The database itself refuses to change or remove an event."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_TABLE = "audit_auditevent"
_SQLITE = [
    f"""CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {_TABLE}
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    f"""CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {_TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    f"""CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {_TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
]
_UNDO = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": [
        f"DROP TRIGGER audit_no_change ON {_TABLE}",
        f"DROP TRIGGER audit_no_truncate ON {_TABLE}",
        "DROP FUNCTION audit_append_only",
    ],
}


def forbid(apps: Any, editor: Any) -> None:
    """Triggers of this database's kind."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def allow(apps: Any, editor: Any) -> None:
    """Take them away again."""
    for statement in _UNDO[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_checks")]
    operations = [migrations.RunPython(forbid, allow)]
