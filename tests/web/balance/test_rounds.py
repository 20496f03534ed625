"""Rounds: who may take which step, what is refused, what is frozen, what is shown to have changed since."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.web.balance.cases import ASSESSMENT, YEAR, confirm, give, move, open_one, paper
from tests.web.desks import Desk

from junheng.model.errors import Refused

pytestmark = pytest.mark.both_databases


def code_of(caught: Any) -> str:
    return str(caught.value.code)


def test_it_goes_up_level_by_level_and_each_step_is_kept(desk: Desk, above: dict[str, Any]) -> None:
    from junheng.web.audit.models import AuditEvent
    from junheng.web.balance.models import AssessmentRound
    from junheng.web.notices.models import Notice
    from junheng.web.runs.models import RunRecord

    held = open_one(desk)
    run = RunRecord.objects.get().run_id
    assert (held.state, held.year, held.run_id) == ("draft", YEAR, run) and len(held.digest) == 64
    held = move(held, "county_self", above["county"])
    held = move(held, "city_review", above["county"])
    assert Notice.objects.filter(to=above["city"], code="balance.notice_round").exists()
    held = move(held, "county_self", above["city"], reason="缺会议纪要")
    held = move(held, "city_review", above["county"])
    held = move(held, "province_eval", above["city"])
    for state in ("qualify", "quality", "survey", "indicator", "onsite"):
        held = move(held, f"national_{state}", above["province"])
    held = move(held, "certified", above["province"])
    held = move(held, "annual_monitor", above["county"])
    held = move(held, "annual_monitor", above["county"])
    held = move(held, "revoked", above["province"])
    assert held.state == "revoked"
    steps = list(AssessmentRound.objects.get(pk=held.pk).steps.order_by("id"))
    assert [one.target for one in steps[:6]] == [
        "draft", "county_self", "city_review", "county_self", "city_review", "province_eval",
    ]  # fmt: skip
    assert steps[3].reason == "缺会议纪要" and steps[3].by == above["city"]
    assert all(one.sha256 and one.run_id == run for one in steps[1:])
    assert steps[1].unit.level == "county" and steps[-1].unit.level == "province"
    assert AuditEvent.objects.filter(verb="balance.round_moved").count() == len(steps) - 1


def test_nobody_takes_anothers_step(desk: Desk, above: dict[str, Any]) -> None:
    held = open_one(desk)
    for role in ("planner", "leader", "superior", "school_clerk"):
        with pytest.raises(PermissionDenied):
            move(held, "county_self", desk.person(role))
    with pytest.raises(PermissionDenied):
        move(held, "county_self", above["city"])
    held = move(held, "county_self", above["county"])
    with pytest.raises(PermissionDenied):
        move(held, "city_review", above["city"])
    held = move(held, "city_review", above["county"])
    for target in ("province_eval", "county_self"):
        with pytest.raises(PermissionDenied):
            move(held, target, above["county"])
    held = move(held, "province_eval", above["province"])  # who stands higher may act for the city
    if desk.units.get("city"):
        with pytest.raises(PermissionDenied):
            move(held, "national_qualify", above["city"])


def test_what_is_refused(desk: Desk, above: dict[str, Any]) -> None:
    from junheng.web.balance.evidence.shelf import ROUNDS
    from junheng.web.balance.rounds import actions
    from junheng.web.runs.models import RunRecord

    county, run = above["county"], RunRecord.objects.get()

    def unopened(**changes: Any) -> str:
        given = {"assessment": ASSESSMENT, "run_id": run.run_id, "by": county, "reason": "x", **changes}
        with pytest.raises(Refused) as caught:
            actions.open_round(**given)
        return code_of(caught)

    with pytest.raises(PermissionDenied):
        actions.open_round(assessment=ASSESSMENT, run_id=run.run_id, by=desk.person("superior"), reason="x")
    assert unopened(run_id="year-000000000000") == "balance.round_run_unfit"
    assert unopened(reason=" ") == "balance.reason_needed"
    assert unopened(assessment="basic_balance_2012") == "balance.round_no_procedure"
    assert unopened(assessment="nothing") == "balance.round_run_unfit"
    RunRecord.objects.update(state=RunRecord.DRAFT)
    assert unopened() == "balance.round_run_unfit"
    RunRecord.objects.update(state=RunRecord.REVIEWED)
    held = open_one(desk)
    assert unopened() == "balance.round_there"

    def refused(target: str = "county_self", **changes: Any) -> str:
        with pytest.raises(Refused) as caught:
            move(held, target, county, **changes)
        return code_of(caught)

    assert refused(reason="") == "balance.reason_needed"
    assert refused(file=None) == "balance.document_needed"
    assert refused(file=paper("a.html", b"<p>")) == "balance.file_form"
    assert refused(row_version=7) == "balance.round_moved_on"
    assert refused("certified") == "balance.round_no_step"
    assert refused("nowhere") == "balance.round_no_step"
    assert refused(run_id="year-000000000000") == "balance.round_run_unfit"
    assert not any(ROUNDS.place("", "").glob("*")), "what is refused leaves no file"


def test_evidence_that_is_not_what_was_examined_holds_it_up(desk: Desk, above: dict[str, Any]) -> None:
    from junheng.web.balance.evidence.shelf import EVIDENCE

    made = confirm(give(desk, above["county"], "Q8"), desk.person("superior"))
    held = move(open_one(desk), "county_self", above["county"])
    EVIDENCE.place(made.evidence_id, made.file).write_bytes(b"%PDF-1.7 another")
    with pytest.raises(Refused) as caught:
        move(held, "city_review", above["county"])
    assert code_of(caught) == "balance.round_evidence_spoiled"
    give(desk, above["county"], "Q8")
    assert move(held, "city_review", above["county"]).state == "city_review"


def test_a_frozen_run_that_is_not_what_it_was_stops(desk: Desk, above: dict[str, Any]) -> None:
    from junheng.web.balance.models import AssessmentRound

    held = move(open_one(desk), "county_self", above["county"])
    AssessmentRound.objects.update(digest="0" * 64)
    with pytest.raises(Refused) as caught:
        move(held, "city_review", above["county"])
    assert code_of(caught) == "balance.round_run_altered"
    page = desk.client("leader").get(f"/{desk.units['region']}/2026/balance/rounds/{held.pk}/")
    assert "封存结果与当时不符" in page.content.decode()


def test_the_report_of_a_round_says_its_state(desk: Desk, above: dict[str, Any]) -> None:
    import io
    import zipfile

    held = move(open_one(desk), "county_self", above["county"])
    place = f"/{desk.units['region']}/2026/balance/rounds/{held.pk}/report/"
    made = desk.client("leader").get(f"{place}docx/")
    assert made.status_code == 200
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        text = parts.read("word/document.xml").decode()
    assert "办理环节：县级自评" in text
    assert (
        desk.client("superior")
        .get(f"{place}docx/".replace(desk.units["region"], desk.units["above"]))
        .status_code
        == 403
    )
    assert desk.client("leader").get(f"{place}pdf/").status_code == 404
