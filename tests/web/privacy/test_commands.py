"""`junheng audit`, `privacy` and `access` as a bureau's machine runs them: the first of each test in a
process of its own, those that follow through the same entry point."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.web.audit.test_chain import open_the_table, run
from tests.year.commands import Answer, typed


def environment(desk: Any, keys: str) -> dict[str, str]:
    return {
        "JUNHENG_DATABASE": desk.url,
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
        "JUNHENG_EVENTS": keys,
    }


def process(desk: Any, *words: str, keys: str = "") -> Answer:
    """The command in a process of its own."""
    group, verb, *rest = words
    command = [sys.executable, "-m", "junheng", group, verb, str(desk.workspace), *rest]
    given = os.environ | environment(desk, keys)
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=120)
    return Answer(done.returncode, done.stdout, done.stderr)


def junheng(desk: Any, *words: str, keys: str = "") -> Answer:
    """The same entry point within this process, which speaks of the desk already."""
    group, verb, *rest = words
    with mock.patch.dict(os.environ, environment(desk, keys)):
        return typed(group, verb, desk.workspace, *rest)


@pytest.mark.both_databases
def test_verify_says_that_it_holds_and_names_what_does_not(desk: Any) -> None:
    sound = process(desk, "audit", "verify")
    assert sound.code == 0, sound.err
    head = re.search(r"(\d+):([0-9a-f]{64})", sound.out)
    assert head is not None
    assert junheng(desk, "audit", "verify", "--known", head.group(0)).code == 0
    forged = junheng(desk, "audit", "verify", "--known", f"{head.group(1)}:{'0' * 64}")
    assert (forged.code, "重写" in forged.err) == (7, True)
    assert junheng(desk, "audit", "verify", "--known", "nonsense").code == 3
    open_the_table()
    run("UPDATE audit_auditevent SET object = 'x' WHERE seq = 3")
    broken = junheng(desk, "audit", "verify")
    assert (broken.code, "第 3 条" in broken.err) == (7, True)
    told = process(desk, "audit", "verify", keys="1")
    assert json.loads(told.out.splitlines()[-1])["event"] == "failure"


def test_export_writes_lines_and_their_digest(desk: Any, tmp_path: Path) -> None:
    done = process(desk, "audit", "export", str(tmp_path / "out"))
    assert done.code == 0, done.err
    (written,) = (tmp_path / "out").glob("audit-*.jsonl")
    digest = hashlib.sha256(written.read_bytes()).hexdigest()
    assert written.with_suffix(".jsonl.sha256").read_text() == f"{digest}  {written.name}\n"
    numbers = [json.loads(line)["seq"] for line in written.read_text(encoding="utf-8").splitlines()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert junheng(desk, "audit", "export", str(tmp_path), "--since", "soon").code == 3
    none = junheng(desk, "audit", "export", str(tmp_path / "none"), "--until", "2020-01-01", keys="1")
    assert json.loads(none.out.splitlines()[-1])["events"] == 0


def test_documents_are_written_dated_in_both_forms(desk: Any, tmp_path: Path) -> None:
    for words, name in (
        (("privacy", "minors", "2026"), "minors-2026"),
        (("access", "review", "--form", "html"), "access-review"),
    ):
        done = process(desk, *words, "--folder", str(tmp_path))
        assert done.code == 0, done.err
        (written,) = tmp_path.glob(f"*-{name}.*")
        assert re.match(r"\d{4}-\d\d-\d\d-", written.name)
    shown = junheng(desk, "privacy", "subject", "planner")
    assert "关于planner" in shown.out
    assert junheng(desk, "privacy", "subject", "nobody").code == 4


def test_retention_deletes_only_when_told_to(desk: Any) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.create(
        session_key="old" * 8, session_data="", expire_date=timezone.now().replace(year=2020)
    )
    assert junheng(desk, "privacy", "retention").code == 0
    assert Session.objects.filter(session_key__startswith="old").exists()
    assert "1" in process(desk, "privacy", "retention", "--apply").out
    assert not Session.objects.filter(session_key__startswith="old").exists()
