"""The plan editor: numbers put into their lines, faults at theirs, differences, versions as files."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from tests.web.admission.entries import PLAN, begin, opened
from tests.web.desks import Desk

from junheng.model.errors import Refused

YEAR = 2026


def text(answer: Any) -> str:
    """What is to be read on a page."""
    html = answer.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html[html.index("<main") :])))


def edit(desk: Desk, **sent: Any) -> Any:
    return desk.client("admission_officer").post(
        f"/{desk.units['region']}/{YEAR}/admission/{PLAN}/plan/edit/", sent
    )


def test_numbers_of_every_shipped_plan_are_found_and_put_back_alone() -> None:
    from junheng.web.admission import plan_text, plans

    for name, held in plans.shipped().items():
        found = plan_text.numbers(held)
        assert len(found) >= 4, name
        assert plan_text.with_numbers(held, {one.path: one.value for one in found}) == held
        for one in found:
            value = {"day": "2031-02-03", "whole": "7", "number": "7", "text": "新名称"}[one.kind]
            changed = plan_text.with_numbers(held, {one.path: value})
            again = {each.path: each.value for each in plan_text.numbers(changed)}
            assert again == {each.path: each.value for each in found} | {one.path: value}, (name, one.path)
            assert len(changed.splitlines()) == len(held.splitlines())


@pytest.mark.parametrize("value", ["2027-01-01, x: 1", "1}", "a: b", "&x", "- y", '"'])
def test_what_would_open_something_else_in_the_file_is_not_put_in(value: str) -> None:
    from junheng.web.admission import plan_text, plans

    held = plans.shipped()["primary-multi-zone"]
    for path in ("plan", "year", "draw.freeze"):
        assert plan_text.with_numbers(held, {path: value}) == held


def test_an_edit_shows_faults_at_their_lines_and_saves_nothing(desk: Desk) -> None:
    entry = begin(desk)
    wrong = entry.plan_text.replace("limit_m: 3000", "limit_m: far").replace(
        "to: zone_lists", "to: nowhere", 1
    )
    line = wrong[: wrong.index("limit_m: far")].count("\n") + 1
    answer = edit(desk, text=wrong, row_version=entry.row_version, verb="save")
    assert answer.status_code == 422
    assert f"第 {line} 行" in text(answer)
    assert f'<span class="grave">{line}</span>' in answer.content.decode()
    assert "文本还读不成方案" in text(answer)
    entry.refresh_from_db()
    assert "limit_m: 3000" in entry.plan_text


def test_a_check_shows_differences_and_who_is_affected(desk: Desk) -> None:
    entry = opened(desk)
    other = entry.plan_text.replace("before: 2019-01-01", "before: 2018-01-01")
    shown = text(edit(desk, text=other, row_version=entry.row_version, verb="check"))
    assert "与已保存的方案相比：1 处不同" in shown or "与已保存的方案相比：2 处不同" in shown
    assert "2018-01-01 之前" in shown
    assert "对现有登记的影响" in shown
    moved = re.search(r"([\d,]+) 名儿童的身份会改变", shown)
    assert moved is not None
    assert int(moved[1].replace(",", "")) > 0
    entry.refresh_from_db()
    assert entry.plan_text != other


def test_numbers_of_the_form_go_into_the_text(desk: Desk) -> None:
    entry = begin(desk)
    sent = {"from": "numbers", "number:placement.limit_m": "2500", "number:draw.freeze": "2027-06-16"}
    answer = edit(desk, text=entry.plan_text, row_version=entry.row_version, verb="check", **sent)
    html = unescape(answer.content.decode())
    assert "limit_m: 2500" in html
    assert "freeze: 2027-06-16" in html
    assert "2500 米" in text(answer)


def test_saving_keeps_a_dated_file_and_writes_the_trail(desk: Desk) -> None:
    from junheng.web.audit.models import AuditEvent

    entry = begin(desk)
    changed = entry.plan_text.replace("limit_m: 3000", "limit_m: 2500")
    assert (
        edit(desk, text=changed, row_version=entry.row_version, verb="save", note="会议决定").status_code
        == 303
    )
    folder = desk.workspace / "plans" / "admission"
    assert "limit_m: 2500" in (folder / f"{PLAN}.yaml").read_text(encoding="utf-8")
    assert len(list((folder / "versions" / PLAN).glob("*.yaml"))) == 2
    event = AuditEvent.objects.get(verb="admission.plan_saved")
    assert event.reason == "会议决定"
    assert event.actor == "admission_officer"
    stale = edit(desk, text=changed + "\n", row_version=entry.row_version, verb="save")
    assert stale.status_code == 422
    assert "刚被别人改过" in text(stale)


def test_an_unlawful_plan_is_not_saved_while_registration_is_open(desk: Desk) -> None:
    from junheng.web.admission.actions import plans

    entry = opened(desk)
    unlawful = entry.plan_text.replace(
        "order: [class, sibling_attending, ticket]", "order: [class, exam_score, ticket]"
    )
    with pytest.raises(Refused) as caught:
        plans.keep(
            entry=entry, by=desk.person("admission_officer"), text=unlawful, row_version=entry.row_version
        )
    assert caught.value.code == "entry.plan_unlawful"


def test_an_entry_begins_from_a_shipped_plan_under_its_own_name(desk: Desk) -> None:
    from junheng.web.admission.models import Entry

    client, region = desk.client("admission_officer"), desk.units["region"]
    sent = {
        "source": "shipped:primary-public-private",
        "plan_id": "2028-primary",
        "title": "云州 2028 年小学入学",
        "entry_year": "2028",
    }
    address = f"/{region}/{YEAR}/admission/begin/"
    assert client.post(address, sent | {"plan_id": "A b"}).status_code == 422
    assert client.post(address, sent | {"title": "a: b"}).status_code == 422
    assert client.post(address, sent | {"source": "own:nothing"}).status_code == 404
    assert client.post(address, sent).status_code == 303
    entry = Entry.objects.get(plan_id="2028-primary")
    assert (entry.title, entry.year, entry.template) == (sent["title"], 2028, "primary-public-private")
    assert "与示例方案相比" in text(client.get(f"/{region}/{YEAR}/admission/2028-primary/plan/edit/"))
    assert client.post(address, sent).status_code == 422, "the id is taken"


def test_only_who_runs_admission_edits_and_everybody_reads(desk: Desk) -> None:
    begin(desk)
    for role, may_edit in (
        ("admission_officer", 200),
        ("planner", 403),
        ("leader", 403),
        ("school_clerk", 403),
    ):
        at = f"/{desk.code_of(role)}/{YEAR}/admission/{PLAN}/plan/"
        assert desk.client(role).get(at).status_code == 200
        assert desk.client(role).get(f"{at}edit/").status_code == may_edit
