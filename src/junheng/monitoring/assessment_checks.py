"""Items no verb can say: rooms needed for so many classes, size, single classes. One row a school.

Each check takes the ground and returns the rows it judged, of all counties at once. What cannot be known
stays unknown; what can be proved from less (an average class over the limit) is not waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from junheng.monitoring.assessment_basis import COMPULSORY
from junheng.monitoring.assessment_frames import (
    COUNTY,
    EXCEPTION,
    PLAIN,
    Cell,
    cited,
    empty,
    joined,
    mark_of,
    parameters,
    rows,
    sureness,
)
from junheng.monitoring.assessment_ground import Ground
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.status import MET, NOT_COMPUTABLE, UNMET
from junheng.rules import Value

CHOICES = "quality_balance_choices"
"""Standards by which a place says which relaxations it uses."""
CENT = 100
_ROOM_KINDS = ("music", "art")
_NINE_YEAR, _TWELVE_YEAR = "312", "345"


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows a check judged, each with its county. `doubted`: counties of which it is not known that the rule
    touches nobody there, where it touched nobody. `shown` are rows that stand beside without a say."""

    rows: pl.DataFrame
    doubted: pl.Series | None = None
    exceptions: pl.DataFrame = field(default_factory=lambda: empty(EXCEPTION))
    shown: pl.DataFrame = field(default_factory=empty)


Check = Callable[[Ground], Checked]


def cents(amount: pl.Expr) -> pl.Expr:
    """A counted quantity with at most two decimals (people, rooms, square metres, yuan) in whole
    hundredths."""
    return (amount * CENT).round(0).cast(pl.Int64)


def outcome(reason: pl.Expr, met: str, unmet: Iterable[str], told: pl.Expr) -> dict[str, Cell]:
    """Status, reason and parameters from the reason alone: what is neither met nor unmet is not
    computable."""
    status = pl.when(reason == met).then(pl.lit(MET)).when(reason.is_in(list(unmet))).then(pl.lit(UNMET))
    return {
        "status": status.otherwise(pl.lit(NOT_COMPUTABLE)),
        "status_reason": reason,
        "reason_parameters": told,
    }


def of_schools(frame: pl.DataFrame, **cells: Cell) -> pl.DataFrame:
    """Rows of single schools."""
    return rows(frame, level="school", **cells)


def special_rooms(ground: Ground) -> Checked:
    """音乐、美术专用教室: for every so many classes one room of each kind, each of at least its area.

    Classes are those of the compulsory stages. A room whose area is blank may or may not do: with it the
    school stays unknown, unless the others suffice. Relaxations for old rooms and small rural schools apply
    only where the place has chosen them.
    """
    per_room = ground.value("special_rooms", "classes_per_room")
    rooms = _rooms_in_use(ground)
    parts: list[pl.DataFrame] = []
    relaxed: list[pl.DataFrame] = []
    for kind in _ROOM_KINDS:
        area = ground.value("special_rooms", f"{kind}_area")
        schools = ground.compulsory.with_row_index("place")
        if per_room is None or area is None:
            parts.append(
                of_schools(
                    schools.with_columns(at="place"),
                    part=kind,
                    den=pl.col("classes"),
                    **outcome(pl.lit("no_rule"), MET, (), pl.lit(PLAIN)),
                )
            )
            continue
        fits = _fitting(ground, schools, rooms.filter(pl.col("kind") == kind), kind, area)
        held = schools.join(fits, on="area", how="left", maintain_order="left").with_columns(
            pl.col("fits", "doubtful").fill_null(0)
        )
        per = line(per_room.number)
        known = pl.col("classes").is_not_null()
        needed = -(-(pl.col("classes") * per.denominator) // per.numerator)
        have = pl.col("fits")
        reason = (
            pl.when(~known)
            .then(pl.lit("classes_unknown"))
            .when(have >= needed)
            .then(pl.lit("rooms_enough"))
            .when(have + pl.col("doubtful") >= needed)
            .then(pl.lit("room_area_unknown"))
            .otherwise(pl.lit("rooms_short"))
        )
        told = parameters(room=kind, have=have, needed=needed, classes=pl.col("classes"), area=area.number)
        parts.append(
            of_schools(
                held.with_columns(at="place"),
                part=kind,
                den=pl.col("classes"),
                value=pl.when(known).then(have),
                num=pl.when(known).then(have),
                threshold=pl.when(known).then(needed),
                op=pl.when(known).then(pl.lit(">=")).otherwise(pl.lit("")),
                missing_full=pl.when(known).then((needed - have).clip(lower_bound=0)),
                missing_unit=pl.when(known).then(pl.lit("room")).otherwise(pl.lit("")),
                flags=pl.when(known & (pl.col("relaxed") != ""))
                .then(pl.lit("relaxed"))
                .otherwise(pl.lit("")),
                **outcome(
                    reason,
                    "rooms_enough",
                    ("rooms_short",),
                    pl.when(known).then(told).otherwise(pl.lit(PLAIN)),
                ),
                **cited((per_room, area)),
            )
        )
        relaxed.append(
            rows(
                held.filter(known & (pl.col("relaxed") != "")),
                EXCEPTION,
                reason="room_relaxed",
                rule_ids=pl.col("relaxed"),
            )
        )
    found = pl.concat(parts).sort("at", maintain_order=True).drop("at")
    listed = pl.concat([empty(EXCEPTION), *relaxed]).unique(
        [COUNTY, "area"], keep="last", maintain_order=True
    )
    return Checked(found, exceptions=listed)


def _rooms_in_use(ground: Ground) -> pl.DataFrame:
    frame = ground.tables.get("rooms")
    wanted = ("school_id", "room_id", "kind", "area", "built_year")
    if frame is None:
        return pl.DataFrame(
            schema=dict.fromkeys(wanted, pl.String) | {"area": pl.Float64, "built_year": pl.Int32}
        )
    begun = pl.col("year_from").is_null() | (pl.col("year_from") <= ground.year)
    lasting = pl.col("year_to").is_null() | (pl.col("year_to") >= ground.year)
    return frame.filter(begun & lasting).select(wanted).sort("school_id", "room_id")


def _fitting(
    ground: Ground, schools: pl.DataFrame, rooms: pl.DataFrame, kind: str, area: Value
) -> pl.DataFrame:
    """area (the school), fits (rooms large enough), doubtful (rooms of unknown area), relaxed: the rules that
    were needed for the first number, and how sure they are."""
    size = cents(pl.col("size"))

    def reaches(value: Value) -> pl.Expr:
        least = line(value.number)
        return (size * least.denominator >= least.numerator * CENT).fill_null(value=False)

    held = rooms.rename({"area": "size", "school_id": "area"})
    used = pl.lit("")
    verified = pl.lit("")
    relaxations = _relaxations(ground, kind)
    for when, value in relaxations:
        taken = (used == "") & ~reaches(area) & when & reaches(value)
        used = pl.when(taken).then(pl.lit(value.rule_id)).otherwise(used)
        verified = pl.when(taken).then(pl.lit(value.verified)).otherwise(verified)
    about = schools.select("area", "rural", *(f"has_{one}" for one in COMPULSORY))
    sized = held.join(about, on="area", maintain_order="left")
    if relaxations:
        sized = sized.join(_largest_classes(ground), on="area", how="left", maintain_order="left")
    return (
        sized.with_columns(used.alias("used"), verified.alias("marks"), reaches(area).alias("large"))
        .group_by("area", maintain_order=True)
        .agg(
            (pl.col("large") | (pl.col("used") != "")).sum().cast(pl.Int64).alias("fits"),
            pl.col("size").is_null().sum().cast(pl.Int64).alias("doubtful"),
            pl.col("used").alias("lists"),
            sureness(pl.col("marks")).max().alias("rank"),
        )
        .select(
            "area",
            "fits",
            "doubtful",
            joined(pl.col("lists")).alias("relaxed"),
            mark_of(pl.col("rank")).alias("verified"),
        )
    )


def _relaxations(ground: Ground, kind: str) -> list[tuple[pl.Expr, Value]]:
    """(where it applies, the smaller area) of each relaxation the place has chosen."""
    found: list[tuple[pl.Expr, Value | None]] = []
    until = ground.value("special_rooms", "old_until")
    if ground.chosen(CHOICES, "relax_old_rooms") and until is not None:
        old = (pl.col("built_year") <= until.number).fill_null(value=False)
        found.append((old, ground.value("special_rooms", f"{kind}_area_old")))
    largest = ground.value("special_rooms", "small_rural_class")
    if ground.chosen(CHOICES, "relax_small_rural_rooms") and largest is not None:
        small = pl.col("rural") & (pl.col("largest_class") < largest.number).fill_null(value=False)
        last = pl.col(f"has_{COMPULSORY[-1]}")
        for stage, where in ((COMPULSORY[-1], last), (COMPULSORY[0], ~last)):
            found.append((small & where, ground.value("special_rooms", f"small_rural_area_{stage}")))
    return [(where, value) for where, value in found if value is not None]


def _largest_classes(ground: Ground) -> pl.DataFrame:
    """area (the school), largest_class; null where the pupils of a class are unknown."""
    classes = ground.of_year("classes")
    if classes is None:
        return pl.DataFrame(schema={"area": pl.String, "largest_class": pl.Int64})
    heads = pl.col("pupils")
    largest = pl.when(heads.null_count() == 0).then(heads.max())
    return classes.group_by(pl.col("school_id").alias("area")).agg(largest.alias("largest_class"))


def school_size(ground: Ground) -> Checked:
    """学校规模: pupils of the compulsory stages against the limit of the kind of school.

    A place that has chosen the relaxation uses the wider limit for schools built by a year or with more than
    a share of migrant pupils.
    """
    lasting, cites = _size_relaxed(ground)
    kind = pl.col("kind_of_school")
    both = pl.all_horizontal([pl.col(f"has_{one}") for one in COMPULSORY])
    key = pl.when(kind == _TWELVE_YEAR).then(pl.lit("twelve_year"))
    key = key.when((kind == _NINE_YEAR) | both).then(pl.lit("nine_year"))
    for stage in COMPULSORY:
        key = key.when(pl.col(f"has_{stage}")).then(pl.lit(stage))
    schools = ground.compulsory.with_row_index("at").with_columns(key.alias("key"), *lasting)
    parts: list[pl.DataFrame] = []
    relaxed: list[pl.DataFrame] = []
    for (name, *states), mine in schools.partition_by(
        ["key", *cites], as_dict=True, maintain_order=True
    ).items():
        limit = ground.value("school_size", str(name))
        taken = [cites[one] for one, state in zip(cites, states, strict=True) if state]
        wider = ground.value("school_size", f"{name}_relaxed") if taken else None
        if limit is None:
            parts.append(of_schools(mine, **outcome(pl.lit("no_rule"), MET, (), pl.lit(PLAIN))))
            continue
        used = limit if wider is None else wider
        heads = pl.col("pupils")
        reason = pl.when(heads.is_null()).then(pl.lit("pupils_unknown"))
        reason = reason.when(heads <= used.number).then(pl.lit("size_within")).otherwise(pl.lit("size_over"))
        told = pl.when(heads.is_not_null()).then(parameters(pupils=heads, limit=used.number))
        over = heads > limit.number if wider is not None else pl.lit(value=False)
        parts.append(
            of_schools(
                mine,
                threshold=used.number,
                op="<=",
                value=heads,
                num=heads,
                most_pupils=pl.when(heads.is_not_null()).then(pl.lit(int(used.number))),
                flags=pl.when(over).then(pl.lit("relaxed")).otherwise(pl.lit("")),
                **outcome(reason, "size_within", ("size_over",), told.otherwise(pl.lit(PLAIN))),
                **cited((used, *(taken if wider else ()))),
            )
        )
        relaxed.append(rows(mine.filter(over), EXCEPTION, reason="size_relaxed", **cited(taken)))
    found = pl.concat([empty().with_columns(at=pl.lit(0, pl.UInt32)), *parts], how="diagonal").sort("at")
    return Checked(
        found.drop("at"), exceptions=pl.concat([empty(EXCEPTION), *(one.drop("at") for one in relaxed)])
    )


def _size_relaxed(ground: Ground) -> tuple[list[pl.Expr], dict[str, Value]]:
    """(flag columns of schools to which a relaxation applies, flag -> the rule it rests on)."""
    if not ground.chosen(CHOICES, "relax_school_size"):
        return [], {}
    flags: list[pl.Expr] = []
    cites: dict[str, Value] = {}
    until = ground.value(CHOICES, "size_old_until")
    if until is not None:
        flags.append((pl.col("opened_year") <= until.number).fill_null(value=False).alias("old"))
        cites["old"] = until
    share = ground.value(CHOICES, "size_migrant_share")
    if share is not None:
        least = line(share.number)
        many = pl.col("migrant_pupils") * least.denominator > pl.col("pupils") * least.numerator
        flags.append((many & (pl.col("pupils") > 0)).fill_null(value=False).alias("migrants"))
        cites["migrants"] = share
    return flags, cites
