"""From checkpoints to published tables: province by province in order, then totals, each in one step."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from junheng.data.atomic import write_bytes
from junheng.data.digest import combined
from junheng.model import TABLES
from junheng.scale.checkpoint import Checkpoints
from junheng.scale.group_sums import above
from junheng.scale.partitions import COUNTY, FILE, Partitions
from junheng.scale.problem import HIDDEN, Failure, Verb, Work
from junheng.scale.result import TOTALS, ScaleResult
from junheng.scale.totals import EXCLUDED, totals
from junheng.scale.verbs import Measure

PUBLISHED = "published.json"
_VALUES, _RESULTS = "indicator_values", "assessment_results"
_GROUP = ("indicator", "stage", "group")
Step = Callable[..., None]


@dataclass
class Done:
    """What became of the counties. marks: fingerprints of those that have a result."""

    marks: dict[str, str] = field(default_factory=dict[str, str])
    failures: list[Failure] = field(default_factory=list[Failure])
    made: int = 0


def published(
    out: Path, source: Partitions, checkpoints: Checkpoints, done: Done, verb: Verb, work: Work, engine: str,
    tell: Step,
) -> ScaleResult:  # fmt: skip
    """Write what changed since the last time and say what there is."""
    held = _held(out)
    now: dict[str, str] = {}
    failed = {one.county for one in done.failures}
    incomplete = tuple(p for p, counties in source.counties.items() if failed & set(counties))
    everyone = [county for counties in source.counties.values() for county in counties]
    forgotten = [f"county:{one}" for one in everyone if one not in done.marks and one not in failed]
    summed = isinstance(verb, Measure)
    for number, (province, counties) in enumerate(source.counties.items()):
        tell("scale.writing", number, len(source.counties))
        marks = {county: done.marks[county] for county in counties if county in done.marks}
        now[province] = combined(marks)
        if held.get(province) != now[province]:
            _province(out, checkpoints, province, tuple(marks))
    mark = combined({**now, "incomplete": ",".join(incomplete)})
    if summed and held.get(TOTALS) != mark:
        tell("scale.joining")
        assert isinstance(verb, Measure)
        _totals(out, source, checkpoints, incomplete, verb, work)
    now[TOTALS] = mark
    if now != held:
        write_bytes(out / PUBLISHED, json.dumps(now, indent=0).encode())
    result = ScaleResult(
        out=out,
        verb=verb.name,
        year=work.year,
        engine=engine,
        provinces=tuple(source.counties),
        made=done.made,
        kept=len(done.marks) - done.made,
        failures=tuple(done.failures),
        incomplete=incomplete,
        broken=(*forgotten, *(_unlike(out, source.counties, incomplete, verb, work) if summed else ())),
        statuses=_statuses(out, tuple(source.counties)),
    )
    tell("scale.writing", len(source.counties), len(source.counties))
    return result


def _held(out: Path) -> dict[str, str]:
    path = out / PUBLISHED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _province(out: Path, checkpoints: Checkpoints, province: str, counties: Sequence[str]) -> None:
    """The rows of a province's counties that have a result; none of those that failed."""
    found: dict[str, list[pl.DataFrame]] = {}
    for county in counties:
        for name, rows in checkpoints.read(county).items():
            if not name.startswith(HIDDEN):
                found.setdefault(name, []).append(rows)
    for path in out.glob(f"*/province={province}/{FILE}"):
        if path.parent.parent.name not in found:
            path.unlink()
    for name, parts in found.items():
        whole = pl.concat(parts, how="diagonal_relaxed")
        _write(
            TABLES[name].conform(whole) if name in TABLES else whole,
            out / name / f"province={province}" / FILE,
        )


def _totals(
    out: Path,
    source: Partitions,
    checkpoints: Checkpoints,
    incomplete: Sequence[str],
    verb: Measure,
    work: Work,
) -> None:
    made: dict[str, list[pl.DataFrame]] = {}
    everyone: list[dict[str, pl.DataFrame]] = []
    for province, counties in source.counties.items():
        if province in incomplete:
            continue
        mine = [_feeding(checkpoints.read(county)) for county in counties]
        everyone += mine
        law = work.law.of(province)
        for name, rows in totals(mine, verb.chosen(law), law, work.year, province).items():
            made.setdefault(name, []).append(rows)
    if not incomplete:
        law = work.law.of()
        for name, rows in totals(everyone, verb.chosen(law), law, work.year).items():
            made.setdefault(name, []).append(rows)
    for path in (out / TOTALS).glob("*.parquet"):
        if path.stem not in made:
            path.unlink()
    for name, parts in made.items():
        _write(TABLES[name].conform(pl.concat(parts)), out / TOTALS / f"{name}.parquet")


def _feeding(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {name: rows for name, rows in tables.items() if name.startswith(HIDDEN) or name == EXCLUDED}


def _write(rows: pl.DataFrame, path: Path) -> None:
    held = io.BytesIO()
    rows.write_parquet(held, compression="zstd")
    write_bytes(path, held.getvalue())


def _rows(out: Path, table: str, provinces: Sequence[str]) -> pl.LazyFrame | None:
    paths = [out / table / f"province={one}" / FILE for one in provinces]
    scans = [pl.scan_parquet(path, hive_partitioning=False) for path in paths if path.is_file()]
    return pl.concat(scans) if scans else None


def _unlike(
    out: Path, provinces: Mapping[str, Sequence[str]], incomplete: Sequence[str], verb: Measure, work: Work
) -> list[str]:
    """Indicators whose totals do not count the rows their counties count."""
    rows, path = _rows(out, _VALUES, tuple(provinces)), out / TOTALS / f"{_VALUES}.parquet"
    if rows is None or incomplete or not path.is_file():
        return []
    steady = [one.id for one in verb.chosen(work.law.of()) if above(one) and one.measure != "change"]
    counted = (pl.col("n_used") + pl.col("n_missing")).sum()
    low = rows.filter((pl.col("level") == COUNTY) & pl.col("indicator").is_in(steady))
    high = pl.scan_parquet(path).filter((pl.col("level") == "nation") & pl.col("indicator").is_in(steady))
    both = (
        low.group_by(_GROUP).agg(counted.alias("low"))
        .join(high.group_by(_GROUP).agg(counted.alias("high")), on=_GROUP, how="full", coalesce=True)
        .filter(~pl.col("low").eq_missing(pl.col("high")))
        .collect()
    )  # fmt: skip
    return [f"totals:{name}" for name in sorted(set(both["indicator"].to_list()))]


def _statuses(out: Path, provinces: Sequence[str]) -> dict[str, int]:
    """How many verdicts on counties, or values of counties, have each status."""
    for name in (_RESULTS, _VALUES):
        rows = _rows(out, name, provinces)
        if rows is not None:
            counted = rows.filter(pl.col("level") == COUNTY).group_by("status").len().sort("status").collect()
            return dict(counted.iter_rows())
    return {}
