"""What schools can hold in each forecast year: classes, rooms, approvals and beds, with dated changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.reason import Finding
from junheng.model.stages import stage_at

Floats = NDArray[np.float64]
_AHEAD = ("approved", "building")


@dataclass(frozen=True)
class Capacity:
    """Counts by cell (a school's stage) and forecast year; NaN where nothing is known.

    classes, rooms, approved: float64[N, H]. beds: free boarding beds float64[N, H] (beds less boarders).
    elastic: bool[N, H], False where elastic classes are forbidden. known: bool[N], some capacity is known.
    origin_classes: classes by school and grade at the last count, for mixed-age and multigrade schools.
    """

    classes: Floats
    rooms: Floats
    approved: Floats
    beds: Floats
    elastic: NDArray[np.bool_]
    known: NDArray[np.bool_]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> Floats:
        """Rooms that can hold a class: counted rooms, or today's classes where rooms are not counted."""
        return np.where(np.isnan(self.rooms), self.classes, self.rooms)


def last_counts(tables: Mapping[str, pl.DataFrame], origin: int) -> pl.DataFrame:
    """Enrolment of each school in its last counted year up to `origin`: school_id, grade, pupils, classes,
    boarders; empty without enrolment."""
    if "enrolment" not in tables:
        return pl.DataFrame(
            schema={
                "school_id": pl.String, "grade": pl.String, "pupils": pl.Int64, "classes": pl.Int64,
                "boarders": pl.Int64,
            }
        )  # fmt: skip
    frame = tables["enrolment"].filter(pl.col("year") <= origin)
    for name in ("classes", "boarders"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(name))
    newest = pl.col("year") == pl.col("year").max().over("school_id")
    return frame.filter(newest).select("school_id", "grade", "pupils", "classes", "boarders")


def capacity_told(tables: Mapping[str, pl.DataFrame]) -> bool:
    """Whether any table says how much schools can hold."""
    if "seats" in tables and not tables["seats"].is_empty():
        return True
    frame = tables.get("enrolment")
    return frame is not None and "classes" in frame.columns and frame["classes"].is_not_null().any()


def read_capacity(
    tables: Mapping[str, pl.DataFrame],
    cells: Sequence[tuple[str, str]],
    kinds: Mapping[str, str],
    systems: Mapping[str, str],
    opened: Mapping[str, int],
    closed: Mapping[str, int],
    years: Sequence[int],
    origin: int,
) -> Capacity:
    """Capacity of each (school, stage) in `cells`.

    A row of `seats` holds from its year until the next; an empty cell of a row keeps the value before it.
    Approved or building rows dated up to the origin, not opened since, count from the year after it. Closing
    and merging (`closed_year`, `school_events`) end a school's seats, `opened_year` begins them. A cell
    without rows falls back to the classes of the last enrolment, and says so.
    """
    shape = (len(cells), len(years))
    classes, rooms = np.full(shape, np.nan), np.full(shape, np.nan)
    approved, beds = np.full(shape, np.nan), np.zeros(shape)
    elastic = np.ones(shape, dtype=np.bool_)
    at = {cell: n for n, cell in enumerate(cells)}
    findings: list[Finding] = []
    if "seats" not in tables:
        findings.append(Finding("seats_missing", "warning", "seats"))
    else:
        frame = tables["seats"].with_columns(pl.col("school_id").replace(_renamed(tables)))
        _read_seats(frame, at, years, origin, classes, rooms, approved, beds, elastic, findings)
    last = last_counts(tables, origin)
    _classes_from_enrolment(
        last, cells, kinds, systems, classes, rooms, approved, findings, "seats" in tables
    )
    _less_boarders(last, cells, beds)
    ends = _ends(tables, closed, origin)
    for n, (school, _) in enumerate(cells):
        for h, year in enumerate(years):
            if year >= ends.get(school, 9999) or year < opened.get(school, 0):
                classes[n, h] = rooms[n, h] = approved[n, h] = beds[n, h] = 0.0
    unknown = np.isnan(classes) & np.isnan(rooms) & np.isnan(approved)
    known: NDArray[np.bool_] = np.array([not row.all() for row in unknown], dtype=np.bool_)
    for n, (school, stage) in enumerate(cells):
        if known[n]:
            continue
        findings.append(
            Finding("capacity_unknown", "warning", "seats", parameters={"school": school, "stage": stage})
        )
    return Capacity(classes, rooms, approved, beds, elastic, known, tuple(findings))


def _read_seats(
    frame: pl.DataFrame,
    at: Mapping[tuple[str, str], int],
    years: Sequence[int],
    origin: int,
    classes: Floats,
    rooms: Floats,
    approved: Floats,
    beds: Floats,
    elastic: NDArray[np.bool_],
    findings: list[Finding],
) -> None:
    targets = {"classes": classes, "rooms": rooms, "seats_approved": approved, "boarding_beds": beds}
    columns = set(frame.columns)
    for row in frame.sort("school_id", "stage", "year").iter_rows(named=True):
        n = at.get((row["school_id"], row["stage"]))
        if n is None:
            continue
        begins, status = int(row["year"]), row.get("status")
        if status in _AHEAD and begins <= origin:
            findings.append(
                Finding(
                    "seats_late",
                    "note",
                    "seats",
                    parameters={"school": row["school_id"], "stage": row["stage"], "year": begins},
                )
            )
            begins = origin + 1
        from_h = next((h for h, year in enumerate(years) if year >= begins), len(years))
        for name, target in targets.items():
            if name in columns and row[name] is not None:
                target[n, from_h:] = 0.0 if status == "closed" else float(row[name])
            elif status == "closed":
                target[n, from_h:] = 0.0
        if "elastic_allowed" in columns and row["elastic_allowed"] is not None:
            elastic[n, from_h:] = bool(row["elastic_allowed"])


def _classes_from_enrolment(
    last: pl.DataFrame,
    cells: Sequence[tuple[str, str]],
    kinds: Mapping[str, str],
    systems: Mapping[str, str],
    classes: Floats,
    rooms: Floats,
    approved: Floats,
    findings: list[Finding],
    seats_given: bool,
) -> None:
    """Fill cells of which `seats` tells nothing with the classes taught at the last count."""
    taught: dict[tuple[str, str], int] = {}
    for row in last.iter_rows(named=True):
        if row["classes"] is None:
            continue
        school = row["school_id"]
        stage = stage_at(row["grade"], kinds.get(school, ""), systems.get(school, "63"))
        taught[school, stage] = taught.get((school, stage), 0) + int(row["classes"])
    for n, cell in enumerate(cells):
        if not np.isnan(classes[n]).all() or not (np.isnan(rooms[n]) & np.isnan(approved[n])).all():
            continue
        if cell in taught:
            classes[n] = taught[cell]
            if seats_given:
                findings.append(
                    Finding(
                        "capacity_from_enrolment",
                        "note",
                        "seats",
                        parameters={"school": cell[0], "stage": cell[1], "classes": taught[cell]},
                    )
                )


def _less_boarders(last: pl.DataFrame, cells: Sequence[tuple[str, str]], beds: Floats) -> None:
    """Beds of a school less its boarders, never below none."""
    boarders = dict(
        last.group_by("school_id").agg(pl.col("boarders").fill_null(0).sum()).sort("school_id").iter_rows()
    )
    for n, (school, _) in enumerate(cells):
        if beds[n].any():
            beds[n] = np.maximum(beds[n] - float(boarders.get(school, 0)), 0.0)


def _renamed(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Old id -> new id of schools that changed only their id: their seats go on under the new one."""
    if "school_events" not in tables:
        return {}
    renamed = (pl.col("event") == "rename") & (pl.col("other_school_id").fill_null("") != "")
    frame = tables["school_events"].filter(renamed).sort("year", "school_id")
    return {row["school_id"]: row["other_school_id"] for row in frame.iter_rows(named=True)}


def _ends(tables: Mapping[str, pl.DataFrame], closed: Mapping[str, int], origin: int) -> dict[str, int]:
    """First year without pupils of each school that closes or merges."""
    ends = dict(closed)
    if "school_events" in tables:
        frame = tables["school_events"].filter(pl.col("event").is_in(["close", "merge", "rename"]))
        for row in frame.sort("school_id", "year").iter_rows(named=True):
            share = row.get("share")
            if row["event"] == "merge" and share is not None and share < 0.5:
                continue
            if row["event"] == "rename" and not row.get("other_school_id"):
                continue  # a new name under the same id
            ends[row["school_id"]] = min(ends.get(row["school_id"], 9999), int(row["year"]))
    return ends


_MIXING_KINDS = frozenset({"111", "119", "218", "219"})


def mixed_classes(last: pl.DataFrame, kinds: Mapping[str, str]) -> set[str]:
    """Schools that teach several grades together: fewer classes than grades with pupils at the last count."""
    counted = (
        last.filter((pl.col("pupils") > 0) & pl.col("classes").is_not_null())
        .group_by("school_id")
        .agg(pl.len().alias("grades"), pl.col("classes").sum())
        .filter((pl.col("classes") < pl.col("grades")) & (pl.col("classes") > 0))
    )
    return {s for s in counted["school_id"].to_list() if kinds.get(s, "") in _MIXING_KINDS}
