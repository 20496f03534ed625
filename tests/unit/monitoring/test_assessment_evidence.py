"""Evidence counts when somebody examined it and the file is still the one examined."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.monitoring.counties import CODE, YEAR, table

from junheng.monitoring.assessment_evidence import examine

SHA = "a" * 64


def row(**more: Any) -> dict[str, Any]:
    return {
        "evidence_id": "E1",
        "assessment": "quality_balance",
        "item": "G1",
        "unit_code": CODE,
        "year": YEAR,
        "claim": "met",
        "file_name": "plan.pdf",
        "file_sha256": SHA,
        "provided_by": "基教科",
        "provided_on": date(2025, 11, 1),
        "reviewed_by": "督导室",
        "reviewed_on": date(2025, 12, 1),
        "outcome": "confirmed",
        **more,
    }


def found(*rows: dict[str, Any], files: dict[str, str] | None = None) -> tuple[str, str]:
    held = examine(table("evidence", rows), "quality_balance", "G1", CODE, YEAR, files)
    return held.status, held.reason


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("met", "evidence_met")),
        ({"claim": "unmet"}, ("unmet", "evidence_unmet")),
        ({"outcome": "rejected"}, ("unmet", "evidence_unmet")),
        ({"claim": "unmet", "outcome": "rejected"}, ("not_examined", "not_reviewed")),
        ({"outcome": "returned"}, ("not_examined", "not_reviewed")),
        ({"outcome": None}, ("not_examined", "not_reviewed")),
        ({"reviewed_by": None}, ("not_examined", "not_reviewed")),
        ({"reviewed_on": None}, ("not_examined", "not_reviewed")),
        ({"file_sha256": None}, ("not_examined", "no_file")),
        ({"file_name": None}, ("not_examined", "no_file")),
        ({"reviewed_on": date(2025, 10, 1)}, ("not_examined", "reviewed_too_early")),
        ({"year": YEAR - 1}, ("not_examined", "no_evidence")),
        ({"item": "G2"}, ("not_examined", "no_evidence")),
        ({"unit_code": "990999"}, ("not_examined", "no_evidence")),
        ({"assessment": "preschool"}, ("not_examined", "no_evidence")),
        ({"claim": "not_found"}, ("met", "veto_not_found")),
        ({"claim": "found"}, ("unmet", "veto_found")),
        ({"claim": "not_found", "outcome": "rejected"}, ("unmet", "veto_found")),
    ],
)
def test_a_claim_is_worth_its_review(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert found(row(**change)) == expected


def test_a_file_that_changed_or_went_is_examined_again() -> None:
    assert found(row(), files={"plan.pdf": SHA.upper()}) == ("met", "evidence_met")
    assert found(row(), files={"plan.pdf": "b" * 64}) == ("not_examined", "file_changed")
    assert found(row(), files={}) == ("not_examined", "file_missing")


def test_the_latest_review_counts_and_of_two_on_one_day_the_worse() -> None:
    early = row(evidence_id="E0", claim="unmet", reviewed_on=date(2025, 11, 20))
    assert found(early, row()) == ("met", "evidence_met")
    same = row(evidence_id="E2", claim="unmet")
    assert found(row(), same) == ("unmet", "evidence_unmet")


def test_a_veto_once_found_stays_found() -> None:
    early = row(evidence_id="E0", claim="found", reviewed_on=date(2025, 11, 20))
    assert found(early, row(claim="not_found")) == ("unmet", "veto_found")


def test_without_any_table_nothing_was_examined() -> None:
    assert examine(None, "quality_balance", "G1", CODE, YEAR).status == "not_examined"
