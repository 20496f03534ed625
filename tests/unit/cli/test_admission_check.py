"""`junheng admission check` and its kin on a small hand-made workspace: bad input of every kind is a sentence
that says what, where and how to mend it, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from junheng.cli import root, speech
from junheng.data import Workspace
from junheng.model import INPUTS, Region

PLAN = """plan: 小学入学 · 示例
stage: primary
year: 2027
age: {born_from: 2020-09-01, born_to: 2021-08-31}
identities:
- {id: local, name: 本区户籍, when: {hukou: local}, to: zone_lists}
- {id: others, name: 其他, when: {}, to: zone_lists}
zone_lists:
  mechanism: deferred_acceptance
  choices: 2
  order: [class, ticket]
draw:
  freeze: 2027-06-15
  seed: [{source: 福彩3D, event: 封存之后第一期, day: 2027-06-20}]
  fallback: 顺延
after: {second_round: waiting_list, publish: own}
"""
Rows = dict[str, list[dict[str, Any]]]
Change = Callable[[Rows], None]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Each test leaves the language as it found it."""
    yield
    speech.choose(speech.LanguageChoice.zh)


def rows() -> Rows:
    """Three children and two schools of two seats in all; the plan is sound."""
    children = [
        {"applicant_id": one, "identity_code": f"I{one}", "birth_date": date(2021, 1, 1), "checked_by": "x"}
        for one in ("A1", "A2", "A3")
    ]
    facts = [
        {"applicant_id": "A1", "fact": "hukou", "value": "local", "state": "verified", "checked_by": "x"}
    ]
    wishes = [("A1", "s-p", 1), ("A1", "t-p", 2), ("A2", "s-p", 1), ("A3", "t-p", 1)]
    return {
        "schools": [
            {"school_id": one, "name": f"学校{one}", "kind": "211", "area_code": "990101"} for one in "st"
        ],
        "admission_programs": [
            {"program_id": f"{one}-p", "school_id": one, "seats": 1, "ownership": "public"} for one in "st"
        ],
        "applicants": [one | {"own_program_id": "s-p"} for one in children],
        "applicant_facts": facts,
        "applications": [
            {"applicant_id": who, "batch": "public", "program_id": to, "choice_rank": rank}
            for who, to, rank in wishes
        ],
    }


def made(tmp_path: Path, change: Change = lambda held: None, plan: str = PLAN) -> Path:
    held = rows()
    change(held)
    workspace = Workspace.create(tmp_path / "ws", Region("990101", "云州县"))
    frames: dict[str, pl.DataFrame] = {}
    for name, listed in held.items():
        own = "plan_id" in INPUTS[name].names
        frame = pl.DataFrame(
            [({"plan_id": "p"} if own else {}) | one for one in listed], infer_schema_length=None
        )
        frames[name] = INPUTS[name].conform(frame)
    workspace.commit(frames, at=datetime(2027, 5, 1, tzinfo=UTC))
    place = workspace.path / "plans" / "admission" / "p.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(plan, encoding="utf-8")
    return workspace.path


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr("sys.argv", ["junheng", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        root.main()
    return int(left.value.code or 0)


def answer(text: str) -> dict[str, Any]:
    """The one result or failure."""
    ended = [one for one in map(json.loads, text.splitlines()) if one["event"] in ("result", "failure")]
    assert len(ended) == 1
    return ended[0]


def changed(table: str, at: int, **values: Any) -> Change:
    def change(held: Rows) -> None:
        held[table][at] |= values

    return change


def added(table: str, row: dict[str, Any]) -> Change:
    def change(held: Rows) -> None:
        held.setdefault(table, []).append(row)

    return change


def wish(who: str, to: str, rank: int) -> dict[str, Any]:
    return {"applicant_id": who, "batch": "public", "program_id": to, "choice_rank": rank}


def hukou(state: str) -> dict[str, Any]:
    return {"applicant_id": "A2", "fact": "hukou", "value": "local", "state": state}


def test_a_sound_plan_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path)
    assert run(monkeypatch, "admission", "check", ws, "--plan", "p", "--out", tmp_path / "out.xlsx") == 0
    said = capsys.readouterr().out
    assert "3 名儿童" in said and "2 个学位" in said and "学校s" in said
    book = fastexcel.read_excel(tmp_path / "out.xlsx")
    assert book.sheet_names == ["身份类别", "需求与计划", "志愿长度"]
    demand = book.load_sheet("需求与计划").to_polars()
    assert demand["第一志愿"].to_list() == [2, 1]
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", "check", ws, "--plan", "p") == 0
    told = answer(capsys.readouterr().out)
    assert told["identities"] == [
        {"identity": "本区户籍", "children": 1, "to": "zone_lists"},
        {"identity": "其他", "children": 2, "to": "zone_lists"},
    ]
    assert told["lists"] == [
        {"batch": "public", "choices": 1, "children": 2},
        {"batch": "public", "choices": 2, "children": 1},
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (added("applications", wish("A2", "t-p", 1)), "admission.rank_twice"),
        (changed("applications", 2, choice_rank=2), "admission.rank_gap"),
        (added("applications", wish("A3", "s-p", 3)), "admission.list_long"),
        (changed("applications", 3, batch="autumn"), "admission.batch_unknown"),
        (changed("applications", 3, program_id="z-p"), "admission.unknown_id"),
        (changed("applications", 3, applicant_id="A9"), "admission.unknown_id"),
        (changed("admission_programs", 0, seats=-1), "admission.too_small"),
        (added("applicant_facts", hukou("pending")), "admission.fact_pending"),
        (changed("applicants", 1, checked_by=None), "admission.fact_pending"),
        (
            added("exam_scores", {"applicant_id": "A1", "subject": "总分", "points": 99.0}),
            "admission.scores_in_compulsory",
        ),
    ],
)  # fmt: skip
def test_bad_tables_are_told_at_once_and_nothing_is_frozen(
    change: Change,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ws = made(tmp_path, change)
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", "check", ws, "--plan", "p") == 3
    failure = answer(capsys.readouterr().out)
    assert code in [one["code"] for one in failure["findings"]]
    assert all(one["table"] in INPUTS and one["row"] is None for one in failure["findings"])
    assert run(monkeypatch, "admission", "freeze", ws, "--plan", "p", *draw(tmp_path)) == 3
    assert not (ws / "admission" / "p" / "seal.json").exists()


def draw(place: Path) -> Sequence[object]:
    (place / "secret.txt").write_text("5a" * 32, encoding="ascii")
    (place / "sources.csv").write_text(
        "source,event,at,count,fallback_event,fallback_at\n福彩3D,1,2027-06-20T21:15,3,2,2027-06-21T21:15\n",
        encoding="utf-8",
    )
    times = ("--frozen-at", "2027-06-15T18:00", "--announced-at", "2027-06-16T09:00")
    return ("--sources", place / "sources.csv", "--secret", place / "secret.txt", *times)


def test_the_key_of_a_row_is_named_where_rows_have_no_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path, changed("applications", 3, program_id="z-p"))
    assert run(monkeypatch, "--language", "en", "admission", "check", ws, "--plan", "p") == 3
    said = capsys.readouterr().err
    assert "A3 · public · z-p" in said and "applications" in said


def test_faults_of_every_kind_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(held: Rows) -> None:
        held["applications"][3]["program_id"] = "z-p"
        held["applicant_facts"].append(hukou("pending"))

    ws = made(tmp_path, change, PLAN.replace("[class, ticket]", "[score, class, ticket]"))
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", "check", ws, "--plan", "p") == 3
    codes = {one["code"] for one in answer(capsys.readouterr().out)["findings"]}
    assert codes >= {"admission_plan.score_in_compulsory", "admission.unknown_id", "admission.fact_pending"}


def test_two_registrations_of_one_child_are_refused_at_the_freeze(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path, changed("applicants", 1, identity_code="IA1"))
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", "freeze", ws, "--plan", "p", *draw(tmp_path)) == 3
    failure = answer(capsys.readouterr().out)
    assert failure["code"] == "admission.bad_identities"
    assert not (ws / "admission" / "p" / "seal.json").exists()


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("check", "--plan", "nothing"), "admission_folder.plan_unknown", 4),
        (("check", "--plan", "../p"), "admission_folder.plan_name", 4),
        (("assign", "--plan", "p"), "admission_folder.not_pinned", 4),
        (("explain", "--plan", "p", "A1"), "admission_cli.no_result", 4),
        (("explain", "--plan", "p", "A9", "--trial", "1"), "admission.applicant_unknown", 4),
        (("explain", "--plan", "p", "A1", "--what-if", "hukou"), "admission_cli.what_if_form", 4),
        (("explain", "--plan", "p", "A1", "--what-if", "ticket=0"), "admission_cli.what_if_form", 4),
        (("compare", "--plan", "p"), "admission_cli.compare_one", 4),
        (("compare", "--plan", "p", "--with", "parallel"), "admission_cli.bands_needed", 4),
        (("compare", "--plan", "p", "--with-plan", "none"), "admission_folder.plan_unknown", 4),
        (("freeze", "--plan", "p"), "admission_cli.freeze_form", 4),
        (("freeze", "--plan", "p", "--name", "x"), "admission_cli.freeze_both", 4),
        (("freeze",), "admission_cli.freeze_form", 4),
        (("publish",), "admission_cli.publish_where", 4),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_way_out(
    words: tuple[str, ...],
    code: str,
    exit_code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ws = made(tmp_path)
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", words[0], ws, *words[1:]) == exit_code
    assert answer(capsys.readouterr().out)["code"] == code


def test_a_trial_is_marked_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path)
    assert run(monkeypatch, "admission", "simulate", ws, "--plan", "p", "--seed", "3") == 0
    said = capsys.readouterr().out
    assert "试算（种子 3）" in said
    assert not (ws / "admission").exists() and not list((ws / "runs").iterdir())
    assert run(monkeypatch, "admission", "simulate", ws, "--plan", "p", "--seed", "3") == 0
    assert capsys.readouterr().out == said
    assert run(monkeypatch, "admission", "explain", ws, "--plan", "p", "A1", "--trial", "3") == 0
    told = capsys.readouterr().out
    assert "试算（种子 3）" in told and "学校s [s-p]" in told


def test_two_ways_are_compared_on_the_same_tickets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path)
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    words = ("admission", "compare", ws, "--plan", "p", "--with", "immediate_acceptance", "--trial", "2")
    assert run(monkeypatch, *words) == 0
    told = answer(capsys.readouterr().out)
    assert told["trial"] and set(told["summary"]["unplaced"]) == {"this", "other"}
    assert run(monkeypatch, "admission", "compare", ws, "--plan", "p", "--with-plan", "p") == 0
    assert answer(capsys.readouterr().out)["summary"]["moved"] == 0


def test_chances_of_one_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = made(tmp_path)
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert (
        run(monkeypatch, "admission", "chances", ws, "--plan", "p", "--applicant", "A1", "--draws", "100")
        == 0
    )
    told = {one["program_id"]: one["share"] for one in answer(capsys.readouterr().out)["chances"]}
    assert told["s-p"] == 1.0  # the one child of the first class
