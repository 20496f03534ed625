"""The items of an assessment as rows: of single units first, then the county's own, for every way an item may
be asked: by an indicator, by a check, by evidence, or by the school rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import polars as pl

from junheng.model.errors import Refused
from junheng.monitoring.assessment_checks import Check, Checked, school_size, special_rooms
from junheng.monitoring.assessment_classes import class_sizes
from junheng.monitoring.assessment_evidence import NO_EVIDENCE, Examined
from junheng.monitoring.assessment_frames import (
    AT,
    COUNTS,
    COUNTY,
    EXCEPTION,
    PLAIN,
    SLOT,
    conjunction,
    every,
    joined,
    mark_of,
    rows,
    sureness,
)
from junheng.monitoring.assessment_ground import Ground
from junheng.monitoring.assessment_money import (
    small_school_funds,
    special_school_funds,
    teacher_pay,
    training_funds,
)
from junheng.monitoring.assessment_readings import OF_COUNTY, OF_SCHOOL, Readings, plain
from junheng.monitoring.assessment_reported import retention, twice
from junheng.monitoring.quality_balance import SchoolVerdicts, of_counties, ruled
from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET
from junheng.rules.assessment import Assessment, Item, Part

PRECONDITION, VETO = "precondition", "veto"
CHECKS: Mapping[str, Check] = {
    "special_rooms": special_rooms,
    "school_size": school_size,
    "class_sizes": class_sizes,
    "small_school_funds": small_school_funds,
    "special_school_funds": special_school_funds,
    "teacher_pay": teacher_pay,
    "training_funds": training_funds,
    "retention": retention,
}
"""What an assessment's file may name under `check`."""
_ROOM, _OWN, _WHOLE, _CONDITIONS = 64, 20, 40, 1_000_000
"""Places an item and stage has among the rows of a county: for rows of its parts' units, its parts, itself;
and where conditions begin."""
_KEY = [COUNTY, SLOT]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one part of an item stands: the place of its own row and of the rows of its units."""

    slot: int
    below: int
    item: str
    group: str
    stage: str = ""
    part: str = ""
    kind: str = ""
    indicator: str = ""
    level: str = OF_COUNTY
    way: str = ""
    code: str = ""


@dataclass(frozen=True)
class Ways:
    """Everything item rows are made from: the ground, what was measured, what evidence proves."""

    assessment: Assessment
    ground: Ground
    readings: Readings
    evidence: Mapping[tuple[str, str], Examined]
    exceptions: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])

    def rows(self, schools: SchoolVerdicts) -> pl.DataFrame:
        """Every row below the verdict: county, at, and the cells of `ItemRow`; rows of one place stand in
        order."""
        slots, wholes = _slots(self.assessment, self.readings)
        own: list[pl.DataFrame] = []
        below: list[pl.DataFrame] = []
        slotted = {way: [one for one in slots if one.way == way] for way in _WAYS}
        frames = {way: self._blank(some) for way, some in slotted.items() if some}
        unslotted: list[pl.DataFrame] = []
        untouched: list[pl.DataFrame] = []
        for way, blank in frames.items():
            if way == "ruled":
                own.append(of_counties(blank, schools))
            elif way == "evidence":
                own.append(self._examined(blank))
            elif way == "evidence_by_school":
                below.append(self._evidence_by_school(blank))
                unslotted.append(blank)
            elif way == "by_school":
                below.append(self._by_school(blank))
                unslotted.append(blank)
            elif way == "indicator":
                direct, units = self._indicator(blank)
                own.append(direct)
                below.append(units)
                unslotted.append(blank.join(direct, on=_KEY, how="anti", maintain_order="left"))
            else:
                for one in slotted[way]:
                    mine = blank.filter(pl.col(SLOT) == one.slot)
                    direct, units, certain = self._checked(one, mine)
                    own.append(direct)
                    below.append(units)
                    unslotted.append(mine.join(direct, on=_KEY, how="anti", maintain_order="left"))
                    untouched.append(certain)
        if unslotted:
            judged = [one.filter(pl.col("kind") != "beside") for one in below]
            open_ended = pl.concat([rows(one) for one in unslotted])
            certain = pl.concat(untouched) if untouched else None
            own.append(every(open_ended, pl.concat(judged), certain))
        parts = pl.concat([plain(one) for one in own]) if own else None
        found = [one.with_columns(pl.lit(-1).alias(AT)) for one in (schools.items,)]
        found += [one.drop(SLOT) for one in below]
        if parts is not None:
            found += [parts.rename({SLOT: AT}), *self._wholes(wholes, parts)]
        found += [self._condition(number) for number in range(self._conditions)]
        return pl.concat([one.select(found[0].columns) for one in _placed(found)])

    @property
    def _conditions(self) -> int:
        return len(self.assessment.preconditions) + len(self.assessment.vetoes)

    def _blank(self, slots: list[Slot]) -> pl.DataFrame:
        """county, area (the county) and the cells of each slot."""
        frame = pl.DataFrame([asdict(one) for one in slots])
        counties = self.ground.counties.with_columns(area=COUNTY)
        return counties.join(frame, how="cross", maintain_order="left")

    def _examined(self, blank: pl.DataFrame) -> pl.DataFrame:
        """Rows of units (`area`) by the evidence of their `code`."""
        told = [
            (
                code,
                unit,
                one.status,
                one.reason,
                json.dumps(one.parameters, ensure_ascii=False, sort_keys=True),
                ";".join(one.ids),
            )
            for (code, unit), one in self.evidence.items()
        ]
        names = ("code", "area", "told_status", "told_reason", "told_parameters", "told_ids")
        found = pl.DataFrame(told, schema=dict.fromkeys(names, pl.String), orient="row")
        held = blank.join(found, on=["code", "area"], how="left", maintain_order="left")
        return rows(
            held,
            status=pl.col("told_status").fill_null(NO_EVIDENCE.status),
            status_reason=pl.col("told_reason").fill_null(NO_EVIDENCE.reason),
            reason_parameters=pl.col("told_parameters").fill_null(PLAIN),
            evidence=pl.col("told_ids").fill_null(""),
        )

    def _evidence_by_school(self, blank: pl.DataFrame) -> pl.DataFrame:
        schools = self.ground.compulsory.select(COUNTY, "area")
        mine = blank.drop("area").join(schools, on=COUNTY, maintain_order="left_right")
        return self._examined(mine.with_columns(pl.lit(OF_SCHOOL).alias("level"), at="below"))

    def _by_school(self, blank: pl.DataFrame) -> pl.DataFrame:
        left = self.readings.left_out
        values = self.readings.at(OF_SCHOOL).join(
            left,
            left_on=["indicator", "area", "read_stage"],
            right_on=["indicator", "area", "stage"],
            how="anti",
            maintain_order="left",
        )
        values = values.join(self.ground.schools.select(COUNTY, "area"), on="area", maintain_order="left")
        mine = blank.drop("area").join(values, on=[COUNTY, "indicator"], maintain_order="left_right")
        mine = mine.filter((pl.col("stage") == "") | (pl.col("stage") == pl.col("read_stage")))
        staged = mine.with_columns(pl.lit(OF_SCHOOL).alias("level"), stage="read_stage", at="below")
        return plain(self.readings.filled(staged))

    def _indicator(self, blank: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """(the county's rows of what was measured once, rows by stage of what was measured stage by
        stage)."""
        doubled = twice(self.ground, list(self.readings.indicators.values()))
        double = blank.join(doubled, on=[COUNTY, "indicator"], how="semi", maintain_order="left")
        clear = blank.join(doubled, on=[COUNTY, "indicator"], how="anti", maintain_order="left")
        held = clear.join(self.readings.at(OF_COUNTY), on=["indicator", "area"], maintain_order="left_right")
        # what was established stage by stage counts for an item judged once, and the other way round
        fits = (pl.col("stage") == "") | (pl.col("stage") == pl.col("read_stage"))
        any_fits = fits.any().over(_KEY)
        held = held.filter(fits | (~any_fits & (pl.col("read_stage") == "")))
        several = pl.len().over(_KEY) > 1
        once = held.filter(~several)
        absent = clear.join(held, on=_KEY, how="anti", maintain_order="left")
        direct = self.readings.filled(pl.concat([once, absent], how="diagonal"))
        part = pl.when(pl.col("part") == "").then(pl.lit("by_stage")).otherwise("part").alias("part")
        staged = held.filter(several).with_columns(part, stage="read_stage", at="below")
        told = rows(double, status=NOT_COMPUTABLE, status_reason="reported_twice")
        return pl.concat([plain(direct), told]), plain(self.readings.filled(staged))

    def _checked(self, one: Slot, blank: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """(rows a check gave the county itself, rows of units and such that stand beside, slots of counties
        it is known to concern nobody in)."""
        check = CHECKS.get(one.code)
        if check is None:
            raise Refused(
                "monitoring.assess.unknown_check", {"check": one.code, "known": ", ".join(sorted(CHECKS))}
            )
        done: Checked = check(self.ground)
        if done.exceptions.height:
            self.exceptions.append(rows(done.exceptions, EXCEPTION, item=one.item))
        kind = pl.when(pl.col("kind") == "").then(pl.lit(one.kind)).otherwise("kind")

        def slotted(frame: pl.DataFrame) -> pl.DataFrame:
            named = {
                name: pl.when(pl.col(name) == "").then(pl.lit(getattr(one, name))).otherwise(name)
                for name in ("part", "stage")
            }
            placed = frame.with_columns(
                pl.lit(one.slot, pl.Int64).alias(SLOT), pl.lit(one.below, pl.Int64).alias(AT)
            )
            return rows(placed, item=one.item, group=one.group, kind=kind, **named)

        judged = slotted(done.rows)
        alone = (pl.len().over(COUNTY) == 1) & (pl.col("level") == OF_COUNTY)
        direct = judged.filter(alone).with_columns(pl.lit(one.part).alias("part")).drop(AT)
        units = pl.concat([slotted(done.shown), judged.filter(~alone)])
        certain = (
            blank if done.doubted is None else blank.filter(~pl.col(COUNTY).is_in(done.doubted.implode()))
        )
        return direct, units, certain.select(_KEY)

    def _wholes(self, wholes: list[Slot], parts: pl.DataFrame) -> list[pl.DataFrame]:
        """Items of several parts: met when all are."""
        if not wholes:
            return []
        same = [COUNTY, "item", "stage"]
        found = (
            parts.sort(SLOT, maintain_order=True)
            .group_by(same, maintain_order=True)
            .agg(
                *COUNTS,
                pl.col("evidence").alias("proofs"),
                pl.col("rule_ids").alias("lists"),
                sureness(pl.col("verified")).max().alias("rank"),
            )
        )
        held = self._blank(wholes).join(found, on=same, maintain_order="left").drop(AT, strict=False)
        unknown = pl.col("n") - pl.col("met") - pl.col("unmet")
        whole = rows(
            held.rename({SLOT: AT}),
            kind="all",
            status=conjunction(),
            status_reason="all_of_parts",
            n_units=pl.col("n"),
            n_unmet=pl.col("unmet"),
            n_unknown=unknown,
            evidence=joined(pl.col("proofs")),
            rule_ids=joined(pl.col("lists")),
            verified=mark_of(pl.col("rank")),
        )
        return [whole]

    def _condition(self, number: int) -> pl.DataFrame:
        """A precondition or a veto: by its indicator, and by evidence of its id where there is any. A veto is
        `unmet` when found; what nobody looked at is `not_examined` and keeps the county from passing."""
        grouped = [
            *((one, PRECONDITION) for one in self.assessment.preconditions),
            *((one, VETO) for one in self.assessment.vetoes),
        ]
        one, group = grouped[number]
        at = _CONDITIONS + number
        blank = self._blank([Slot(at, at, one.id, group, kind="evidence", code=one.id)]).rename({SLOT: AT})
        proved = self._examined(blank)
        if not one.indicator:
            return proved
        values = self.readings.at(OF_COUNTY).filter(pl.col("indicator") == one.indicator)
        values = values.unique("area", keep="first", maintain_order=True).drop("indicator")
        asked = blank.with_columns(
            pl.lit("indicator").alias("kind"), pl.lit(one.indicator).alias("indicator")
        )
        measured = plain(
            self.readings.filled(asked.join(values, on="area", how="left", maintain_order="left"))
        )
        both = measured.select("status").hstack(proved.select(pl.col("status").alias("proved"), "evidence"))
        silent = (both["proved"] == NOT_EXAMINED) & (both["evidence"] == "")
        by_proof = ~silent & ((both["proved"] == UNMET) | (both["status"] == MET))
        together = both.select(
            pl.when((pl.col("status") == UNMET) | (pl.col("proved") == UNMET))
            .then(pl.lit(UNMET))
            .when((pl.col("status") == MET) & (pl.col("proved") == MET))
            .then(pl.lit(MET))
            .when(pl.all_horizontal(pl.col("status", "proved").is_in([MET, NOT_EXAMINED])))
            .then(pl.lit(NOT_EXAMINED))
            .otherwise(pl.lit(NOT_COMPUTABLE))
            .alias("status"),
            "evidence",
        )
        judged_together = [
            frame.with_columns(together["status"], together["evidence"]).filter(mask)
            for frame, mask in ((proved, by_proof), (measured, ~silent & ~by_proof))
        ]
        return pl.concat(
            [measured.filter(silent), *(one.select(measured.columns) for one in judged_together)]
        )


_WAYS = ("ruled", "evidence", "evidence_by_school", "by_school", "indicator", "check")


def _placed(frames: list[pl.DataFrame]) -> list[pl.DataFrame]:
    return [one.with_columns(pl.col(AT).cast(pl.Int64)) for one in frames]


def _slots(assessment: Assessment, readings: Readings) -> tuple[list[Slot], list[Slot]]:
    """(the parts of every item and stage, the items that have several parts)."""
    by_rule = {item.id for item in ruled(assessment)}
    slots: list[Slot] = []
    wholes: list[Slot] = []
    blocks = [(item, stage) for item in assessment.items for stage in item.stages or ("",)]
    for number, (item, stage) in enumerate(blocks):
        place = number * _ROOM
        if item.id in by_rule:
            indicator = item.parts[0].indicator
            slots.append(
                Slot(place + _WHOLE, place, item.id, item.group, stage, "", OF_SCHOOL, indicator, way="ruled")
            )
            continue
        single = len(item.parts) == 1
        for count, part in enumerate(item.parts):
            at = place + (_WHOLE if single else _OWN + count)
            name = "" if single else part.indicator or part.check or f"evidence_{count + 1}"
            way, kind, code = _way(item, part, readings)
            slots.append(
                Slot(
                    at,
                    place + count,
                    item.id,
                    item.group,
                    stage,
                    name,
                    kind,
                    part.indicator,
                    way=way,
                    code=code,
                )
            )
        if not single:
            wholes.append(Slot(place + _WHOLE, place, item.id, item.group, stage, kind="all"))
    return slots, wholes


def _way(item: Item, part: Part, readings: Readings) -> tuple[str, str, str]:
    """(how a part is judged, the kind of its rows, the code of its evidence or check)."""
    if part.evidence:
        return "evidence_by_school" if item.level == "school" else "evidence", "evidence", part.evidence
    if part.check:
        return "check", "check", part.check
    kind = "balance" if readings.indicators[part.indicator].measure == "cv" else "indicator"
    return "by_school" if item.level == "school" else "indicator", kind, ""
