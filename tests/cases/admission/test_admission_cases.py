"""Runs the cases of eligibility: each condition of the templates on both sides of its date or number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from junheng import rules
from junheng.admission.eligibility import standing
from junheng.admission.plan_facts import kinds

HERE = Path(__file__).parent
PLANS = rules.admission_plans()


def _cases(name: str) -> list[Any]:
    groups = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return [
        pytest.param(group, case, id=f"{group['plan']}: {case['say']}")
        for group in groups
        for case in group["cases"]
    ]


def _child(facts: dict[str, Any]) -> pl.DataFrame:
    said = {"applicant_id": "a", "family_id": "mine", "address_id": "here", "checked_by": "clerk", **facts}
    return pl.DataFrame([said], schema_overrides={"birth_date": pl.Date})


@pytest.mark.parametrize(("group", "case"), _cases("identities.yaml"))
def test_the_identity_follows_from_the_facts(group: dict[str, Any], case: dict[str, Any]) -> None:
    row = standing(_child({**group["plain"], **case["facts"]}), PLANS[group["plan"]]).row(0, named=True)
    assert row["identity"] == case.get("identity", "")
    assert row["code"] == case.get("code", "")


@pytest.mark.parametrize(("group", "case"), _cases("addresses.yaml"))
def test_an_address_is_locked_for_its_years(group: dict[str, Any], case: dict[str, Any]) -> None:
    plan = PLANS[group["plan"]]
    facts = {**dict.fromkeys(kinds(plan)), "hukou": "local", "owner": "local", "birth_date": None}
    assert plan.age is not None
    facts |= {"birth_date": plan.age.born_to, "hukou_day": None, "sibling_attending": False}
    use = {
        "address_id": "here",
        "family_id": "mine" if case.get("same_family") else "other",
        "school_id": "s",
        "first_year": case["first_year"],
        "nine_year": case.get("nine_year", False),
        "rented": case.get("rented", False),
    }
    row = standing(_child(facts), plan, address_uses=pl.DataFrame([use])).row(0, named=True)
    assert row["first_year"] == case["locked"]
    assert (row["identity"] == "coordination") == (case["locked"] is not None)
    assert row["code"] == ("ADDRESS_LOCKED" if case["locked"] else "")


def test_every_bound_of_the_templates_has_a_case() -> None:
    """A date or number of a condition is the value of some case, so that neither side goes untried."""
    groups = yaml.safe_load((HERE / "identities.yaml").read_text(encoding="utf-8"))
    tried = {
        (group["plan"], field, value)
        for group in groups
        for case in group["cases"]
        for field, value in case["facts"].items()
    }
    for plan in PLANS.values():
        for one in plan.identities:
            for field, value in _bounds(one.when):
                assert (plan.id, field, value) in tried


def _bounds(condition: Any) -> list[tuple[str, Any]]:
    own = [(condition.field, condition.values[0])] if condition.op in ("from", "at_least", "at_most") else []
    return own + [bound for part in condition.parts for bound in _bounds(part)]
