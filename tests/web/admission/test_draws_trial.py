"""Trials before the day."""

from __future__ import annotations

import pytest
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.admission.draws.actions import freezing
from junheng.web.jobs.models import Job


@pytest.mark.parametrize("plan_id", ["2027-kindergarten", "2027-primary"])
def test_a_trial_shows_sums_marked_as_such_and_keeps_nothing(desk: Desk, plan_id: str) -> None:
    entry = drawing.begun(desk, plan_id)
    freezing.start_trial(
        entry=entry, by=desk.person(drawing.ONE), seed="7", compare="immediate_acceptance"
        if plan_id == "2027-kindergarten" else "deferred_acceptance", chances=True,
    )  # fmt: skip
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    whole = job.result["base"]["total"]
    assert whole["children"] == entry.children.count()
    page = desk.client(drawing.ONE).get(f"/{desk.units['region']}/{drawing.YEAR}/admission/{plan_id}/trial/")
    assert page.status_code == 200
    text = page.content.decode()
    for child in entry.children.all()[:50]:
        assert child.applicant_id not in text
    assert not (desk.workspace / "admission" / plan_id).exists()
    rows = text[text.index('id="t-schools"') : text.index("</table>", text.index('id="t-schools"'))]
    assert rows.count("试算") == len(job.result["base"]["schools"]) + 1


def test_a_seed_is_a_number(desk: Desk) -> None:
    entry = drawing.begun(desk)
    with pytest.raises(Refused) as refused:
        freezing.start_trial(entry=entry, by=desk.person(drawing.ONE), seed="²", compare="none")
    assert refused.value.code == "draws.trial_seed"
