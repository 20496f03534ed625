"""The family edition of real results: what each child is told, what everybody may see, what a thief gets."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests import admission_tables as made
from tests.unit.admission.draws import DRAWN, RESULTS, SEASON, SECRET, announced_of, changes_of

from junheng import admission, rules
from junheng.admission import PlanResult, plan_draw, verify_admission
from junheng.admission.frozen import freeze, lines_of
from junheng.admission.public_draw import PublicDraw, hold_draw
from junheng.admission.receipts import nonce_of, receipts_of
from junheng.admission.seeds import seed_of
from junheng.model.errors import Refused, VerificationFailed
from junheng.report.admission import envelope_lock as lock
from junheng.report.admission import families_edition
from junheng.report.admission.envelope import personal_code
from junheng.report.admission.families import write_edition
from junheng.report.admission.notice import Letter

PLANS = rules.admission_plans()
PRIMARY, DRAWN_PLAN, SENIOR = (
    PLANS[one] for one in ("primary-multi-zone", "primary-public-private", "senior-quota-first")
)
LETTER = Letter("云州区教育委员会", "小学入学 2027", 2027, objection="七日内提出。")
DAY = date(2027, 6, 25)


@cache
def entry_result() -> PlanResult:
    tables = made.entry(PRIMARY)
    return admission.run_plan(admission.market(tables, PRIMARY), made.tickets(tables["applicants"]))


@cache
def senior_result() -> PlanResult:
    tables = made.senior(SENIOR)
    return admission.run_plan(admission.market(tables, SENIOR), made.tickets(tables["applicants"]))


@cache
def drawn_result() -> tuple[PlanResult, PublicDraw, dict[str, str]]:
    """A plan whose outcome a public draw decided, from lines to result."""
    problem = admission.market(made.entry(DRAWN_PLAN), DRAWN_PLAN)
    said = plan_draw.draw_lines(problem)
    ids = said.people["applicant_id"].to_list()
    receipt_of = dict(zip(ids, receipts_of(SECRET, SEASON, ids), strict=True))
    named = pl.col("applicant_id").replace_strict(receipt_of, return_dtype=pl.String).alias("receipt")
    people, choices = said.people.with_columns(named), said.choices.with_columns(named)
    facts = [one for one in people.columns if one not in ("applicant_id", "receipt", "family")]
    written = lines_of(people, choices, facts)
    frozen = freeze(written, {one: nonce_of(SECRET, SEASON, one) for one in receipt_of.values()})
    announced = announced_of(frozen, dict(said.seats))
    draw = hold_draw(frozen, announced, seed_of(announced, RESULTS, DRAWN))
    return admission.run_plan(problem, plan_draw.tickets_of(draw, receipt_of)), draw, receipt_of


def write(workspace: Path, result: PlanResult, plan: str = SEASON, **other: Any) -> families_edition.Edition:
    said: dict[str, Any] = {"secret": SECRET, "letter": LETTER, "published": DAY, "least": 3}
    return write_edition(workspace, plan, result, **{**said, **other})


def path_of(workspace: Path, child: str, plan: str = SEASON) -> tuple[Path, str, bytes]:
    code = lock.read_code(personal_code(SECRET, plan, child))
    name, key = lock.name_and_key(code, plan)
    home = families_edition.folder(workspace, plan) / families_edition.current(workspace, plan)
    return home / families_edition.SEALED / name[:2] / name, name, key


def told(workspace: Path, child: str, plan: str = SEASON) -> dict[str, Any]:
    path, name, key = path_of(workspace, child, plan)
    return json.loads(lock.opened(name, key, path.read_bytes()))


def public(workspace: Path) -> dict[str, bytes]:
    home = families_edition.folder(workspace, SEASON) / families_edition.current(workspace, SEASON)
    return {path.name: path.read_bytes() for path in (home / families_edition.FILES).iterdir()}


def test_every_child_is_told_its_own_result_and_reasons(tmp_path: Path) -> None:
    result = entry_result()
    edition = write(tmp_path, result)
    rows = list(result.assignment.iter_rows(named=True))
    assert edition.families == len(rows)
    for row in rows:
        held, who = told(tmp_path, row["applicant_id"]), row["applicant_id"]
        zh, en = held["texts"]["zh"], held["texts"]["en"]
        assert held["applicant_id"] == who and (row["program_id"] or "") in zh["headline"] + en["headline"]
        expected = result.explain(who).split("\n")
        assert zh["reasons"][1:] == expected[1:] and len(en["reasons"]) == len(zh["reasons"])
        assert who not in "".join(zh["reasons"]), "parents know their child"
        kind = (
            {"placement": "placement"}.get(row["batch"], "admission") if row["program_id"] else held["kind"]
        )
        assert held["kind"] == kind and zh["notice"]["title"] and held["proof"] is None


def test_programmes_go_by_the_names_of_their_schools(tmp_path: Path) -> None:
    result = entry_result()
    ids = result.problem.tables["programs"]["school_id"]
    schools = pl.DataFrame({"school_id": ids, "name": [f"云州第{n}小学" for n in range(ids.len())]})
    write(tmp_path, result, schools=schools)
    row = result.assignment.filter(pl.col("program_id") == "p1").row(0, named=True)
    held = json.dumps(told(tmp_path, row["applicant_id"])["texts"], ensure_ascii=False)
    assert "云州第" in held and '"p1' not in held and " p1" not in held


def test_a_waiting_child_knows_its_places(tmp_path: Path) -> None:
    result = entry_result()
    write(tmp_path, result)
    waits = result.tables["waiting_list"]
    assert waits.height
    for who, program, place in waits.select("applicant_id", "program_id", "position").head(20).iter_rows():
        assert [program, place] in told(tmp_path, who)["waiting"]


def test_scores_need_no_draw_and_small_lines_are_kept_back(tmp_path: Path) -> None:
    result = senior_result()
    write(tmp_path, result, least=12)
    files = public(tmp_path)
    assert sorted(files) == ["announcement.json", "cutoffs.csv"]
    lines = list(csv.DictReader(io.StringIO(files["cutoffs.csv"].decode())))
    few = [row for row in lines if row["state"] == "withheld"]
    known = result.tables["cutoffs"].filter(pl.col("applicants").is_between(1, 11)).height
    assert len(few) == known > 0 and all(row["filled"] == row["last_key"] == "" for row in few)
    everything = b"".join(files.values())
    assert not any(who.encode() in everything for who in result.assignment["applicant_id"])
    kinds = {told(tmp_path, who)["kind"] for who in result.assignment["applicant_id"]}
    assert "not_admitted" in kinds | {"waiting"} and "admission" in kinds


def test_a_drawn_child_holds_a_proof_the_verifier_accepts(tmp_path: Path) -> None:
    result, draw, receipt_of = drawn_result()
    write(tmp_path, result, draw=draw, receipt_of=receipt_of, changes=changes_of(draw))
    home = families_edition.folder(tmp_path, SEASON) / families_edition.current(tmp_path, SEASON)
    for who in result.assignment["applicant_id"].head(5):
        held = told(tmp_path, who)
        assert held["receipt"] == receipt_of[who] == held["proof"]["receipt"]
        mine = tmp_path / "mine.json"
        mine.write_text(json.dumps(held["proof"], ensure_ascii=False), encoding="utf-8")
        assert verify_admission.verify(str(home / "files"), str(mine))[1] == []
    names = b"".join(public(tmp_path).values())
    assert not any(f'"{who}"'.encode() in names or f",{who},".encode() in names for who in receipt_of)


def test_who_goes_elsewhere_since_is_told_so(tmp_path: Path) -> None:
    result = entry_result()
    a, b, c = result.assignment.filter(pl.col("state") == "placed")["applicant_id"].head(3)
    programs = ["p6" if one != "p6" else "p5" for one in result.assignment["program_id"].head(3)]
    present = pl.DataFrame(
        {
            "applicant_id": [a, b, c],
            "program_id": [programs[0], programs[1], None],
            "ground": ["round", "文〔7〕号", ""],
        }
    )
    write(tmp_path, result, present=present)
    assert "补录" in told(tmp_path, a)["texts"]["zh"]["headline"]
    assert "文〔7〕号" in told(tmp_path, b)["texts"]["zh"]["headline"]
    assert "放弃" in told(tmp_path, c)["texts"]["zh"]["headline"]


def test_what_would_have_been_enough_is_told_to_who_missed_something(tmp_path: Path) -> None:
    result = entry_result()
    write(tmp_path, result)
    asked = result.application_reasons.filter(pl.col("code") == "BELOW_CUTOFF")["applicant_id"].unique()
    assert asked.len() > 5
    first = result.assignment.filter(pl.col("choice_rank") == 1)["applicant_id"][0]
    assert told(tmp_path, first)["texts"]["zh"]["enough"] == []
    for who in asked.sort().head(8):
        held = told(tmp_path, who)["texts"]
        assert held["zh"]["enough"] == result.enough(who) and held["zh"]["note"]
        assert held["en"]["enough"] == result.enough(who, "en") != held["zh"]["enough"]
    write(tmp_path, result, enough=False)
    assert told(tmp_path, asked[0])["texts"]["zh"]["enough"] == []


def test_the_same_result_gives_the_same_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    tables = made.entry(PRIMARY)
    mixed = {name: one.reverse() for name, one in tables.items()}
    numbers = made.tickets(tables["applicants"])
    names = [
        write(tmp_path / str(at), admission.run_plan(admission.market(held, PRIMARY), numbers)).name
        for at, held in enumerate((tables, mixed))
    ]
    assert names[0] == names[1]


def test_a_stolen_folder_says_nothing(tmp_path: Path) -> None:
    """Names are of one form, sizes are equal, and no child, code or outcome can be read."""
    result = entry_result()
    write(tmp_path, result)
    sealed = list(tmp_path.rglob("sealed/*/*"))
    assert len({path.stat().st_size for path in sealed}) == 1
    traces = [who.encode() for who in result.assignment["applicant_id"]]
    traces += [b"admitted", "录取".encode(), personal_code(SECRET, SEASON, "c001").encode()]
    for path in sealed:
        content = path.read_bytes()
        assert len(path.name) == 64 and int(path.name, 16)
        assert not any(trace in content for trace in traces if len(trace) > 4)
    parts = {part for path in tmp_path.rglob("*") for part in path.relative_to(tmp_path).parts}
    assert not parts & set(result.assignment["applicant_id"])


def test_one_flipped_bit_is_noticed_and_harms_nobody_else(tmp_path: Path) -> None:
    write(tmp_path, entry_result())
    path, name, key = path_of(tmp_path, "c001")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))
    with pytest.raises(lock.Shut):
        lock.opened(name, key, path.read_bytes())
    assert told(tmp_path, "c002")["applicant_id"] == "c002"


def test_envelopes_cannot_be_swapped(tmp_path: Path) -> None:
    write(tmp_path, entry_result())
    one, name, key = path_of(tmp_path, "c001")
    other = path_of(tmp_path, "c002")[0]
    one.write_bytes(other.read_bytes())
    with pytest.raises(lock.Shut):
        lock.opened(name, key, one.read_bytes())


def test_a_result_that_fails_its_check_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlanResult, "check", lambda _: ("seats:p1",))
    with pytest.raises(VerificationFailed) as caught:
        write(tmp_path, entry_result())
    assert caught.value.code == "report.family.not_proved" and not (tmp_path / "public").exists()


@pytest.mark.parametrize("plan", ["../x", "", "a/b", "-", "a" * 81])
def test_a_plan_id_that_leaves_its_folder_is_refused(tmp_path: Path, plan: str) -> None:
    with pytest.raises(Refused):
        write(tmp_path, entry_result(), plan)


def test_what_is_over_is_erased_by_the_timer(tmp_path: Path) -> None:
    last = date(2028, 8, 31)
    write(tmp_path, entry_result(), "a", expires=last)
    write(tmp_path, entry_result(), "b", expires=date(2029, 8, 31))
    families_edition.withdraw(tmp_path, "a")
    assert families_edition.erase_over(tmp_path, date(2028, 8, 30)) == 0
    assert families_edition.erase_over(tmp_path, last) == 1
    assert not families_edition.folder(tmp_path, "a").exists() and families_edition.shown(tmp_path, "b")
    assert families_edition.erase_over(tmp_path, last) == 0


def test_the_day_of_deletion_is_the_plans_own(tmp_path: Path) -> None:
    write(tmp_path, entry_result())
    home = families_edition.folder(tmp_path, SEASON) / families_edition.current(tmp_path, SEASON)
    said = json.loads((home / families_edition.ENTRY).read_bytes())
    assert PRIMARY.delete_after is not None
    assert said["expires"] == PRIMARY.delete_after.isoformat()
    assert set(said) == {
        "title", "stage", "year", "bureau", "declared", "objection", "published", "expires", "draw_id",
        "format", "plan_id", "edition", "families", "files",
    }  # fmt: skip
