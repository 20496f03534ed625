"""Small generated tables for admission plans: seeded, every fact a template asks for."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from junheng.rules.admission_plan import AdmissionPlan

SUBJECTS = ("语文", "数学", "外语", "物理", "道法", "体育", "综合测试", "综评")


def tickets(applicants: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    numbers = list(range(applicants.height))
    random.Random(seed).shuffle(numbers)
    return pl.DataFrame({"applicant_id": applicants["applicant_id"], "ticket": numbers})


def entry(plan: AdmissionPlan, children: int = 120, seed: int = 7) -> dict[str, pl.DataFrame]:
    """Three zones of two public schools each and one private school."""
    draw = random.Random(seed)
    zones = ["z1", "z2", "z3"]
    schools = [f"p{n}" for n in range(1, 7)]
    seats = [children // 8] * 5 + [children // 2]
    programs = pl.DataFrame(
        {
            "program_id": [*schools, "m1"],
            "school_id": [f"s-{one}" for one in (*schools, "m1")],
            "seats": [*seats, 6],
            "ownership": ["public"] * 6 + ["private"],
        }
    )
    people: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    for n in range(children):
        zone = n % 3
        own = schools[2 * zone + draw.randrange(2)]
        born = date(2020, 9, 1) if plan.stage != "kindergarten" else date(2023, 9, 1)
        who = f"c{n:03}"
        people.append(
            {
                "applicant_id": who,
                "family_id": f"f{n:03}",
                "birth_date": born + timedelta(days=draw.randrange(365)),
                "address_id": f"a{n:03}",
                "home_zone": zones[zone],
                "own_program_id": own,
                "checked_by": "clerk",
                "owner": draw.choice(["local", "none"]),
                "deed_date": date(2012, 1, 1) + timedelta(days=draw.randrange(4500)),
                "school_built": draw.choice([1998, 2015, 2021]),
                "hukou": draw.choice(["local", "at_home", "other"]),
                "hukou_date": date(2018, 1, 1) + timedelta(days=draw.randrange(3000)),
                "hukou_day": date(2018, 1, 1) + timedelta(days=draw.randrange(3000)),
                "residence_permit": draw.choice(["verified", None]),
                "child_permit": draw.choice(["verified", None]),
                "parent_permit": draw.choice(["verified", None]),
                "insured_months": draw.randrange(12),
                "flexible_work_years": draw.randrange(5),
                "sibling_attending": draw.random() < 0.1,
                "nine_year_own_pupil": False,
                "special_needs": draw.random() < 0.03,
                "staff_child": draw.random() < 0.1,
            }
        )
        other = schools[2 * zone + 1] if own == schools[2 * zone] else schools[2 * zone]
        for rank, program in enumerate((own, other), start=1):
            listed.append(
                {"applicant_id": who, "batch": "public", "choice_rank": rank, "program_id": program}
            )
        if plan.private is not None and draw.random() < 0.2:
            listed.append({"applicant_id": who, "batch": "private", "choice_rank": 1, "program_id": "m1"})
    rings = [
        (zone, one, "zone" if at // 2 == z else "neighbours" if abs(at // 2 - z) == 1 else "district")
        for z, zone in enumerate(zones)
        for at, one in enumerate(schools)
    ]
    travel = [(f"a{n:03}", f"s-{one}", draw.randrange(200, 6000)) for n in range(children) for one in schools]
    return {
        "programs": programs,
        "applicants": pl.DataFrame(people),
        "applications": pl.DataFrame(listed),
        "address_uses": pl.DataFrame(
            {
                "address_id": ["a000", "a001", "a002"],
                "family_id": ["old1", "old2", "f002"],
                "school_id": ["s-p1"] * 3,
                "first_year": [plan.year - 3, plan.year - 9, plan.year - 2],
            }
        ),
        "zone_programs": pl.DataFrame(rings, schema=["zone_id", "program_id", "ring"], orient="row"),
        "travel": pl.DataFrame(travel, schema=["from_id", "to_id", "metres"], orient="row"),
    }


def senior(plan: AdmissionPlan, children: int = 90, seed: int = 11) -> dict[str, pl.DataFrame]:
    """Three junior schools in two districts, four senior programmes."""
    assert plan.score is not None
    draw = random.Random(seed)
    programs = pl.DataFrame(
        {"program_id": ["g1", "g2", "g3", "g4"], "school_id": ["h1", "h2", "h3", "h4"], "seats": [16] * 4}
    )
    people: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    unit = str(float(plan.score.unit))
    top = int(plan.score.total / plan.score.unit)
    for n in range(children):
        who = f"e{n:03}"
        people.append(
            {
                "applicant_id": who,
                "origin_school_id": f"j{n % 3}",
                "district": f"d{n % 3 % 2}",
                "graduate": "应届" if n % 10 else "往届",
                "years_at_school": 3 if n % 7 else 2,
                "comprehensive": "ABC"[n % 3],
                "origin_selective": n % 11 == 0,
                "checked_by": "clerk",
            }
        )
        total = draw.randrange(int(top * 0.65), top)
        parts = {one: draw.randrange(60, 200) for one in SUBJECTS}
        for subject, points in {"total": total, **parts}.items():
            scores.append(
                {
                    "applicant_id": who,
                    "subject": subject,
                    "points": points,
                    "unit": unit,
                }
            )
        for batch in plan.batches:
            choices = draw.sample(programs["program_id"].to_list(), min(batch.choices, 3))
            for rank, program in enumerate(choices, start=1):
                row = {"applicant_id": who, "batch": batch.id, "choice_rank": rank, "program_id": program}
                listed.append(row)
    return {
        "programs": programs,
        "applicants": pl.DataFrame(people),
        "applications": pl.DataFrame(listed),
        "exam_scores": pl.DataFrame(scores),
        "origin_schools": pl.DataFrame({"school_id": ["j0", "j1", "j2"], "rural": [True, False, False]}),
    }


def with_twins(tables: dict[str, pl.DataFrame], pairs: int) -> dict[str, pl.DataFrame]:
    """The first children bound two by two; the second of a pair has the facts and the list of the first."""
    people, lists = tables["applicants"], tables["applications"]
    ids = people["applicant_id"].to_list()[: 2 * pairs]
    bound = list(zip(ids[::2], ids[1::2], strict=True))
    seconds = [two for _, two in bound]
    for name, frame in (("applicants", people), ("applications", lists)):
        copies = [
            frame.filter(pl.col("applicant_id") == one).with_columns(pl.lit(two).alias("applicant_id"))
            for one, two in bound
        ]
        tables[name] = pl.concat([frame.filter(~pl.col("applicant_id").is_in(seconds)), *copies])
    tables["families"] = pl.DataFrame(
        [(f"t{at}", one, "twins") for at, pair in enumerate(bound) for one in pair],
        schema=["family_id", "applicant_id", "link"],
        orient="row",
    )
    return tables
