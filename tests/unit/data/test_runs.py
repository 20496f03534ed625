"""A stored run says what it was made of, and notices when it is no longer that."""

from __future__ import annotations

import json

import pytest
from polars.testing import assert_frame_equal
from tests.unit.data.frames import REGION, enrolment

from junheng.data import runs
from junheng.data.workspace import Workspace
from junheng.model.errors import VerificationFailed, WorkspaceError

TABLES = {"enrolment": enrolment({("a", 2025, "G01"): 30, ("b", 2025, "G01"): 9})}
FILES = {"report.html": b"<p>30</p>", "tables.xlsx": b"PK"}


@pytest.fixture
def ws(tmp_path):
    return Workspace.create(tmp_path / "ws", REGION)


def made(**changes):
    given = {"verb": "year", "region": REGION, "inputs": {"births": "1" * 64}, "rules": "2" * 64}
    given |= {"options": {"years": 15, "draws": 1000}, "seed": 1, "tables": TABLES} | changes
    return runs.record(**given)


def test_a_run_opens_as_it_was_saved(ws):
    saved = runs.save(ws, made(), TABLES, FILES)
    loaded = runs.load(ws, saved.id)
    assert loaded == saved
    assert loaded.record.options == {"years": 15, "draws": 1000} and loaded.record.synthetic
    assert_frame_equal(loaded.tables()["enrolment"], TABLES["enrolment"])
    assert (loaded.path / "report.html").read_bytes() == FILES["report.html"]
    assert loaded.changed_files() == []


def test_the_same_input_gives_the_same_id_and_the_same_bytes(tmp_path):
    folders = []
    for name in ("one", "two"):
        tables = {"enrolment": TABLES["enrolment"] if name == "one" else TABLES["enrolment"].reverse()}
        run = runs.save(Workspace.create(tmp_path / name, REGION), made(tables=tables), tables, FILES)
        files = sorted(path for path in run.path.rglob("*") if path.is_file())
        folders.append((run.id, {path.relative_to(run.path): path.read_bytes() for path in files}))
    assert folders[0] == folders[1]


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "forecast"},
        {"inputs": {"births": "3" * 64}},
        {"rules": "3" * 64},
        {"options": {"years": 10, "draws": 1000}},
        {"seed": 2},
        {"tables": {"enrolment": enrolment({("a", 2025, "G01"): 31})}},
    ],
)
def test_anything_that_counts_changes_the_id(change):
    assert made(**change).id != made().id


def test_saving_again_replaces_and_listing_shows_the_last_at_the_end(ws):
    first = runs.save(ws, made(), TABLES, FILES)
    second = runs.save(ws, made(seed=2), TABLES)
    runs.save(ws, made(), TABLES, FILES)
    assert {run.id for run in runs.list_runs(ws)} == {first.id, second.id}
    assert [path.name for path in ws.runs.iterdir() if path.name.startswith(".partial")] == []


def test_a_changed_table_a_changed_file_and_a_changed_record_are_noticed(ws):
    run = runs.save(ws, made(), TABLES, FILES)
    (run.path / "report.html").write_bytes(b"<p>31</p>")
    assert run.changed_files() == ["report.html"]
    enrolment({("a", 2025, "G01"): 31}).write_parquet(run.path / "tables" / "enrolment.parquet")
    with pytest.raises(VerificationFailed, match="run_table_changed"):
        run.tables()
    content = json.loads((run.path / "run.json").read_text())
    content["seed"] = 7
    (run.path / "run.json").write_text(json.dumps(content))
    with pytest.raises(VerificationFailed, match="run_record_changed"):
        runs.load(ws, run.id)
    assert runs.list_runs(ws) == ()


def test_tables_that_are_not_the_record_s_are_not_stored(ws):
    with pytest.raises(VerificationFailed):
        runs.save(ws, made(), {"enrolment": enrolment({("a", 2025, "G01"): 31})})
    with pytest.raises(VerificationFailed):
        runs.save(ws, made(), {})
    assert runs.list_runs(ws) == ()


@pytest.mark.parametrize("name", ["../report.html", "/report.html", "run.json"])
def test_a_file_never_lands_outside_its_run(ws, name):
    with pytest.raises(ValueError):
        runs.save(ws, made(), TABLES, {name: b""})


@pytest.mark.parametrize("run", ["year-000000000000", "../../region.toml", ""])
def test_an_unknown_run_is_told_plainly(ws, run):
    with pytest.raises(WorkspaceError, match="run_unknown"):
        runs.load(ws, run)


def test_a_run_killed_while_it_is_written_leaves_nothing(ws, monkeypatch):
    whole = runs.save(ws, made(seed=2), TABLES, FILES)
    written = []

    def dying(path, content):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(runs.atomic, "write_bytes", dying)
    with pytest.raises(KeyboardInterrupt):
        runs.save(ws, made(), TABLES, FILES)
    assert [run.id for run in runs.list_runs(ws)] == [whole.id]
    assert [path.name for path in ws.runs.iterdir() if path.is_dir()] == [whole.id]


def test_a_killed_writer_s_rubbish_is_cleared_and_never_listed(ws):
    (ws.runs / ".partial-killed" / "tables").mkdir(parents=True)
    assert runs.list_runs(ws) == ()
    runs.save(ws, made(), TABLES)
    assert not (ws.runs / ".partial-killed").exists()
