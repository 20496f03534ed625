"""Each import is a version: all of it or nothing, and any version can be had back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.unit.data.frames import MONDAY, TUESDAY, enrolment, events

from junheng.data import atomic
from junheng.data.versions import Change, VersionStore
from junheng.model.errors import BadData, WorkspaceError

FIRST = {("a", 2024, "G01"): 30, ("a", 2025, "G01"): 28, ("b", 2025, "G01"): 9}
SECOND = {("a", 2025, "G01"): 29, ("c", 2025, "G01"): 41}


def test_merge_keeps_the_rows_that_do_not_come_again(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    version = store.commit(
        {"enrolment": enrolment(SECOND)}, at=TUESDAY, note="更正", sources=[("二.xlsx", "0" * 64)]
    )
    assert_frame_equal(store.tables()["enrolment"], enrolment(FIRST | SECOND))
    assert (version.id, version.at, version.note) == ("v0002", "2026-09-08T08:30:00+00:00", "更正")
    assert store.versions()[-1] == version


def test_replace_puts_a_table_in_the_place_of_the_old_one_and_leaves_the_others(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST), "school_events": events("b")}, at=MONDAY)
    store.commit({"enrolment": enrolment(SECOND)}, at=TUESDAY, mode="replace")
    assert_frame_equal(store.tables()["enrolment"], enrolment(SECOND))
    assert_frame_equal(store.tables()["school_events"], events("b"))
    store.commit({"enrolment": enrolment(SECOND).clear()}, at=TUESDAY, mode="replace")
    assert "enrolment" not in store.tables()


def test_a_key_with_an_empty_part_is_the_same_key(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"school_events": events(None, "b")}, at=MONDAY)
    store.commit({"school_events": events(None)}, at=TUESDAY)
    assert store.tables()["school_events"].height == 2
    assert store.difference("v0001", "v0002") == {}


def test_restore_makes_a_new_version_equal_to_the_old(tmp_path):
    store = VersionStore(tmp_path)
    first = store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    store.commit({"enrolment": enrolment(SECOND)}, at=TUESDAY)
    restored = store.restore("v0001", at=TUESDAY, note="退回")
    assert (restored.id, restored.restores) == ("v0003", "v0001")
    assert restored.tables == first.tables
    assert_frame_equal(store.tables()["enrolment"], enrolment(FIRST))
    assert [version.id for version in store.versions()] == ["v0001", "v0002", "v0003"]


def test_difference_counts_rows_by_table(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    store.commit({"enrolment": enrolment(SECOND), "school_events": events("b")}, at=TUESDAY, mode="replace")
    assert store.difference("v0001") == {
        "enrolment": Change(added=1, changed=1, removed=2),
        "school_events": Change(added=1, changed=0, removed=0),
    }
    assert store.difference(None, "v0001") == {"enrolment": Change(3, 0, 0)}


def test_a_version_is_found_by_what_it_holds(tmp_path):
    store = VersionStore(tmp_path)
    version = store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    store.commit({"enrolment": enrolment(SECOND)}, at=TUESDAY)
    found = store.holding({name: table.digest for name, table in version.tables.items()})
    assert found == version and store.holding({}) is None


def test_a_commit_names_all_faults_and_changes_nothing(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    before = sorted(path.name for path in tmp_path.iterdir())
    twice = pl.concat([events("b"), events("b")])
    bad = {
        "enrolment": enrolment(SECOND).with_columns(colour=1),
        "school_events": twice,
        "colours": pl.DataFrame(),
    }
    with pytest.raises(BadData) as caught:
        store.commit(bad, at=TUESDAY)
    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == ["table_repeats_key", "table_unfit", "table_unknown"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert len(store.versions()) == 1


def test_equal_content_is_stored_once(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    store.commit({"enrolment": enrolment(FIRST).reverse()}, at=TUESDAY)
    assert len(list(tmp_path.glob("*.parquet"))) == 1 and len(store.versions()) == 2


def test_a_second_writer_is_told_plainly(tmp_path):
    store = VersionStore(tmp_path)
    with atomic.lock(tmp_path / ".lock"), pytest.raises(WorkspaceError) as caught:
        store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    assert caught.value.code == "workspace_locked"
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)


def test_damage_is_found_on_reading(tmp_path):
    store = VersionStore(tmp_path)
    version = store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    path = tmp_path / version.tables["enrolment"].file
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(WorkspaceError, match="table_damaged"):
        store.tables()
    path.unlink()
    with pytest.raises(WorkspaceError, match="table_damaged"):
        store.tables()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1, "versions": [{"id": 1}]}', "\x00"])
def test_a_damaged_manifest_is_told_plainly(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(WorkspaceError, match="manifest_damaged"):
        VersionStore(tmp_path).versions()


def test_a_manifest_never_leads_outside_its_folder(tmp_path):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
    content = json.loads((tmp_path / "manifest.json").read_text())
    content["versions"][0]["tables"]["enrolment"]["file"] = "../secret.parquet"
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(WorkspaceError, match="manifest_damaged"):
        store.tables()


def test_a_newer_format_is_not_guessed_at(tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 2, "versions": []}')
    with pytest.raises(WorkspaceError, match="manifest_newer"):
        VersionStore(tmp_path).versions()


KILLED = """
import os, sys
from pathlib import Path
from junheng.data import atomic
from junheng.data.versions import VersionStore
from tests.unit.data.frames import TUESDAY, enrolment, events

left = int(sys.argv[2])
def counted(original):
    def call(*arguments, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), 9)
        left -= 1
        return original(*arguments, **named)
    return call

# every step that touches the disk is one at which the process may die
for module, name in ((os, "fsync"), (os, "fdopen"), (Path, "replace"), (Path, "unlink"), (Path, "chmod")):
    setattr(module, name, counted(getattr(module, name)))
VersionStore(Path(sys.argv[1])).commit(
    {"enrolment": enrolment({("a", 2025, "G01"): 99}), "school_events": events("z")}, at=TUESDAY
)
"""


def test_a_commit_killed_at_any_step_leaves_the_old_state_or_the_new(tmp_path):
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}", "POLARS_MAX_THREADS": "1"}
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    seen = set()
    for step in range(0, 40, 2):
        store = VersionStore(tmp_path / f"data{step}")
        store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
        command = [sys.executable, str(script), str(store.folder), str(step)]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True)
        pupils = dict(store.tables()["enrolment"].select("year", "pupils").iter_rows())
        new = len(store.versions()) == 2
        assert ("school_events" in store.tables()) is new
        assert (pupils[2024], store.tables()["enrolment"].height) == (30, 3)
        store.commit(
            {"school_events": events("y")}, at=TUESDAY
        )  # the next writer finds no lock and no rubbish
        assert not list(store.folder.glob(f"{atomic.PARTIAL}*"))
        seen.add((ended.returncode, new))
        if ended.returncode == 0:
            break
    assert (-9, False) in seen and (0, True) in seen


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.booleans(), st.dictionaries(st.sampled_from("abc"), st.integers(0, 9))), max_size=5)
)
def test_versions_follow_a_plain_dictionary(tmp_path_factory, steps):
    store = VersionStore(tmp_path_factory.mktemp("data"))
    expected: dict[str, int] = {}
    history = []
    for merging, rows in steps:
        expected = expected | rows if merging else dict(rows)
        frame = enrolment({(school, 2025, "G01"): pupils for school, pupils in rows.items()})
        store.commit({"enrolment": frame}, at=MONDAY, mode="merge" if merging else "replace")
        history.append(expected)
    for version, rows in zip(store.versions(), history, strict=True):
        frame = store.tables(version.id).get("enrolment")
        found = dict(frame.select("school_id", "pupils").iter_rows()) if frame is not None else {}
        assert found == rows


def test_a_full_disk_is_told_plainly_and_leaves_the_old_state(tmp_path, monkeypatch):
    store = VersionStore(tmp_path)
    store.commit({"enrolment": enrolment(FIRST)}, at=MONDAY)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(WorkspaceError, match="workspace_unwritable"):
            store.commit({"enrolment": enrolment(SECOND)}, at=TUESDAY)
    assert_frame_equal(store.tables()["enrolment"], enrolment(FIRST))


def test_a_folder_that_cannot_be_made_is_told_plainly(tmp_path):
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(WorkspaceError, match="workspace_unwritable"):
        VersionStore(tmp_path / "data").commit({"enrolment": enrolment(FIRST)}, at=MONDAY)
