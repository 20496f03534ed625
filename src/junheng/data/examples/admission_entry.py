"""Entry to kindergartens and primary schools of an example: homes, identities, papers, siblings, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.data.examples.admission_people import (
    Known,
    Programs,
    Whole,
    between,
    checks,
    days,
    digests,
    drawn_identity,
    homes,
    metres,
    numbered,
    programs,
    rings,
    twin_of,
    wished,
    zone_rows,
)
from junheng.data.examples.chance import stream
from junheng.data.examples.geography import Points

HOME_OLD, HOME_NEW, HUKOU_NEW, HUKOU_OLD, PERMIT, NOTHING = range(6)
"""Places in the list of identities of primary entry."""
_OTHER_FAMILIES = 90_000
_NO_CHOICE = -1e9


@dataclass(frozen=True)
class Children:
    """Those who apply: area, home, metres to each programme, the programme of the zone nearest to them
    (index), identity, the child whose papers they share (twins), and programme of an elder sibling (-1)."""

    area: Whole
    metres: Whole
    own: Whole
    identity: Whole
    source: Whole
    sibling: Whole

    @property
    def count(self) -> int:
        """How many."""
        return self.area.size


def tables(known: Known, plan: Mapping[str, str], stage: str) -> dict[str, pl.DataFrame]:
    """Frames of one entry by name, without `plan_id`."""
    given: dict[str, Any] = known.recipe["admission"][stage]
    random = stream(known.seed, "admission", stage)
    coming = random.binomial(known.children(given["age_last"]), given["share"])
    area = np.repeat(np.arange(coming.size), coming)
    held = programs(known, stage, given, plan["letter"].lower(), coming)
    ring = rings(known, held)
    children = _children(known, given, held, ring, area, random)
    names = numbered(f"{plan['letter']}{known.year}-", np.arange(children.count))
    family = numbered(f"F{plan['letter']}", children.source)
    address = numbered(f"D{plan['letter']}", children.source)
    listed = _choices(known, given, held, ring, children, random)
    facts = _papers(known, given, held, children, names, random)
    frames = {
        "admission_programs": held.rows,
        "applicants": _applicants(known, plan, given, held, children, listed, names, family, address, random),
        "applicant_facts": facts,
        "applications": _applications(held, children, listed, names),
        "applicant_families": _families(known, children, names, family, random),
        "zone_programs": zone_rows(known, held, ring),
    }
    if given["own_first"]:
        frames["address_uses"] = _address_uses(known, given, held, children, address, family, random)
        frames["admission_travel"] = _travel(held, ring, children, address)
    return frames


def _children(
    known: Known,
    given: Mapping[str, Any],
    held: Programs,
    ring: Whole,
    area: Whole,
    random: np.random.Generator,
) -> Children:
    common = known.recipe["admission"]
    source = twin_of(area.size, common["twins"], area, random)
    home: Points = homes(known, held, area, random)[source]
    road = metres(known, home, held)
    own = np.where(ring[area] == 1, road, np.iinfo(np.int64).max).argmin(axis=1)
    identity = drawn_identity(known, given["identities"], area, random.random(area.size))[source]
    has_elder = (random.random(area.size) < given["sibling"])[source]
    elsewhere = (random.random(area.size) < 0.2)[source]
    other = np.where(ring[area] == 1, random.random(road.shape), -1.0).argmax(axis=1)[source]
    sibling = np.where(has_elder, np.where(elsewhere, other, own), -1)
    return Children(area, road, own, identity, source, sibling)


def _choices(
    known: Known,
    given: Mapping[str, Any],
    held: Programs,
    ring: Whole,
    children: Children,
    random: np.random.Generator,
) -> Whole:
    """[child, rank] programmes in the order of wishes, -1 where the list ends; the programme of the zone
    first where the plan fixes it. Children who need no list have none."""
    size = np.log(wished(known, held))
    wish = (
        size[None, :]
        - children.metres / 1000 / given["reach_km"]
        + random.gumbel(0, 1, children.metres.shape)
    )
    reach = ring[children.area]
    wish = np.where((reach == 1) | (reach == 2), wish, _NO_CHOICE)
    everyone = np.arange(children.count)
    if given["own_first"]:
        wish[everyone, children.own] = -_NO_CHOICE
    shares = np.array(given["choices"])
    long = 1 + (random.random(children.count)[:, None] >= np.cumsum(shares)[None, :-1]).sum(axis=1)
    wish, long = wish[children.source], long[children.source]
    order = np.argsort(-wish, axis=1, kind="stable")[:, : shares.size]
    ends = (np.arange(shares.size)[None, :] >= long[:, None]) | (
        np.take_along_axis(wish, order, axis=1) <= _NO_CHOICE
    )
    if given["own_first"]:
        ends |= np.isin(children.identity, (HOME_OLD, NOTHING))[:, None]
    return np.where(ends, -1, order)


def _applicants(
    known: Known,
    plan: Mapping[str, str],
    given: Mapping[str, Any],
    held: Programs,
    children: Children,
    listed: Whole,
    names: pl.Series,
    family: pl.Series,
    address: pl.Series,
    random: np.random.Generator,
) -> pl.DataFrame:
    first = date(given["born_from"], 9, 1)
    born = random.integers(0, (date(given["born_from"] + 1, 9, 1) - first).days, children.count)
    codes = np.array([one.code for one in known.recipe.areas])
    boys = random.random(children.count) < known.recipe["births"]["boys"]
    at = np.where(listed[:, 0] >= 0, listed[:, 0], children.own)
    in_person = random.random(children.count) < given["registering"]
    schools = held.rows["school_id"].gather(at)
    checked = checks(known, children.count, random)
    return pl.DataFrame(
        {
            "applicant_id": names,
            "identity_code": digests(known, plan["id"], children.count),
            "family_id": family,
            "birth_date": days(first, born[children.source]),
            "sex": np.where(boys, "1", "2"),
            "address_id": address,
            "home_zone": codes[children.area],
            "own_program_id": held.ids.gather(children.own),
            "school_id": schools.to_frame("s").select(pl.when(pl.Series(in_person)).then("s").alias("s"))[
                "s"
            ],
            "checked_by": checked["checked_by"],
            "checked_on": checked["checked_on"],
        }
    )


def _papers(
    known: Known,
    given: Mapping[str, Any],
    held: Programs,
    children: Children,
    names: pl.Series,
    random: np.random.Generator,
) -> pl.DataFrame:
    """The rows of `applicant_facts`; twins show the same papers."""
    parts = (_primary if given["own_first"] else _kindergarten)(known, held, children, random)
    sibling = children.sibling >= 0
    parts.append((sibling, "sibling_attending", held.rows["school_id"].gather(children.sibling), "学籍证明"))
    if "special_needs" in given:
        chosen = (random.random(children.count) < given["special_needs"])[children.source]
        parts.append((chosen, "special_needs", pl.repeat("是", children.count, eager=True), "评估意见"))
    if "staff_child" in given:
        chosen = (random.random(children.count) < given["staff_child"])[children.source]
        parts.append((chosen, "staff_child", pl.repeat("是", children.count, eager=True), "单位证明"))
    frames: list[pl.DataFrame] = []
    for held_by, fact, values, paper in parts:
        rows = np.flatnonzero(held_by)
        frames.append(
            pl.DataFrame({"applicant_id": names.gather(rows), "value": values.gather(rows).cast(pl.String)})
            .with_columns(pl.lit(fact).alias("fact"), pl.lit(paper).alias("paper"))
            .select("applicant_id", "fact", "value", "paper")
        )
    made = pl.concat(frames)
    checked = checks(known, made.height, random)
    fails = random.random(made.height) < known.recipe["admission"]["papers_rejected"]
    refused = pl.Series(fails) & (pl.col("fact") == "residence_permit")
    return made.with_columns(
        checked["checked_by"],
        checked["checked_on"],
        pl.when(refused).then(pl.lit("rejected")).otherwise(pl.lit("verified")).alias("state"),
        pl.when(checked["late"]).then(pl.col("paper") + "（补交）").otherwise("paper").alias("paper"),
    )


Part = tuple[NDArray[np.bool_], str, pl.Series, str]


def _primary(known: Known, held: Programs, children: Children, random: np.random.Generator) -> list[Part]:
    count, who, source = children.count, children.identity, children.source
    year = known.year

    def drawn(first: date, last: date) -> pl.Series:
        return between(first, last, random, count).gather(source)

    opened = pl.Series([known.recipe.schools[one].opened for one in held.school]).gather(children.own)
    local = pl.repeat("local", count, eager=True)
    owner = (who == HOME_OLD) | (who == HOME_NEW)
    hukou = (who == HUKOU_NEW) | (who == HUKOU_OLD)
    return [
        (owner, "owner", local, "不动产权证"),
        (who == HOME_OLD, "deed_date", drawn(date(2003, 1, 1), date(2018, 12, 31)), "不动产权证"),
        (who == HOME_NEW, "deed_date", drawn(date(2019, 1, 1), date(year, 3, 31)), "不动产权证"),
        (owner, "school_built", opened, "学校设置批复"),
        (hukou, "hukou", local, "户口簿"),
        (who == HUKOU_NEW, "hukou_date", drawn(date(2022, 1, 1), date(year, 3, 31)), "户口簿"),
        (who == HUKOU_OLD, "hukou_date", drawn(date(2008, 1, 1), date(2021, 12, 31)), "户口簿"),
        (who == PERMIT, "residence_permit", pl.repeat("verified", count, eager=True), "居住证"),
    ]


def _kindergarten(
    known: Known, held: Programs, children: Children, random: np.random.Generator
) -> list[Part]:
    count, who, source = children.count, children.identity, children.source
    local = pl.repeat("local", count, eager=True)
    owns = (random.random(count) < 0.7)[source]
    return [
        ((who == 0) & owns, "owner", local, "不动产权证"),
        ((who == 0) & ~owns, "hukou", local, "户口簿"),
        (who == 1, "residence_permit", pl.repeat("verified", count, eager=True), "居住证"),
    ]


def _applications(held: Programs, children: Children, listed: Whole, names: pl.Series) -> pl.DataFrame:
    child, rank = np.nonzero(listed >= 0)
    program = listed[child, rank]
    return pl.DataFrame(
        {
            "applicant_id": names.gather(child),
            "program_id": held.ids.gather(program),
            "choice_rank": rank + 1,
            "distance_m": children.metres[child, program],
        }
    ).with_columns(pl.lit("public").alias("batch"))


def _families(
    known: Known, children: Children, names: pl.Series, family: pl.Series, random: np.random.Generator
) -> pl.DataFrame:
    """Twins, most of them bound as their families asked."""
    second = np.flatnonzero(children.source != np.arange(children.count))
    bound = random.random(second.size) < known.recipe["admission"]["bound_twins"]
    both = np.concatenate([second, second - 1])
    link = np.where(np.concatenate([bound, bound]), "twins", "siblings")
    return pl.DataFrame({"family_id": family.gather(both), "applicant_id": names.gather(both), "link": link})


def _address_uses(
    known: Known,
    given: Mapping[str, Any],
    held: Programs,
    children: Children,
    address: pl.Series,
    family: pl.Series,
    random: np.random.Generator,
) -> pl.DataFrame:
    """Elder siblings, and families who lived there before."""
    first = np.arange(children.count) == children.source
    elder = np.flatnonzero((children.sibling >= 0) & first)
    other = np.flatnonzero((random.random(children.count) < given["used_before"]) & first)
    schools = held.rows["school_id"]
    theirs = pl.DataFrame(
        {
            "address_id": address.gather(elder),
            "family_id": family.gather(elder),
            "first_year": known.year - random.integers(1, 6, elder.size),
            "school_id": schools.gather(children.sibling[elder]),
        }
    )
    before = pl.DataFrame(
        {
            "address_id": address.gather(other),
            "family_id": numbered("FP", _OTHER_FAMILIES + other),
            "first_year": known.year - random.integers(1, 12, other.size),
            "school_id": schools.gather(children.own[other]),
        }
    )
    return pl.concat([theirs, before]).with_columns(pl.lit(False).alias("rented"))


def _travel(held: Programs, ring: Whole, children: Children, address: pl.Series) -> pl.DataFrame:
    """Metres from each home to the schools its zone can reach."""
    once = np.arange(children.count) == children.source
    child, program = np.nonzero((ring[children.area] > 0) & once[:, None])
    return pl.DataFrame(
        {
            "from_id": address.gather(child),
            "to_id": held.rows["school_id"].gather(program),
            "metres": children.metres[child, program],
        }
    )
