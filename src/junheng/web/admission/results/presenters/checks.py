"""The checks of a result: its own, and the points of the stand-alone verifier."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Anchor, DataTable, Head, Light, Page, Row
from junheng.web.wording import say


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The section of checks."""
    light = verdict(held)
    body = sections.board(held, "checks", tables=(_checks(held),))
    return sections.page(held, "checks", light.text, body, say("results.checks_note"))


def verdict(held: Shown) -> Light:
    """All checks in one light."""
    outcome = held.draw.outcome if held.draw is not None else {}
    points = [bool(one["right"]) for one in outcome.get("checks", ())] + [not outcome.get("failed")]
    wrong = points.count(False)
    if wrong:
        return Light("bad", say("results.verdict_wrong", count=wrong))
    return Light("good", say("results.verdict_right", count=len(points)))


def _checks(held: Shown) -> DataTable:
    draw = held.draw
    outcome = draw.outcome if draw is not None else {}
    rows = [
        Row(
            (
                one["number"],
                say(f"draws.check_{one['number'].lower()}"),
                Light("good", say("results.right")) if one["right"] else Light("bad", one["sentence"]),
            )
        )
        for one in outcome.get("checks", ())
    ]
    failed = outcome.get("failed", [])
    own = Light("good", say("results.right")) if not failed else Light("bad", fmt.listed(failed[:5]))
    rows.insert(0, Row((say("results.own_check"), say("results.own_check_text"), own)))
    address = held.scope.url("admission:freeze", plan_id=held.entry.plan_id)
    draw_id = draw.announcement.get("draw_id", "") if draw is not None else ""
    rows.append(
        Row(
            (
                say("results.run"),
                Anchor(draw_id or say("results.scores_decide"), address),
                held.entry.plan_digest[:16],
            )
        )
    )
    head = (
        Head(say("results.col_check")),
        Head(say("results.col_what"), width=4),
        Head(say("draws.col_state"), width=3),
    )
    return DataTable("checks", say("results.checks"), head, tuple(rows))
