"""The verdict of an assessment in one paragraph."""

from __future__ import annotations

from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report.assessment.words import Words


def headline(words: Words) -> str:
    """The verdict in one paragraph."""
    say, county = words.say, words.result.county
    text = say(
        "headline",
        region=words.region,
        year=fmt.school_year(words.result.year, words.language),
        name=words.result.assessment.name(words.language),
        verdict=say(f"verdict.{county.status}"),
    )
    text += say(
        "headline_items",
        items=county.n_items,
        met=county.n_met,
        unmet=county.n_unmet,
        unknown=county.n_unknown,
    )
    balance = [row for row in words.result.items if row.kind == "balance" and row.level == "county"]
    if balance:
        text += say(
            "headline_balance",
            items=len(balance),
            met=sum(row.status == MET for row in balance),
            unmet=sum(row.status == UNMET for row in balance),
            unknown=sum(row.status not in (MET, UNMET) for row in balance),
        )
    schools = [row for row in words.result.results if row.level == "school"]
    if schools:
        text += say(
            "headline_schools",
            judged=len(schools),
            met=sum(row.status == MET for row in schools),
            unmet=sum(row.status == UNMET for row in schools),
            unknown=sum(row.status not in (MET, UNMET) for row in schools),
        )
    vetoes = county.reason_parameters.get("vetoes") or []
    if vetoes:
        text += say("headline_veto", vetoes=fmt.listed([words.item(code) for code in vetoes], words.language))
    return text + _state(words)


def _state(words: Words) -> str:
    """Where the official procedure stands, once it has left its first state."""
    states = {state.id: state for state in words.result.workflow[1:]}
    here = states.get(words.result.state)
    return words.say("headline_state", state=here.name(words.language)) if here is not None else ""
