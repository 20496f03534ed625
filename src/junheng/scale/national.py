"""A synthetic nation: counties, schools, pupils, resources, classes, rooms, money and reports, written as
partitions.

Every province is drawn from its own seed, so that the same parameters give the same bytes, however many
provinces are made. Codes of provinces are two digits no province bears. Nothing in it describes a real place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.errors import Refused
from junheng.scale import national_tables
from junheng.scale.partitions import COUNTY, Partitions, write

COUNTIES, SCHOOLS, YEAR = 2850, 150_000, 2025
CODES = tuple(str(code) for code in (*range(66, 71), *range(72, 81), *range(83, 100)))
"""Two digits free in the national list of provinces: as many as there are provinces on the mainland."""
_COUNTIES_OF_CITY = 9
_MOST_TOWNS = 12
_MOST_SCHOOLS = 9999
"""Schools of a county are told apart by four digits."""
_KINDS = {"211": 0.63, "218": 0.05, "311": 0.19, "312": 0.11, "345": 0.01, "513": 0.01}
Step = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Schools of one province, one entry a school in order: what their tables are drawn from.

    at: number of the school's county among the province's; kind: index into `kinds`.
    """

    random: np.random.Generator
    year: int
    counties: tuple[str, ...]
    at: NDArray[np.int64]
    ids: NDArray[np.str_]
    kinds: NDArray[np.str_]
    wealth: NDArray[np.float64]

    @property
    def county(self) -> pl.Series:
        """The county of each school."""
        return pl.Series(COUNTY, np.array(self.counties)[self.at])


def make(
    folder: Path,
    *,
    counties: int = COUNTIES,
    schools: int = SCHOOLS,
    seed: int = 1,
    year: int = YEAR,
    progress: Step | None = None,
) -> Partitions:
    """Write a nation of `counties` and `schools` for the school year that begins in `year` into an empty
    `folder`; what is written is read back as partitions.

    Refused where the folder already holds something, or the numbers do not fit: at least two schools a
    county, at most what four digits tell apart.
    """
    if counties < 1 or schools < 2 * counties or schools > counties * _MOST_SCHOOLS // 8:
        raise Refused("scale.sizes", {"counties": counties, "schools": schools})
    if folder.exists() and any(folder.iterdir()):
        raise Refused("scale.folder_taken", {"path": folder})
    tell = progress or (lambda *_args, **_more: None)
    provinces = min(len(CODES), max(min(2, counties), round(counties * len(CODES) / COUNTIES)))
    per_province = _spread(np.ones(provinces), counties)
    random = np.random.default_rng([seed, 0])
    weights = random.lognormal(0.0, 0.45, counties)
    per_county = 2 + _spread(weights, schools - 2 * counties)
    ends = np.cumsum(per_province)
    for number in range(provinces):
        tell("scale.making", number, provinces)
        counts = per_county[ends[number] - per_province[number] : ends[number]]
        _province(folder, CODES[number], counts, np.random.default_rng([seed, number + 1]), year)
    tell("scale.making", provinces, provinces)
    return Partitions.open(folder)


def _spread(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """`total` in whole numbers after `weights`; the largest remainders get what is left."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]
    whole[rest] += 1
    return whole


def _province(
    folder: Path, code: str, counts: NDArray[np.int64], random: np.random.Generator, year: int
) -> None:
    counties = tuple(
        f"{code}{number // _COUNTIES_OF_CITY + 1:02d}{number % _COUNTIES_OF_CITY + 1:02d}"
        for number in range(len(counts))
    )
    total = int(counts.sum())
    at = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    ids = np.char.add(np.array(counties)[at], np.char.zfill((within + 1).astype(str), 4))
    kinds = random.choice(list(_KINDS), total, p=list(_KINDS.values()))
    county_wealth = random.lognormal(0.15, 0.12, len(counts))
    wealth = county_wealth[at] * random.lognormal(0.0, 0.22, total)
    drawn = Drawn(random, year, counties, at, ids, kinds, wealth)
    schools = _schools(drawn)
    write(folder, "areas", code, _areas(code, counties, int(counts.max())))
    write(folder, "schools", code, schools)
    for name, rows in national_tables.of_schools(drawn, schools):
        write(folder, name, code, rows)
    for name, rows in national_tables.of_counties(drawn):
        write(folder, name, code, rows)


def towns_of(schools: int) -> int:
    """How many towns a county of so many schools has."""
    return min(_MOST_TOWNS, max(1, schools // 6))


def _areas(code: str, counties: tuple[str, ...], largest: int) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for county in counties:
        city = county[:4]
        above = [(code, "province", None), (city, "city", code), (county, "county", city)]
        towns = [(f"{county}{t + 1:03d}", "town", county) for t in range(towns_of(largest))]
        rows += [
            {COUNTY: county, "area_code": one, "name": f"合成{one}", "level": level, "parent_code": parent}
            for one, level, parent in (*above, *towns)
        ]
    return pl.DataFrame(rows)


def _schools(drawn: Drawn) -> pl.DataFrame:
    random, total = drawn.random, len(drawn.ids)
    per_county = np.bincount(drawn.at, minlength=len(drawn.counties))
    towns = towns_of(int(per_county.max()))
    town = random.integers(0, towns, total) + 1
    areas = np.char.add(np.array(drawn.counties)[drawn.at], np.char.zfill(town.astype(str), 3))
    return pl.DataFrame(
        {
            COUNTY: drawn.county,
            "school_id": drawn.ids,
            "name": np.char.add("合成学校", drawn.ids),
            "kind": drawn.kinds,
            "area_code": areas,
            "ownership": random.choice(["public", "private"], total, p=[0.95, 0.05]),
            "urban_rural": random.choice(
                ["111", "112", "121", "122", "210", "220"], total, p=[0.2, 0.08, 0.24, 0.08, 0.2, 0.2]
            ),
            "school_system": np.full(total, "63"),
            "opened_year": random.integers(1950, drawn.year, total),
            "boarding": random.random(total) < 0.2,
        }
    )
