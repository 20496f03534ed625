"""Evidence: who may bring and review it, what is refused, what counts, and that it reaches the judgement."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from tests.web.balance.cases import ASSESSMENT, PDF, YEAR, another, confirm, demand, give, paper, take
from tests.web.desks import Desk

from junheng.model.errors import Refused

pytestmark = pytest.mark.both_databases


def code_of(caught: Any) -> str:
    return str(caught.value.code)


def assessed(desk: Desk, item: str, assessment: str = ASSESSMENT) -> Any:
    """The county's row of an item as the command line judges it: newest data, files looked at."""
    from datetime import date

    from junheng import rules
    from junheng.data import Workspace, evidence_files
    from junheng.monitoring.assessment import assess

    opened = Workspace.open(desk.workspace)
    tables = opened.tables()
    law = rules.load(*opened.rule_folders()).at(date(YEAR, 9, 1), opened.region)
    files = evidence_files.digests(opened, tables["evidence"])
    result = assess(tables, law.assessment(assessment), year=YEAR, law=law, region=opened.region, files=files)
    return result.item(item)


def place_of(made: Any) -> Any:
    from junheng.web.balance.evidence.shelf import EVIDENCE

    return EVIDENCE.place(made.evidence_id, made.file)


def test_brought_reviewed_by_another_taken_in_and_met(desk: Desk) -> None:
    clerk, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    assert assessed(desk, "Q8").status == "not_examined"
    assert assessed(desk, "G1").status == "met", "imported evidence stands on its stored digest"
    made = give(desk, clerk, "Q8")
    take(clerk)
    assert assessed(desk, "Q8").status == "not_examined", "not examined is never met"
    confirm(made, reviewer)
    assert assessed(desk, "Q8").status == "not_examined", "nothing counts before it is taken in"
    version = take(clerk)
    row = assessed(desk, "Q8")
    assert (row.status, row.evidence) == ("met", made.evidence_id)
    assert assessed(desk, "G1").status == "met", "files that never lay here are not missed"
    from junheng.web.audit.models import AuditEvent

    verbs = list(AuditEvent.objects.filter(verb__startswith="balance.").values_list("verb", flat=True))
    assert verbs == [
        "balance.evidence_given", "balance.evidence_taken", "balance.evidence_confirmed",
        "balance.evidence_taken",
    ]  # fmt: skip
    assert AuditEvent.objects.filter(verb="balance.evidence_taken").last().object == version
    place_of(made).write_bytes(b"%PDF-1.7 another")
    row = assessed(desk, "Q8")
    assert (row.status, row.status_reason) == ("not_examined", "file_changed")
    place_of(made).unlink()
    assert assessed(desk, "Q8").status_reason == "file_missing"


def test_what_is_replaced_is_not_examined_any_more(desk: Desk) -> None:
    clerk, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    first = give(desk, clerk, "Q8")
    confirm(first, reviewer)
    take(clerk)
    second = give(desk, clerk, "Q8", content=PDF + b" again")
    first.refresh_from_db()
    assert (first.current, second.current) == (False, True)
    take(clerk)
    row = assessed(desk, "Q8")
    assert (row.status, row.evidence) == ("not_examined", second.evidence_id)
    with pytest.raises(Refused) as caught:
        confirm(first, reviewer)
    assert code_of(caught) == "balance.evidence_dealt_with"
    give(desk, clerk, "G1")
    take(clerk)
    assert assessed(desk, "G1").status == "not_examined", "it takes the place of imported rows, too"


def test_a_file_that_changed_must_be_examined_again_and_cannot_be_confirmed(desk: Desk) -> None:
    from junheng.web.balance.evidence.pieces import read
    from junheng.web.balance.models import Evidence

    clerk, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    made = give(desk, clerk, "Q8")
    confirm(made, reviewer)
    take(clerk)
    place_of(made).write_bytes(b"%PDF-1.7 other text")
    piece = read(Evidence.objects.get(pk=made.pk))
    assert (piece.standing, piece.outcome, piece.awaits) == ("not_examined", "", True)
    with pytest.raises(Refused) as caught:
        confirm(made, reviewer)
    assert code_of(caught) == "balance.file_not_as_it_came"
    take(clerk)
    row = assessed(desk, "Q8")
    assert (row.status, row.status_reason) == ("not_examined", "not_reviewed")
    confirm(made, reviewer, "returned", "文件与提供时不同")
    take(clerk)
    assert assessed(desk, "Q8").status == "not_examined"


def test_two_people_and_permissions(desk: Desk) -> None:
    county, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    made = give(desk, county, "Q8")
    with pytest.raises(Refused) as caught:
        confirm(made, county)
    assert code_of(caught) == "balance.two_people"
    for role in ("planner", "leader", "school_clerk", "principal", "town_clerk"):
        with pytest.raises(PermissionDenied):
            confirm(made, desk.person(role))
    for role in ("planner", "leader", "superior", "school_clerk"):
        with pytest.raises(PermissionDenied):
            give(desk, desk.person(role), "Q8")
    with pytest.raises(PermissionDenied):
        give(desk, desk.person("school_clerk_2"), "Q8", unit="school")
    with pytest.raises(PermissionDenied):
        take(desk.person("superior"))
    confirm(made, desk.person("superior"))
    again = give(desk, county, "Q8")
    confirm(again, reviewer)


def test_what_is_refused(desk: Desk) -> None:
    from junheng.web.balance.evidence import actions
    from junheng.web.balance.evidence.shelf import EVIDENCE

    county, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    about = (desk.unit("region"), ASSESSMENT, demand("Q8"), YEAR)

    def refused(**changes: Any) -> str:
        given = {"about": about, "by": county, "claim": "met", "file": paper(), **changes}
        with pytest.raises(Refused) as caught:
            actions.provide(**given)
        return code_of(caught)

    assert refused(claim="found") == "balance.claim_missing"
    assert refused(claim="") == "balance.claim_missing"
    assert refused(file=None) == "balance.file_needed"
    assert refused(file=paper("a.exe", b"MZ")) == "balance.file_form"
    assert refused(file=paper("a.pdf", b"MZ")) == "balance.file_false"
    assert refused(file=paper("a.pdf", b"")) == "balance.file_empty"
    assert refused(note="字" * 301) == "balance.note_long"
    school = (desk.unit("school"), ASSESSMENT, demand("V1"), YEAR)
    assert refused(about=school, claim="not_found") == "balance.evidence_not_asked"
    assert not EVIDENCE.place("", "").exists(), "what is refused leaves no file"
    made = give(desk, county, "Q8")
    for verdict, opinion, code in (
        ("", "x", "balance.verdict_missing"),
        ("met", "x", "balance.verdict_missing"),
        ("returned", " ", "balance.opinion_needed"),
        ("rejected", "", "balance.opinion_needed"),
    ):
        with pytest.raises(Refused) as caught:
            confirm(made, reviewer, verdict, opinion)
        assert code_of(caught) == code
    with pytest.raises(Refused) as caught:
        actions.review(made=made, by=reviewer, verdict="confirmed", opinion="", row_version=9)
    assert code_of(caught) == "balance.evidence_dealt_with"
    confirm(made, reviewer)
    with pytest.raises(Refused) as caught:
        confirm(made, reviewer)
    assert code_of(caught) == "balance.evidence_dealt_with"
    unmet = give(desk, county, "Q7", claim="unmet")
    with pytest.raises(Refused) as caught:
        confirm(unmet, reviewer, "rejected")
    assert code_of(caught) == "balance.verdict_missing", "success needs evidence of its own"
    confirm(unmet, reviewer)
    take(county)
    assert assessed(desk, "Q7").status == "unmet"
    with pytest.raises(Refused) as caught:
        take(county)
    assert code_of(caught) == "balance.nothing_to_take"
    give(desk, county, "Q5")
    with pytest.raises(Refused) as caught:
        actions.take(by=county, base="v0001")
    assert code_of(caught) == "version_moved"


def test_a_veto_found_stays_found(desk: Desk) -> None:
    county, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    found = give(desk, county, "V6", claim="not_found")
    confirm(found, reviewer, "rejected", "查有其事")
    take(county)
    assert assessed(desk, "V6").status == "unmet"
    later = give(desk, county, "V6", claim="not_found")
    confirm(later, reviewer)
    take(county)
    assert assessed(desk, "V6").status == "unmet", "another document does not take it away"
    from junheng.web.balance.evidence import actions

    later.refresh_from_db()
    actions.withdraw(made=later, by=county, reason="误传", row_version=later.row_version)
    take(county)
    assert assessed(desk, "V6").status == "unmet"


def test_withdrawn_leaves_the_data_as_they_were_without_it(desk: Desk) -> None:
    from junheng.data import Workspace
    from junheng.web.balance.evidence import actions

    county = desk.person("statistician")
    before = Workspace.open(desk.workspace).tables()["evidence"].height
    made = give(desk, county, "Q8", unit="school")
    take(county)
    held = Workspace.open(desk.workspace).tables()["evidence"]
    assert held.height == before + 1
    row = held.filter(pl.col("evidence_id") == made.evidence_id).to_dicts()[0]
    assert row["file_name"] == f"{made.evidence_id}/Q8.pdf"
    assert (row["unit_code"], row["outcome"], row["reviewed_by"]) == (desk.units["school"], None, None)
    with pytest.raises(Refused) as caught:
        actions.withdraw(made=made, by=county, reason=" ", row_version=1)
    assert code_of(caught) == "balance.withdraw_needs_reason"
    with pytest.raises(PermissionDenied):
        actions.withdraw(made=made, by=desk.person("school_clerk_2"), reason="x", row_version=1)
    actions.withdraw(made=made, by=desk.person("school_clerk"), reason="误传", row_version=1)
    take(county)
    assert Workspace.open(desk.workspace).tables()["evidence"].height == before


def primary_school(desk: Desk) -> str:
    """Code of a school with primary pupils."""
    from junheng.data import Workspace

    schools = Workspace.open(desk.workspace).tables()["schools"]
    return str(schools.filter(pl.col("kind").is_in(["211", "218"]))["school_id"][0])


OWN = """id: own_schools
name: {zh: 本区办学检查, en: inspection of schools}
about: {zh: 每校一份, en: one a school}
source: {doc: 本区, verified: ours}
from: 2020-01-01
groups:
  papers: {zh: 材料, en: papers}
items:
- {id: M1, group: papers, level: school, name: {zh: 办学章程, en: charter}, evidence: M1}
county_rule:
  groups: [papers]
"""


def test_items_of_schools_count_school_by_school(desk: Desk) -> None:
    from junheng.web.balance.evidence import actions

    folder = desk.workspace / "rules" / "indicators" / "assessments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own_schools.yaml").write_text(OWN, encoding="utf-8")
    county = desk.person("statistician")
    desk.units["primary"] = primary_school(desk)
    clerk = another(desk, "school_clerk", "primary")
    about = (desk.unit("primary"), "own_schools", demand("M1", "own_schools"), YEAR)
    made = actions.provide(about=about, by=clerk, claim="met", file=paper())
    region = (desk.unit("region"), *about[1:])
    with pytest.raises(Refused):
        actions.provide(about=region, by=county, claim="met", file=paper())
    before = assessed(desk, "M1", "own_schools")
    confirm(made, county)
    take(county)
    after = assessed(desk, "M1", "own_schools")
    assert after.n_unknown == before.n_unknown - 1 and after.status == "not_examined"
    page = desk.client("statistician").get(
        f"/{desk.units['region']}/2026/balance/evidence/items/M1/", {"assessment": "own_schools"}
    )
    text = page.content.decode()
    assert page.status_code == 200 and f'data-key="school-{desk.units["primary"]}"' in text
    assert text.count('data-key="school-') == before.n_units
