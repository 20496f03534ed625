"""The trail: appended, chained, not to be changed, and named where it was changed all the same."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.both_databases
TABLE = "audit_auditevent"


@pytest.fixture
def trail(desk: Any) -> Any:
    from junheng.web.audit.chain import record

    for number in range(20):
        record(
            "test.done",
            by="test",
            object=f"thing {number}",
            diff={"number": number, "share": 0.1, "of": [1, "二"]},
        )
    return desk


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def open_the_table() -> None:
    """What somebody with the database's password can do."""
    if connection.vendor == "sqlite":
        run("DROP TRIGGER audit_no_update")
        run("DROP TRIGGER audit_no_delete")
    else:
        run(f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL")


def checked(**known: Any) -> tuple[int | None, str]:
    from junheng.web.audit.checking import verify

    verdict = verify(**known)
    return verdict.broken_at, verdict.cause


def last() -> int:
    from junheng.web.audit.models import AuditEvent

    return AuditEvent.objects.order_by("-seq").values_list("seq", flat=True)[0]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET actor = 'x' WHERE seq = 3",
        f"DELETE FROM {TABLE} WHERE seq = 3",
        f"DELETE FROM {TABLE}",
    ],
)
def test_the_database_refuses_to_change_an_event(trail: Any, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)
    assert checked() == (None, "")


def test_truncating_is_refused_where_it_exists(trail: Any) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"TRUNCATE {TABLE}")


def test_what_was_written_is_read_back_the_same(trail: Any) -> None:
    assert checked() == (None, "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody"),
        ("reason", "because"),
        ("object", ""),
        ("diff", '{"number": 7}'),
        ("verb", "test.other"),
        ("ip", "192.0.2.1"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("hash", "0" * 64),
    ],
)
def test_an_altered_event_is_named(trail: Any, column: str, value: str) -> None:
    open_the_table()
    run(f"UPDATE {TABLE} SET {column} = %s WHERE seq = 9", value)
    assert checked() == (9, "altered")


def test_a_removed_event_is_named(trail: Any) -> None:
    open_the_table()
    run(f"DELETE FROM {TABLE} WHERE seq = 9")
    assert checked() == (9, "missing")


def test_events_in_another_order_are_named(trail: Any) -> None:
    open_the_table()
    run(f"UPDATE {TABLE} SET seq = -9 WHERE seq = 9")
    run(f"UPDATE {TABLE} SET seq = 9 WHERE seq = 10")
    run(f"UPDATE {TABLE} SET seq = 10 WHERE seq = -9")
    assert checked() == (9, "unchained")


def test_a_cut_tail_is_named(trail: Any) -> None:
    open_the_table()
    end = last()
    run(f"DELETE FROM {TABLE} WHERE seq > %s", end - 2)
    assert checked() == (end - 1, "cut")


def test_a_head_that_says_something_else_is_named(trail: Any) -> None:
    end = last()
    run("UPDATE audit_audithead SET seq = %s", end - 2)
    assert checked() == (end - 2, "head")
    run("DELETE FROM audit_audithead")
    assert checked() == (1, "head")


def test_a_tail_cut_together_with_its_head_is_named_by_the_last_check(trail: Any) -> None:
    from junheng.web.audit.actions import check

    end = last()
    assert check().holds
    cut_with_head(end - 3)
    assert checked() == (end - 2, "cut")


def test_a_chain_written_anew_is_named_by_a_digest_kept_elsewhere(trail: Any) -> None:
    from junheng.web.audit.chain import digest
    from junheng.web.audit.models import AuditEvent, AuditHead

    end = last()
    kept = (end - 1, AuditEvent.objects.get(seq=end - 1).hash)
    open_the_table()
    before = AuditEvent.objects.get(seq=8).hash
    for event in AuditEvent.objects.filter(seq__gt=8).order_by("seq"):
        event.actor, event.prev_hash = "forger", before
        before = event.hash = digest(event)
        event.save()
    AuditHead.objects.update(hash=before)
    assert checked() == (None, ""), "from within, a chain written anew looks sound"
    assert checked(known=kept) == (end - 1, "rewritten")


def cut_with_head(seq: int) -> None:
    from junheng.web.audit.models import AuditEvent

    open_the_table()
    run(f"DELETE FROM {TABLE} WHERE seq > %s", seq)
    run("UPDATE audit_audithead SET seq = %s, hash = %s", seq, AuditEvent.objects.get(seq=seq).hash)


def test_an_event_and_its_act_stand_or_fall_together(trail: Any) -> None:
    from junheng.web.audit.chain import record

    end = last()
    with pytest.raises(RuntimeError), transaction.atomic():
        record("test.undone", by="test")
        raise RuntimeError
    assert last() == end
    assert checked() == (None, "")


def test_writers_at_the_same_time_make_one_chain(trail: Any) -> None:
    from junheng.web.audit.chain import record

    def write(name: str) -> None:
        for number in range(10):
            record("test.busy", by=name, object=str(number))
        connection.close()

    end = last()
    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert last() == end + 40
    assert checked() == (None, "")


def test_a_check_is_kept_with_what_it_found(trail: Any) -> None:
    from junheng.web.audit.actions import check
    from junheng.web.audit.checking import last_check

    sound = check()
    held = last_check()
    assert held is not None
    assert (held.events, held.head, held.broken_at) == (last(), sound.head, None)
    open_the_table()
    run(f"UPDATE {TABLE} SET actor = 'x' WHERE seq = 5")
    check()
    broken = last_check()
    assert broken is not None
    assert (broken.broken_at, broken.cause) == (5, "altered")
    assert broken.at >= held.at - timedelta(seconds=1)
