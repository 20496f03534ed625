"""The tables of an example region, from its recipe and its simulated history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.data.examples.capacity import class_size, classes
from junheng.data.examples.chance import stream
from junheng.data.examples.geography import Points, minutes, to_degrees
from junheng.data.examples.people import WOMEN_AGES, Births, women
from junheng.data.examples.recipe import Recipe, School
from junheng.data.examples.schooling import AGES, MIGRANT, History
from junheng.model import INPUTS
from junheng.model.stages import GRADES

Row = dict[str, Any]


def conform(tables: Mapping[str, list[Row]]) -> dict[str, pl.DataFrame]:
    """Declared frames from rows; a column without a value in any row is empty."""
    frames: dict[str, pl.DataFrame] = {}
    for name, rows in tables.items():
        table = INPUTS[name]
        frames[name] = table.conform(pl.DataFrame(rows, schema=table.schema()))
    return frames


def areas(recipe: Recipe) -> list[Row]:
    """The county and its streets, towns and townships."""
    at = to_degrees(recipe, np.array([area.at for area in recipe.areas]))
    region = recipe.region
    total = sum(area.residents for area in recipe.areas)
    rows: list[Row] = [
        {
            "area_code": region.code,
            "name": region.name,
            "level": "county",
            "longitude": recipe["map"]["longitude"],
            "latitude": recipe["map"]["latitude"],
            "population_total": total,
        }
    ]
    rows += [
        {
            "area_code": area.code,
            "name": area.name,
            "level": "town",
            "parent_code": region.code,
            "longitude": float(longitude),
            "latitude": float(latitude),
            "population_total": area.residents,
        }
        for area, (longitude, latitude) in zip(recipe.areas, at, strict=True)
    ]
    return rows


def area_links(recipe: Recipe) -> list[Row]:
    """Minutes between every two areas, both ways."""
    road = minutes(recipe)
    return [
        {"area_code": one.code, "other_area_code": other.code, "minutes": float(road[i, j])}
        for i, one in enumerate(recipe.areas)
        for j, other in enumerate(recipe.areas)
        if i != j
    ]


def schools(recipe: Recipe, at: Points) -> tuple[list[Row], list[Row]]:
    """Schools, and campuses of those that have several."""
    rows: list[Row] = []
    campuses: list[Row] = []
    degrees = to_degrees(recipe, at)
    for school, (longitude, latitude) in zip(recipe.schools, degrees, strict=True):
        area = recipe.areas[school.area]
        centre = {"street": "121", "town": "121", "township": "210"}[area.kind]
        rows.append(
            {
                "school_id": school.id,
                "name": school.name,
                "kind": school.kind,
                "area_code": area.code,
                "ownership": school.ownership,
                "urban_rural": "220" if school.village else centre,
                "school_system": school.system,
                "opened_year": school.opened,
                "closed_year": school.closed,
                "boarding": school.boarding,
                "longitude": float(longitude),
                "latitude": float(latitude),
                "address": f"{recipe.region.name}{area.name}",
            }
        )
        for number, name in enumerate(school.campuses, start=1):
            campuses.append(
                {
                    "campus_id": f"{school.id}-{number}",
                    "school_id": school.id,
                    "name": name,
                    "area_code": area.code,
                    "longitude": round(float(longitude) + 0.006 * (number - 1), 6),
                    "latitude": float(latitude),
                }
            )
    return rows, campuses


def enrolment(recipe: Recipe, history: History, built: NDArray[np.int64], seed: int) -> list[Row]:
    """Pupils, classes, boarders and migrant pupils of every grade a school teaches in a counted year."""
    rows: list[Row] = []
    for index, school in enumerate(recipe.schools):
        random = stream(seed, "boarders", school.id)
        for year in recipe.counted:
            at = year - history.first
            by_grade = history.pupils[:, index, :, at]
            formed = _classes(recipe, school, index, by_grade.sum(axis=0), built[:, :, at])
            for grade in school.grades:
                place = GRADES.index(grade)
                pupils = int(by_grade[:, place].sum())
                if not school.teaches(grade, year) and not pupils:
                    continue
                rows.append(
                    {
                        "school_id": school.id,
                        "year": year,
                        "grade": grade,
                        "pupils": pupils,
                        "classes": formed[grade],
                        "boarders": _boarders(recipe, school, grade, pupils, random),
                        "migrant_pupils": int(by_grade[MIGRANT, place]),
                    }
                )
    return rows


def seats(recipe: Recipe, built: NDArray[np.int64], enrolled: list[Row]) -> list[Row]:
    """Classes, rooms, approved seats and beds by school, stage and year; later years are approved changes."""
    formed: dict[tuple[str, int, str], tuple[int, int]] = {}
    by_id = {school.id: school for school in recipe.schools}
    for row in enrolled:
        key = (row["school_id"], row["year"], by_id[row["school_id"]].stage(row["grade"]))
        count, boarders = formed.get(key, (0, 0))
        formed[key] = (count + row["classes"], boarders + row["boarders"])
    rows: list[Row] = []
    for index, school in enumerate(recipe.schools):
        for place, stage in enumerate(school.stages):
            size = recipe["rooms"]["class_size"][stage]
            boarders = [formed.get((school.id, year, stage), (0, 0))[1] for year in recipe.counted]
            beds = int(np.ceil(max(boarders) * recipe["boarding"]["beds_over"] / 4) * 4)
            fixed = {"school_id": school.id, "stage": stage, "boarding_beds": beds, "elastic_allowed": False}
            for year in recipe.counted:
                if not school.open_in(year):
                    continue
                rooms = int(built[index, place, year - recipe.years[0]])
                count = formed.get((school.id, year, stage), (0, 0))[0]
                state = {"year": year, "classes": count, "rooms": max(rooms, count), "status": "open"}
                rows.append(fixed | state | {"seats_approved": rooms * size})
            last = int(built[index, place, -1])
            if school.opened > recipe.counted[-1]:
                plan = {"year": school.opened, "rooms": last, "seats_approved": last * size}
                rows.append(fixed | plan | {"status": "building"})
            for entry in recipe["building"]:
                if (
                    entry["school"] == school.name
                    and entry["stage"] == stage
                    and entry["year"] > recipe.counted[-1]
                ):
                    more = last + entry["rooms"]
                    plan = {"year": entry["year"], "rooms": more, "seats_approved": more * size}
                    rows.append(fixed | plan | {"status": entry["status"]})
    return rows


def grade_flows(recipe: Recipe, history: History) -> list[Row]:
    """Where pupils of a school's last grade went, by the year in which they entered the next; those who left
    the county or its general schools are `outside`, so that rows sum to the grade they left."""
    rows: list[Row] = []
    for year in recipe.counted:
        if year < recipe["years"]["flows_from"]:
            continue
        flows = history.flows[:, :, :, year - history.first]
        for source, target, grade in zip(*np.nonzero(flows), strict=True):
            if source == target:
                continue
            inside = target < len(recipe.schools)
            rows.append(
                {
                    "from_school_id": recipe.schools[source].id,
                    "to_school_id": recipe.schools[target].id if inside else "outside",
                    "year": year,
                    "from_grade": GRADES[grade],
                    "pupils": int(flows[source, target, grade]),
                }
            )
    return rows


def births(recipe: Recipe, born: Births) -> list[Row]:
    """Births by area: whole years at first, months later; the two never overlap."""
    years = recipe["years"]
    rows: list[Row] = []
    for index, area in enumerate(recipe.areas):
        for year in range(years["births_from"], years["last"] + 1):
            fixed = {
                "area_code": area.code,
                "year": year,
                "basis": "certificate",
                "source": recipe["region"]["note"],
            }
            monthly = born.monthly[index, year - born.first_year]
            if year < years["births_monthly_from"]:
                rows.append(fixed | {"month": 0, "births": int(monthly.sum())})
            else:
                rows += [fixed | {"month": m + 1, "births": int(count)} for m, count in enumerate(monthly)]
    return rows


def population(recipe: Recipe, history: History, born: Births, seed: int) -> list[Row]:
    """Residents aged 0-17 by sex and women of 18-49, by area, year and age on 31 August."""
    years = range(recipe["years"]["population_from"], recipe["years"]["last"] + 1)
    mothers = women(recipe, born, years)
    rows: list[Row] = []
    for index, area in enumerate(recipe.areas):
        random = stream(seed, "sex", area.code)
        for place, year in enumerate(years):
            fixed = {"area_code": area.code, "year": year, "basis": "resident"}
            for age in range(AGES):
                children = int(history.children[index, age, year - history.first])
                boys = int(random.binomial(children, recipe["births"]["boys"]))
                rows.append(fixed | {"age": age, "sex": "1", "persons": boys})
                rows.append(fixed | {"age": age, "sex": "2", "persons": children - boys})
            for at, age in enumerate(WOMEN_AGES):
                rows.append(fixed | {"age": age, "sex": "2", "persons": int(mothers[index, place, at])})
    return rows


def housing(recipe: Recipe) -> list[Row]:
    """Housing projects as the recipe lists them."""
    return [dict(project) | {"source": recipe["region"]["note"]} for project in recipe["housing"]]


def school_events(recipe: Recipe) -> list[Row]:
    """Openings, closings, mergers and the rest, as the recipe lists them."""
    rows: list[Row] = []
    for event in recipe["events"]:
        other = recipe.school(event["other"]).id if "other" in event else None
        rows.append(
            {
                "school_id": recipe.school(event["school"]).id,
                "year": event["year"],
                "event": event["event"],
                "other_school_id": other,
                "share": event.get("share"),
                "source": recipe["region"]["note"],
            }
        )
    return rows


def scenario_levers(recipe: Recipe) -> list[Row]:
    """Scenarios to try, with the names of schools turned into ids."""
    rows: list[Row] = []
    for lever in recipe["levers"]:
        row: Row = {name: lever[name] for name in ("scenario", "lever_id", "lever", "from_year", "note")}
        if "school" in lever:
            row |= {"scope_kind": "school", "scope_code": recipe.school(lever["school"]).id}
        elif "area" in lever:
            row |= {"scope_kind": "area", "scope_code": lever["area"]}
        else:
            row |= {"scope_kind": "region"}
        ids = {name: recipe.school(name).id for name in re.findall(r"{(.+?)}", lever["parameters"])}
        row["parameters"] = lever["parameters"].format(**ids)
        rows.append(row | {"source": recipe["region"]["note"]})
    return rows


def _classes(
    recipe: Recipe, school: School, index: int, pupils: NDArray[np.int64], built: NDArray[np.int64]
) -> dict[str, int]:
    formed: dict[str, int] = {}
    for place, stage in enumerate(school.stages):
        grades = [grade for grade in school.grades if school.stage(grade) == stage]
        counts = [int(pupils[GRADES.index(grade)]) for grade in grades]
        sizes = [class_size(recipe, school, grade) for grade in grades]
        formed |= dict(zip(grades, classes(counts, sizes, int(built[index, place])), strict=True))
    return formed


def _boarders(recipe: Recipe, school: School, grade: str, pupils: int, random: np.random.Generator) -> int:
    given = recipe["boarding"]
    stage = school.stage(grade)
    if not school.boarding or stage not in given["share"]:
        return 0
    share = given["share"][stage] if stage != "primary" or grade >= given["primary_from"] else 0.0
    return int(random.binomial(pupils, share))
