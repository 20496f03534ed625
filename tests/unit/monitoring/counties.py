"""Small counties made by hand: tables from a few numbers, judged by the packaged law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from junheng import rules
from junheng.model import INPUTS, Region
from junheng.monitoring.assessment import assess
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow
from junheng.rules import RuleBook, Standards

YEAR = 2025
CODE = "990201"
TOWN = "990201001"
REGION = Region(CODE, "清溪县", "Qingxi County", "清溪县教育局", synthetic=True)
GRADES = {
    "primary": ("G01", "G02", "G03", "G04", "G05", "G06"),
    "junior": ("G07", "G08", "G09"),
    "senior": ("G10", "G11", "G12"),
}
ENOUGH = {
    "full_time_teachers": 100,
    "degree_teachers": 100,
    "backbone_teachers": 100,
    "pe_teachers": 50,
    "music_teachers": 50,
    "art_teachers": 50,
    "certified_teachers": 100,
    "trained_teachers": 100,
    "teaching_area": 90_000.0,
    "indoor_sports_area": 0.0,
    "sports_ground_area": 90_000.0,
    "extra_sports_area": 0.0,
    "equipment_value": 9_000_000.0,
    "multimedia_rooms": 90,
}
"""Resources no school of these sizes falls short with."""


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a declared input table; what is not named is blank."""
    declared = INPUTS[name]
    listed = [{column: row.get(column) for column in declared.names} for row in rows]
    return declared.conform(pl.DataFrame(listed, schema=declared.schema(), orient="row"))


def school(code: str, kind: str = "211", **more: Any) -> dict[str, Any]:
    """A public town school."""
    about = {"ownership": "public", "urban_rural": "121", "opened_year": 2000}
    return {"school_id": code, "name": f"学校{code}", "kind": kind, "area_code": TOWN, **about, **more}


def spread(total: int, parts: int) -> list[int]:
    """`total` over `parts` as evenly as whole numbers go."""
    return [total // parts + (number < total % parts) for number in range(parts)]


def pupils(code: str, stage: str, total: int, classes: int | None = None) -> list[dict[str, Any]]:
    """Enrolment of a stage, spread over its grades; with `classes` in all."""
    grades = GRADES[stage]
    held = spread(classes, len(grades)) if classes is not None else [None] * len(grades)
    return [
        {"school_id": code, "year": YEAR, "grade": grade, "pupils": count, "classes": rooms}
        for grade, count, rooms in zip(grades, spread(total, len(grades)), held, strict=True)
    ]


def conditions(code: str, stage: str, **more: Any) -> dict[str, Any]:
    """A row of school_years."""
    return {"school_id": code, "stage": stage, "year": YEAR, **more}


def tables(
    schools: Sequence[Mapping[str, Any]],
    enrolment: Sequence[Mapping[str, Any]],
    school_years: Sequence[Mapping[str, Any]],
    **others: Sequence[Mapping[str, Any]],
) -> dict[str, pl.DataFrame]:
    """The tables of a county with one town."""
    areas = [
        {"area_code": CODE, "name": "清溪县", "level": "county"},
        {"area_code": TOWN, "name": "城关镇", "level": "town", "parent_code": CODE},
    ]
    made = {
        "areas": table("areas", areas),
        "schools": table("schools", schools),
        "enrolment": table("enrolment", enrolment),
        "school_years": table("school_years", school_years),
    }
    return made | {name: table(name, rows) for name, rows in others.items()}


def judged(
    given: Mapping[str, pl.DataFrame],
    assessment: str = "quality_balance",
    *,
    book: RuleBook | None = None,
    year: int = YEAR,
    **options: Any,
) -> AssessmentResult:
    """The county judged by the law of 1 September."""
    law = book.at(date(year, 9, 1), REGION) if book is not None else _law(year)
    return assess(given, law.assessment(assessment), year=year, law=law, region=REGION, **options)


@dataclass(frozen=True)
class Found:
    """What the checks alone found: the county's row of each item, all rows, exceptions."""

    whole: Mapping[str, ItemRow]
    items: tuple[ItemRow, ...]
    exceptions: tuple[ExceptionRow, ...]

    def item(self, code: str) -> ItemRow:
        return self.whole[code]


def checked(given: Mapping[str, pl.DataFrame], book: RuleBook | None = None) -> Found:
    """The checks of quality and balance by themselves, without measuring anything."""
    law = book.at(date(YEAR, 9, 1), REGION) if book is not None else _law(YEAR)
    whole = law.assessment("quality_balance")
    parts = {item.id: tuple(part for part in item.parts if part.check) for item in whole.items}
    asked = tuple(replace(item, parts=parts[item.id]) for item in whole.items if parts[item.id])
    only = replace(whole, items=asked, school_rule=None, preconditions=(), vetoes=())
    held = assess(given, only, year=YEAR, law=law, region=REGION)
    county = {
        row.item: row for row in held.items if row.level == "county" and not row.part and row.kind != "beside"
    }
    return Found(county, held.items, held.exceptions)


@cache
def _law(year: int) -> Standards:
    """The packaged law, resolved once for all tests of a year."""
    return rules.load().at(date(year, 9, 1), REGION)


@cache
def local(**choices: float) -> RuleBook:
    """The law with local choices about the assessment set; read once for each set of choices."""
    lines = ", ".join(f"{name}: {value}" for name, value in choices.items())
    with TemporaryDirectory() as folder:
        (Path(folder) / "quality_balance_choices.yaml").write_text(
            f"topic: quality_balance_choices\nentries:\n- from: 2020-01-01\n  values: {{{lines}}}\n"
            "  source: {document: 县督导室通知}\n  verified: original\n",
            encoding="utf-8",
        )
        book = rules.load(Path(folder))
        book.catalogue.require()  # read while the folder is there
    return book
