"""What a report says that stands in no table: findings and citations, kept beside a run's tables.

With them any form of the report (public, English, PDF) can be made from the stored run, without computing it
again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from junheng.model import Finding
from junheng.report.reading import ReportInput
from junheng.rules import Value

BASIS = "basis.json"
"""Name of the file in a run's folder."""


def basis(source: ReportInput) -> bytes:
    """Findings, citations and what the run was, as JSON. Same input, same bytes."""
    held = {
        "findings": [{**asdict(one), "parameters": dict(one.parameters)} for one in source.findings],
        "citations": [asdict(one) for one in source.citations],
        "run": dict(source.run),
    }
    text = json.dumps(held, ensure_ascii=False, indent=1, default=_plain)
    return text.encode() + b"\n"


def with_basis(source: ReportInput, content: bytes) -> ReportInput:
    """`source` (region, tables, boundaries) with the findings, citations and run kept in `content`.
    ValueError when it is no basis file."""
    try:
        held: Mapping[str, Any] = json.loads(content)
        findings = tuple(Finding(**one) for one in held["findings"])
        citations = tuple(_value(one) for one in held["citations"])
        run = dict(held["run"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error
    return replace(source, findings=findings, citations=citations, run=run)


def _value(held: Mapping[str, Any]) -> Value:
    since: Any = held["from_date"]
    parts: dict[str, Any] = {**held, "from_date": date.fromisoformat(since) if since else None}
    return Value(**parts)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of an array
        return value.item()
    raise TypeError(type(value).__name__)
