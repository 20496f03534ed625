"""What is kept beside a run is enough to say the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.report import example

from junheng import report, rules
from junheng.model import Finding
from junheng.report import ReportInput


@pytest.fixture(scope="module")
def county() -> ReportInput:
    found = Finding("seats.unmatched", "warning", "seats", row=3, parameters={"school": "甲", "count": 2})
    topic = rules.at(date(2027, 9, 1))["class_size"]
    return replace(example.county(12), findings=(found,), citations=tuple(topic[key] for key in topic))


def test_the_same_report_is_made_again(county: ReportInput) -> None:
    bare = ReportInput(county.region, county.tables, county.boundaries)
    again = report.with_basis(bare, report.basis(county))
    assert (again.findings, again.citations, again.run) == (county.findings, county.citations, county.run)
    assert report.html(again) == report.html(county)
    assert report.basis(again) == report.basis(county)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"findings": [{}], "citations": [], "run": {}}', b"\xff"])
def test_another_file_is_refused(county: ReportInput, content: bytes) -> None:
    with pytest.raises(ValueError):
        report.with_basis(county, content)
