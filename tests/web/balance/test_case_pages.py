"""Pages of evidence and rounds: who sees what, what the forms refuse in place, and what waits on the desk."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from tests.web.balance.cases import (
    ASSESSMENT,
    PDF,
    another,
    confirm,
    demand,
    give,
    move,
    open_one,
    paper,
    take,
)
from tests.web.desks import Desk

DESK_YEAR, YEAR = 2026, 2025


def path(desk: Desk, unit: str, rest: str) -> str:
    return f"/{desk.units.get(unit, unit)}/{DESK_YEAR}/{rest}"


def text(answer: Any) -> str:
    """What is to be read on a page."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def row(answer: Any, key: str) -> str:
    """What is to be read in the row of this key."""
    found = re.search(rf'<tr data-key="{re.escape(key)}">(.*?)</tr>', answer.content.decode(), re.S)
    assert found is not None, key
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found[1])))


def keys(answer: Any) -> list[str]:
    return re.findall(r'<tr data-key="([^"]+)"', answer.content.decode())


def test_the_list_says_where_each_item_stands(desk: Desk) -> None:
    county, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    place = path(desk, "region", "balance/evidence/")
    client = desk.client("statistician")
    answer = client.get(place)
    asked = {demand(code).code for code in ("G1", "Q8", "P1", "P2", "V1", "V6")}
    assert asked <= set(keys(answer)) and len(keys(answer)) == 19
    assert "达到" in row(answer, "G1") and "来自数据表" in row(answer, "G1")
    assert "待审核" in row(answer, "Q8") and "未查验" in row(answer, "Q8")
    confirm(give(desk, county, "Q8"), reviewer)
    answer = client.get(place)
    said = row(answer, "Q8")
    assert "Q8.pdf" in said and "摘要" in said and "statistician 乙" in said and "未查验" in said
    assert "评估不会用到" in text(answer)
    assert set(keys(client.get(place, {"state": "given"}))) == set()
    take(county)
    answer = client.get(place)
    assert "未查验" not in row(answer, "Q8") and "评估不会用到" not in text(answer)
    assert "未提供" in row(client.get(place, {"assessment": "preschool"}), "B1")
    assert client.get(place, {"assessment": "nothing"}).status_code == 404
    assert client.get(place, {"year": "1999"}).status_code == 404


def test_each_sees_her_own(desk: Desk) -> None:
    county = desk.person("statistician")
    give(desk, county, "Q8")
    own = give(desk, desk.person("school_clerk"), "Q5", unit="school")
    clerk = desk.client("school_clerk")
    answer = clerk.get(path(desk, "school", "balance/evidence/"))
    assert "B8" in keys(answer) and "Q8" not in keys(answer), "a kindergarten is asked for its own assessment"
    file = path(desk, "school", f"balance/evidence/pieces/{own.pk}/file/")
    got = clerk.get(file)
    assert b"".join(got.streaming_content) == PDF and "attachment" in got.headers["Content-Disposition"]
    assert "no-store" in got.headers["Cache-Control"]
    other = desk.client("school_clerk_2")
    assert other.get(path(desk, "other_school", f"balance/evidence/pieces/{own.pk}/file/")).status_code == 404
    for act in ("review", "withdraw"):
        place = path(desk, "other_school", f"balance/evidence/pieces/{own.pk}/{act}/")
        assert other.post(place, {"row_version": 1, "reason": "x"}).status_code == 404
    town = desk.client("town_clerk").get(path(desk, "town", "balance/evidence/"))
    assert [key for key in keys(town) if key.startswith("Q5")] == [f"Q5-{desk.units['school']}"]
    assert "Q8" not in keys(town)
    assert desk.client("school_clerk").get(path(desk, "school", "balance/rounds/")).status_code == 404
    page = desk.client("superior").get(path(desk, "above", "balance/evidence/items/Q8/"))
    assert "提交审核" not in text(page), "who looks on from above brings nothing"
    assert "审核意见" in text(page)


def test_forms_refuse_in_place_and_lead_back(desk: Desk) -> None:
    client = desk.client("statistician")
    place = path(desk, "region", "balance/evidence/items/Q8/")
    wrong = client.post(place, {"claim": "met", "note": "已整改", "file": paper("a.exe", b"MZ")})
    assert wrong.status_code == 422
    assert "a.exe" in wrong.content.decode() and "已整改" in wrong.content.decode()
    done = client.post(place, {"claim": "met", "file": paper("材料.pdf")})
    assert done.status_code == 303 and done.headers["Location"].startswith(place)
    from junheng.web.balance.models import Evidence

    made = Evidence.objects.get()
    review = path(desk, "above", f"balance/evidence/pieces/{made.pk}/review/")
    wrong = desk.client("superior").post(review, {"verdict": "returned", "row_version": 1})
    assert wrong.status_code == 422 and "请写明意见" in wrong.content.decode()
    done = desk.client("superior").post(
        review, {"verdict": "returned", "row_version": 1, "opinion": "缺会议纪要"}
    )
    assert done.status_code == 303
    page = text(client.get(place))
    assert "退回补充" in page and "缺会议纪要" in page
    gone = path(desk, "region", f"balance/evidence/pieces/{made.pk}/withdraw/")
    assert client.post(gone, {"row_version": 2, "reason": "误传"}).status_code == 303
    assert "已撤回" in text(client.get(place))
    assert client.get(path(desk, "region", "balance/evidence/items/L1/")).status_code == 404


def test_the_preview_of_taking_in_says_what_changes(desk: Desk) -> None:
    county, reviewer = desk.person("statistician"), another(desk, "statistician", "region")
    confirm(give(desk, county, "Q8"), reviewer)
    give(desk, county, "G1")
    place = path(desk, "region", "balance/evidence/take/")
    answer = desk.client("planner").get(place)
    assert row(answer, f"Q8-{desk.units['region']}").split()[-2:] == ["未查验", "达到"]
    assert row(answer, f"G1-{desk.units['region']}").split()[-2:] == ["达到", "未查验"]
    assert "取代" in row(answer, "E2025-001")
    stale = desk.client("planner").post(place, {"base": "v0000"})
    assert stale.status_code == 422
    base = re.search(r'name="base" value="([^"]+)"', answer.content.decode())
    assert base is not None
    assert desk.client("planner").post(place, {"base": base[1]}).status_code == 303
    assert 'name="base"' not in desk.client("planner").get(place).content.decode(), "one at a time"
    assert desk.client("leader").get(place).status_code == 403


def test_rounds_are_opened_and_moved_by_forms(desk: Desk) -> None:
    from junheng.web.balance.models import AssessmentRound
    from junheng.web.runs.models import RunRecord

    client, run = desk.client("statistician"), RunRecord.objects.get().run_id
    place = path(desk, "region", "balance/rounds/")
    assert "还没有评估" in text(client.get(place))
    assert 'name="what"' not in desk.client("planner").get(place).content.decode()
    assert client.post(place, {"what": f"{ASSESSMENT} nothing", "reason": "x"}).status_code == 422
    done = client.post(place, {"what": f"{ASSESSMENT} {run}", "reason": "年度自评"})
    held = AssessmentRound.objects.get()
    assert done.headers["Location"] == f"{place}{held.pk}/"
    page = text(client.get(f"{place}{held.pk}/"))
    assert "起草" in page and "封存结果未变" in page and run in page
    wrong = client.post(f"{place}{held.pk}/move/", {"target": "county_self", "row_version": 1, "reason": "x"})
    assert wrong.status_code == 422 and "请附上文件" in wrong.content.decode()
    done = client.post(
        f"{place}{held.pk}/move/",
        {
            "target": "county_self",
            "row_version": 1,
            "reason": "常务会议通过",
            "file": paper("纪要.pdf"),
            "run": run,
        },
    )
    assert done.status_code == 303
    page = client.get(f"{place}{held.pk}/")
    assert "常务会议通过" in text(page) and "纪要.pdf" in text(page)
    step = held.steps.first()
    got = client.get(path(desk, "region", f"balance/rounds/steps/{step.pk}/document/"))
    assert b"".join(got.streaming_content) == PDF
    above = text(desk.client("superior").get(path(desk, "above", f"balance/rounds/{held.pk}/")))
    assert "下一步由云州县办理" in above and "附上文件" not in above


def todos(desk: Desk, role: str, unit: str = "") -> str:
    return text(desk.client(role).get(path(desk, unit or desk.code_of(role), "")))


def test_what_waits_stands_on_the_desk(desk: Desk) -> None:
    county = desk.person("statistician")
    made = give(desk, desk.person("school_clerk"), "Q5", unit="school")
    assert "1 份佐证材料待审核" in todos(desk, "statistician")
    confirm(made, county, "returned", "缺附件")
    assert "佐证材料被退回：Q5" in todos(desk, "school_clerk")
    assert "佐证材料待审核" not in todos(desk, "statistician")
    assert "网上佐证与数据有 1 条不同" in todos(desk, "statistician")
    held = open_one(desk)
    said = todos(desk, "statistician")
    assert "待办理：起草" in said and "项佐证材料待提供" in said
    assert "待办理" not in todos(desk, "superior")
    held = move(held, "county_self", county)
    move(held, "city_review", county)
    assert "待办理：市级复核" in todos(desk, "superior")
    said = todos(desk, "statistician")
    assert "待办理" not in said and "待提供" not in said


@pytest.mark.parametrize("rest", ["evidence/", "evidence/items/Q8/", "evidence/take/", "rounds/"])
def test_in_english_too(desk: Desk, rest: str) -> None:
    client = desk.client("statistician")
    client.cookies["django_language"] = "en"
    answer = client.get(path(desk, "region", f"balance/{rest}"), headers={"accept-language": "en"})
    main = answer.content.decode()
    main = main[main.index('class="headline"') : main.index('class="headline"') + 400]
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<[^>]+>", "", main.partition("</p>")[0]))
