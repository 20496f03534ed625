"""Two officers in Chromium: a late arrival typed in, checked by the second person, taken into a round."""

from __future__ import annotations

from typing import Any

from tests.web.admission import drawing
from tests.web.admission.test_draws_journey import clean, confirmed, shown
from tests.web.browsing import enter, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

from junheng.web.admission.results import actions

PLAN = "2027-kindergarten"


def test_a_late_arrival_from_the_form_to_the_round(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk
) -> None:
    entry = drawing.published(served, PLAN)
    spare = entry.draws.first().announcement["spare_receipts"]
    programs = sorted(actions.held_programs(entry))[:2]
    base = f"/{served.units['region']}/{drawing.YEAR}/admission/{PLAN}/"
    enter(page, drawing.ONE)
    page.goto(base + "answers/")
    page.get_by_role("link", name="补登的孩子（备用受理编号）").click()
    clean(page)
    page.fill("#applicant_id", "L-1")
    page.fill("#identity_code", "ILATE-1")
    page.fill("#birth_date", "2024-03-05")
    page.select_option("#fact-hukou", "local")
    page.fill("#choice-public-1", programs[0])
    page.fill("#choice-public-2", programs[1])
    page.fill("#document_no", "云教〔2027〕9号")
    page.get_by_role("button", name="提出补登").click()
    page.get_by_text("已提出，等另一人确认。").wait_for()
    assert page.get_by_text(spare[0]).first.is_visible()
    assert page.get_by_role("button", name="核对无误，登记").count() == 0
    with tab(browser, desk_server) as other:
        enter(other, drawing.OTHER)
        other.goto(base + "answers/late/")
        clean(other)
        assert other.get_by_text("云教〔2027〕9号").first.is_visible()
        other.get_by_role("button", name="核对无误，登记").click()
        other.get_by_text("已登记，下一轮补录时参加。").wait_for()
        page.goto(base + "answers/")
        clean(page)
        page.get_by_role("button", name="提出补录").click()
        page.get_by_text("已提出，等另一人确认。").wait_for()
        confirmed(other, base + "answers/")
        shown(page, base + "answers/", "已办补录")
        page.goto(base + "answers/late/")
        clean(page)
        assert page.get_by_text("第 1 轮").first.is_visible()
        page.get_by_role("link", name="L-1").click()
        page.get_by_text("补登的孩子：受理编号取自").wait_for()
        clean(page)
