"""Time and memory of indicators as a nation grows, engine by engine, beside SQL written by hand.

    python benchmarks/monitoring.py [schools …]        1500 15000 150000 by default
    python benchmarks/monitoring.py --engines polars,duckdb,spark 1500
    python benchmarks/monitoring.py --assess 1500 150000             the assessment of whole counties alone

Synthetic facts of schools x 2 stages, sorted once by county, stage and school and stored as Parquet; twenty
indicators, fourteen of them variation coefficients, by county and stage: value, counts, missing, bounds and
status. Each engine runs in a process of its own: CPU and wall seconds of the second run (Spark works in Java:
only its wall seconds tell), peak memory of the process. All engines' rows must have one digest, and SQL must
give the same coefficients to 1e-9, before any time is printed.

The assessment 优质均衡 is then made of the example region, as a page asks for it, and of all counties of a
synthetic nation together, their tables in memory: facts, indicators, items and verdicts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from junheng import monitoring, rules, scale
from junheng.data import examples
from junheng.model.region import Region
from junheng.monitoring.assessment import assess_counties
from junheng.monitoring.facts import Facts
from junheng.monitoring.measuring import measure_facts
from junheng.rules.indicator import (
    AllOf,
    Comparison,
    Exclusion,
    Indicator,
    Measured,
    Missing,
    Operand,
    Source,
    Standard,
    Term,
    Threshold,
)
from junheng.scale.partitions import Partitions

COUNTIES = 2850
SIZES = (1_500, 15_000, 150_000)
STAGES = ("primary", "junior")
RESOURCES = (
    "degree_teachers", "backbone_teachers", "pe_teachers", "teaching_area", "sports_ground_area",
    "equipment_value", "multimedia_rooms",
)  # fmt: skip
PER_PUPIL = (0.06, 0.012, 0.011, 6.0, 9.0, 2600.0, 0.03)
SPENT = (*RESOURCES, "full_time_teachers", "site_area", "building_area", "staff", "certified_teachers")


def synthetic(schools: int, seed: int = 1) -> pl.DataFrame:
    """Facts of `schools` x 2 stages in as many counties as a nation has for them; 1 in 500 blank."""
    draw = np.random.default_rng(seed)
    counties = max(1, round(COUNTIES * schools / SIZES[-1]))
    county = np.sort(draw.integers(0, counties, schools))
    rows: dict[str, object] = {}
    count = schools * len(STAGES)
    school = np.repeat(np.arange(schools), len(STAGES))
    pupils = draw.lognormal(6.2, 0.9, count).astype(np.int64) + 1
    rows["county"] = np.char.add("c", np.char.zfill(np.repeat(county, 2).astype(str), 5))
    rows["stage"] = np.tile(np.array(STAGES), schools)
    rows["school_id"] = np.char.add("s", np.char.zfill(school.astype(str), 7))
    rows["school_kind"] = draw.choice(["211", "218", "312", "511"], count, p=[0.8, 0.1, 0.09, 0.01])
    rows["status"] = draw.choice(["open", "closed"], count, p=[0.99, 0.01])
    rows["pupils"] = pupils
    means = (*PER_PUPIL, 0.07, 25.0, 9.0, 0.08, 0.068)
    for name, mean in zip(SPENT, means, strict=True):
        held = pupils * mean * draw.lognormal(0, 0.35, count)
        whole = "area" in name or name == "equipment_value"
        rows[name] = np.round(held, 2) if whole else np.floor(held)
    frame = pl.DataFrame(rows)
    for name in RESOURCES:
        blank = pl.Series(draw.random(count) < 0.002)
        frame = frame.with_columns(pl.when(~blank).then(pl.col(name)).alias(name))
    return frame.sort("county", "stage", "school_id")


def twenty() -> list[Indicator]:
    """Seven coefficients of resources and seven of other means, five ratios and a share."""
    book = rules.load()
    law = book.at(date(2026, 9, 1))
    line = Standard(
        "quality_balance.cv_max", "stage", {s: law.quality_balance[f"cv_max_{s}"] for s in STAGES}
    )
    small = Standard("small_school.very_small", "", {"": law.small_school["very_small"]})
    left_out = (
        Exclusion(Comparison("school_kind", "eq", Operand(("511",))), "special_school"),
        Exclusion(
            AllOf(
                (
                    Comparison("school_kind", "eq", Operand(("218",))),
                    Comparison("pupils", "lt", Operand(standard=small)),
                )
            ),
            "small_point",
        ),
    )
    common = {
        "zh": "", "en": "", "why_zh": "", "why_en": "", "source": Source("benchmark"),
        "grain": "school_stage", "report": ("county", "stage"),
        "where": Comparison("status", "eq", Operand(("open",))),
        "exclude": left_out, "missing": Missing(0.02),
    }  # fmt: skip
    pupils = (Term("pupils"),)
    cut = Threshold("<=", line)
    made = [
        Indicator(
            id=f"{name}_cv", measure="cv", value=Measured((Term(name),), pupils), threshold=cut, **common
        )
        for name in SPENT
    ]
    teachers = (Term("pe_teachers"), Term("backbone_teachers"))
    made += [
        Indicator(id=name, measure="cv", value=Measured(num, pupils), threshold=cut, **common)
        for name, num in (
            ("both_cv", teachers),
            ("indoor_cv", (Term("building_area"), Term("teaching_area", -1))),
        )
    ]
    made += [
        Indicator(id=f"{name}_per_pupil", measure="ratio", value=Measured((Term(name),), pupils), **common)
        for name in RESOURCES[:5]
    ]
    room = Standard(
        "quality_balance.teaching_area",
        "stage",
        {s: law.quality_balance[f"teaching_area_{s}"] for s in STAGES},
    )
    full = Comparison("teaching_area", "ge", Operand(column="pupils", times=room))
    made.append(
        Indicator(id="roomy", measure="share", value=Measured(condition=full), weight=pupils, **common)
    )
    return made


def digest(values: pl.DataFrame) -> str:
    """SHA-256 over the result rows, to the bit."""
    exact = values.with_columns(
        pl.selectors.float().cast(pl.String)
    )  # the shortest text that reads back the same
    return hashlib.sha256(exact.write_csv().encode()).hexdigest()


SQL = """
WITH used AS (
  SELECT county, stage, {x} x, pupils p FROM facts WHERE status = 'open' AND school_kind <> '511'
  AND NOT (school_kind = '218' AND pupils < {small}) AND {x} IS NOT NULL AND pupils > 0
), m AS (SELECT county, stage, sum(x) / sum(p) mean, sum(p) w, count(*) n FROM used GROUP BY ALL)
SELECT county, stage, sqrt(sum(p * (x / p - mean) ^ 2) / any_value(w)) / any_value(mean) cv, any_value(n) n
FROM used JOIN m USING (county, stage) GROUP BY ALL ORDER BY ALL
"""


def by_hand(path: Path) -> dict[str, Any]:
    """The fourteen coefficients by SQL written by hand: values and counts alone."""
    import duckdb

    names = [*SPENT, "pe_teachers + backbone_teachers", "building_area - teaching_area"]
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(f"CREATE TABLE facts AS SELECT * FROM '{path}'")
    small = int(rules.at(date(2026, 9, 1)).small_school["very_small"].number)
    return {
        name: connection.execute(SQL.format(x=f"({name})", small=small)).to_arrow_table() for name in names
    }


def one(engine: str, path: Path) -> dict[str, object]:
    """One engine's second run from Parquet: CPU and wall seconds, peak memory, digest."""
    indicators = twenty()
    session = None
    if engine == "spark":
        from junheng.monitoring.engines import opened

        held = opened("spark")
        session = held.__enter__()
    answer: dict[str, object] = {}
    for _ in range(2):
        begun, wall = time.process_time(), time.perf_counter()
        if engine == "sql":
            found = by_hand(path)
            answer["values"] = {name: frame["cv"].to_pylist() for name, frame in found.items()}
        else:
            facts = Facts("school_stage", 2026, pl.read_parquet(path), pl.DataFrame())
            result = measure_facts(
                {"school_stage": facts}, indicators, year=2026, engine=engine, details=False, session=session
            )  # type: ignore[arg-type]
            assert result.check() == []
            answer["digest"] = digest(result.tables["indicator_values"])
        answer["cpu"], answer["wall"] = time.process_time() - begun, time.perf_counter() - wall
    if engine == "polars":
        begun = time.process_time()
        measure_facts({"school_stage": facts}, indicators, year=2026, details=True)
        answer["details"] = time.process_time() - begun
        values = result.tables["indicator_values"].filter(
            pl.col("indicator").is_in([f"{x}_cv" for x in SPENT])
        )
        answer["values"] = {
            name.removesuffix("_cv"): part.sort("area", "stage")["value"].to_list()
            for (name,), part in values.group_by("indicator")
        }
    if session is not None:
        session.stop()
    answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer


def assessed(schools: int) -> dict[str, object]:
    """The assessment of one county (the example, warm) and of all counties that have `schools` schools."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = examples.create(Path(folder) / "example")
        tables, region = workspace.tables(), workspace.region
        law = rules.load(*workspace.rule_folders()).at(date(2025, 9, 1), region)
        asked = law.assessment("quality_balance")
        single: list[float] = []
        for _ in range(5):
            begun = time.process_time()
            monitoring.assess(tables, asked, year=2025, law=law, region=region)
            single.append(time.process_time() - begun)
        counties = max(1, round(COUNTIES * schools / SIZES[-1]))
        scale.make(Path(folder) / "nation", counties=counties, schools=schools)
        held = Partitions.open(Path(folder) / "nation")
        year = held.years[-1]
        whole = {
            table: pl.concat([pl.read_parquet(path) for _, _, path in files]).drop("county")
            for table, files in held.files.items()
        }
    whole["areas"] = whole["areas"].unique("area_code", keep="first", maintain_order=True)
    regions = {code: Region(code, code) for some in held.counties.values() for code in some}
    law = rules.load().at(date(year, 9, 1))
    answer: dict[str, object] = {"single": min(single[1:]), "counties": len(regions)}
    for _ in range(2):
        begun, wall = time.process_time(), time.perf_counter()
        judged = assess_counties(whole, law.assessment("quality_balance"), regions, year=year, law=law)
        answer["cpu"], answer["wall"] = time.process_time() - begun, time.perf_counter() - wall
        answer["all"] = (len(judged.tables()), judged.check())
        answer["rest"] = time.process_time() - begun - float(str(answer["cpu"]))
    assert answer["all"] == (3, [])
    answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer


def child(engine: str, path: Path) -> dict[str, object]:
    """`one` in a process of its own."""
    command = [sys.executable, __file__, "--one", engine, str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"POLARS_MAX_THREADS": "2"}
    )
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def agree(answers: dict[str, dict[str, object]]) -> None:
    """One digest over all engines; the coefficients by hand within 1e-9."""
    digests = {engine: held["digest"] for engine, held in answers.items() if "digest" in held}
    assert len(set(digests.values())) == 1, digests
    if "sql" not in answers or "polars" not in answers:
        return
    ours, theirs = answers["polars"]["values"], answers["sql"]["values"]
    for name in SPENT:
        mine = [x for x in ours[name] if x is not None]  # type: ignore[index]
        hand = [x for x in theirs[name] if x is not None]  # type: ignore[index]
        assert len(mine) == len(hand) and np.allclose(mine, hand, rtol=1e-9, atol=1e-12), name


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--engines", default="polars,duckdb,spark,sql")
    parser.add_argument("--one", nargs=2)
    parser.add_argument("--assess", action="store_true")
    asked = parser.parse_args()
    if asked.one and asked.one[0] == "assess":
        print(json.dumps(assessed(int(asked.one[1]))))
        return
    if asked.one:
        print(json.dumps(one(asked.one[0], Path(asked.one[1]))))
        return
    engines = asked.engines.split(",")
    if shutil.which("java") is None and "spark" in engines:
        engines.remove("spark")
        print("no Java: Spark left out")
    if not asked.assess:
        print(f"load {os.getloadavg()[0]:.1f}; 20 indicators, 14 of them CV, by county and stage")
        print(f"{'schools':>8} {'rows':>8} {'engine':>8} {'CPU s':>8} {'wall s':>8} {'MB':>7}")
    for schools in () if asked.assess else asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "facts.parquet"
            frame = synthetic(schools)
            frame.write_parquet(path)
            answers = {engine: child(engine, path) for engine in engines}
        agree(answers)
        for engine, held in answers.items():
            name = "SQL*" if engine == "sql" else engine
            spent = f"{held['cpu']:8.2f} {held['wall']:8.2f} {held['memory']:7.0f}"
            print(f"{schools:8d} {frame.height:8d} {name:>8} {spent}")
        if "polars" in answers:
            details = answers["polars"]["details"]
            print(f"{'':17} Polars with exclusions by reason and worst contributors: {details:.2f} CPU s")
    if not asked.assess:
        print("* values and counts of the 14 coefficients alone, written by hand; from Parquet")
    print(f"assessment quality_balance; load {os.getloadavg()[0]:.1f}")
    for schools in asked.sizes:
        held = child("assess", Path(str(schools)))
        print(
            f"{schools:8d} schools, {held['counties']} counties together: {held['cpu']:.2f} CPU s, "
            f"{held['wall']:.2f} wall s, tables and checks {held['rest']:.2f} CPU s more, "
            f"{held['memory']:.0f} MB; one county alone: {held['single']:.3f} CPU s"
        )


if __name__ == "__main__":
    main()
