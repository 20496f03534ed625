"""Senior-high admission of an example: ninth graders, their scores and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from junheng.data.examples.admission_people import Known, Whole, checks, digests, numbered
from junheng.data.examples.chance import stream
from junheng.data.examples.geography import Points
from junheng.model.stages import GRADES

TOTAL = "总分"
_QUOTA, _CITY, _UNIFIED, _SUPPLEMENT = "quota", "city", "unified", "supplement"


def tables(known: Known, plan: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Frames of the examination year by name, without `plan_id`."""
    given: dict[str, Any] = known.recipe["admission"]["senior"]
    random = stream(known.seed, "admission", "senior")
    grade = GRADES.index(given["grade"])
    coming = random.binomial(known.history.pupils[:, :, grade, -1].sum(axis=0), given["sits"])
    school = np.repeat(np.arange(coming.size), coming)
    standing = _standing(known, given, school, random)
    held = _programs(known, given, plan["letter"].lower(), school.size)
    names = numbered(f"{plan['letter']}{known.year}-", np.arange(school.size))
    scores, totals = _scores(given, names, standing, random)
    facts = _facts(known, given, names, random)
    return {
        "admission_programs": held.drop("weight", "at"),
        "applicants": _applicants(known, plan, school, names, random),
        "applicant_facts": facts,
        "applications": _applications(known, given, held, school, names, totals, random),
        "exam_scores": scores,
    }


def _standing(known: Known, given: Mapping[str, Any], school: Whole, random: np.random.Generator) -> Points:
    of_school = random.normal(0.0, given["school_spread"], len(known.recipe.schools))
    apart = np.sqrt(1.0 - given["school_spread"] ** 2)
    return of_school[school] + random.normal(0.0, apart, school.size)


def _programs(known: Known, given: Mapping[str, Any], letter: str, wanted: int) -> pl.DataFrame:
    """Programmes with their seats in whole classes, log of size as `weight` and index of the school as
    `at`; a track takes its share of the school's seats."""
    schools = [one for one in known.recipe.schools if one.teaches("G10", known.year)]
    rooms = np.array([known.rooms(one, "senior") / 3 for one in schools])
    factor = given["seats_over"] * wanted / (rooms.sum() * given["class_size"])
    seats = np.maximum(1, np.round(rooms * factor)).astype(np.int64) * given["class_size"]
    shares = {one["school"]: one for one in given["tracks"]}
    rows: list[dict[str, Any]] = []
    for one, count in zip(schools, seats.tolist(), strict=True):
        row = {
            "school_id": one.id,
            "ownership": one.ownership,
            "boarding": one.boarding,
            "weight": np.log(one.size),
        }
        row["at"] = known.recipe.schools.index(one)
        apart = round(count * shares[one.name]["share"]) if one.name in shares else 0
        rows.append(row | {"program_id": f"{one.id}-{letter}", "seats": count - apart, "track": None})
        if apart:
            track = shares[one.name]["track"]
            rows.append(row | {"program_id": f"{one.id}-{letter}t", "seats": apart, "track": track})
    return pl.DataFrame(rows, schema_overrides={"track": pl.String})


def _applicants(
    known: Known, plan: Mapping[str, str], school: Whole, names: pl.Series, random: np.random.Generator
) -> pl.DataFrame:
    ids = pl.Series([one.id for one in known.recipe.schools]).gather(school)
    boys = random.random(school.size) < known.recipe["births"]["boys"]
    checked = checks(known, school.size, random)
    return pl.DataFrame(
        {
            "applicant_id": names,
            "identity_code": digests(known, plan["id"], school.size),
            "sex": np.where(boys, "1", "2"),
            "origin_school_id": ids,
            "school_id": ids,
            "checked_by": checked["checked_by"],
            "checked_on": checked["checked_on"],
        }
    ).with_columns(pl.lit(known.recipe.region.code).alias("district"))


def _facts(
    known: Known, given: Mapping[str, Any], names: pl.Series, random: np.random.Generator
) -> pl.DataFrame:
    count = names.len()
    again = random.random(count) < given["repeats"]
    years = np.where(random.random(count) < given["moved_in"], random.integers(1, 3, count), 3)
    grades = list(given["comprehensive"])
    level = random.choice(grades, count, p=list(given["comprehensive"].values()))
    made = pl.concat(
        pl.DataFrame({"applicant_id": names, "value": pl.Series(values).cast(pl.String)}).with_columns(
            pl.lit(fact).alias("fact"), pl.lit(paper).alias("paper")
        )
        for fact, values, paper in (
            ("graduate", np.where(again, "往届", "应届"), "学籍"),
            ("years_at_school", years, "学籍"),
            ("comprehensive", level, "综合素质评价"),
        )
    )
    checked = checks(known, made.height, random)
    return made.with_columns(checked["checked_by"], checked["checked_on"], pl.lit("verified").alias("state"))


def _scores(
    given: Mapping[str, Any], names: pl.Series, standing: Points, random: np.random.Generator
) -> tuple[pl.DataFrame, Points]:
    """The rows of `exam_scores`, the total among them, and the totals; no two pupils have equal marks in
    every subject, so that the chain of the plan always decides."""
    unit, own = given["unit"], given["own_part"]
    marks = np.empty((standing.size, len(given["subjects"])))
    for at, (full, mean, sd) in enumerate(given["subjects"].values()):
        part = own * standing + np.sqrt(1.0 - own**2) * random.normal(0.0, 1.0, standing.size)
        marks[:, at] = np.clip(np.round((mean + sd * part) / unit) * unit, 0, full)
    kept = np.unique(marks, axis=0, return_index=True)[1]
    for one in np.setdiff1d(np.arange(standing.size), kept):
        marks[one, 0] = max(marks[one, 0] - unit * (1 + one % 20), 0.0)
    totals = marks.sum(axis=1)
    frames = [
        pl.DataFrame({"applicant_id": names, "points": points}).with_columns(pl.lit(subject).alias("subject"))
        for subject, points in (*zip(given["subjects"], marks.T, strict=True), (TOTAL, totals))
    ]
    return pl.concat(frames), totals


def _applications(
    known: Known,
    given: Mapping[str, Any],
    held: pl.DataFrame,
    school: Whole,
    names: pl.Series,
    totals: Points,
    random: np.random.Generator,
) -> pl.DataFrame:
    """Lists of the four batches; only who may hope for a quota hands in lists for it."""
    at = held["at"].to_numpy()
    apart = known.at[school][:, None, :] - known.at[at][None, :, :]
    far = np.hypot(apart[..., 0], apart[..., 1]) / 40.0
    wish = held["weight"].to_numpy()[None, :] * 1.6 - far + random.gumbel(0.0, 0.45, (school.size, at.size))
    order = np.argsort(-wish, axis=1, kind="stable")
    hopes = totals >= given["indicated"]
    long = {
        _QUOTA: np.where(hopes, random.integers(2, 5, school.size), 0),
        _CITY: np.where(hopes, random.integers(1, 4, school.size), 0),
        _UNIFIED: random.integers(4, at.size + 1, school.size),
        _SUPPLEMENT: np.where(random.random(school.size) < 0.5, random.integers(1, 4, school.size), 0),
    }
    frames: list[pl.DataFrame] = []
    for batch, most in long.items():
        child, rank = np.nonzero(np.arange(at.size)[None, :] < most[:, None])
        last = order[:, ::-1] if batch == _SUPPLEMENT else order  # seats are left where fewer wish to go
        rows = {
            "applicant_id": names.gather(child),
            "program_id": held["program_id"].gather(last[child, rank]),
            "choice_rank": rank + 1,
        }
        frames.append(pl.DataFrame(rows).with_columns(pl.lit(batch).alias("batch")))
    return pl.concat(frames)
