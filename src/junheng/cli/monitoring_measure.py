"""`junheng monitoring measure`: indicators on a workspace's tables, printed, as JSON or as workbook."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import events, projecting, speech
from junheng.cli.arguments import Folder
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.monitoring.result import Measurement
    from junheng.rules.indicator import Indicator

STATUSES = ("met", "unmet", "not_computable", "not_examined", "no_threshold")


def measure(
    workspace: Folder,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            help="学年，默认最近一次填报。School year; the last one with data by default.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="COLUMNS",
            help="分组，如 county,stage 或 town,stage 或 school_id,stage；默认按各指标的规定。"
            "Grouping, as county,stage; by default what each indicator declares.",
            show_default=False,
        ),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(
            "--indicator",
            metavar="ID",
            help="只算这个指标，可重复。Only this indicator; may be repeated.",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="计算引擎：polars、duckdb 或 spark，结果相同。Engine: polars, duckdb or spark; equal results.",
        ),
    ] = "polars",
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON，比率为小数。Print JSON, shares as fractions.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="OUT",
            help="把结果写成此 .xlsx。Write the results to this .xlsx.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """计算指标：数值、界限、结论与理由，用到、排除和缺失的行，影响最大的单位。

    Measure indicators: value, line, status and why; rows used, left out and missing; who weighs most.
    """
    from junheng.data import Workspace

    opened = Workspace.open(workspace)
    tables = opened.tables()
    chosen = _last_year(tables) if year is None else year
    result = _measured(opened, tables, chosen, by, indicator, engine)
    values = result.tables["indicator_values"]
    if not values["n_used"].fill_null(0).sum():
        raise Refused("cli.measure_none", {"year": chosen})
    speech.answer(summary=result.summary())
    if as_json:
        rows = [events.plain(row) for row in values.iter_rows(named=True)]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _show(opened, result, _names(tables))
    if out is not None:
        _write(opened, tables, result, out)


def _last_year(tables: Mapping[str, pl.DataFrame]) -> int:
    """The last year schools reported their conditions, else the last count of pupils."""
    for name in ("school_years", "enrolment"):
        held = tables.get(name)
        if held is not None and held.height:
            return max(held["year"].to_list())
    raise Refused("cli.measure_none", {"year": "–"})


def _measured(
    opened: Workspace,
    tables: Mapping[str, pl.DataFrame],
    year: int,
    by: str | None,
    wanted: list[str] | None,
    engine: str,
) -> Measurement:
    from junheng import monitoring, rules

    law = rules.load(*opened.rule_folders()).at(date(year, 9, 1), opened.region)
    chosen = _chosen(law.indicators, wanted)
    columns = None if by is None else _columns(by, chosen)
    newest = opened.versions()
    with speech.progress() as step:
        result = monitoring.measure(
            tables,
            chosen,
            year=year,
            by=columns,
            engine=engine,  # type: ignore[arg-type]
            region=opened.region,
            law=law,
            data_version=newest[-1].id if newest else "",
            progress=step,
        )
    projecting.refuse_failed(result.check())
    return result


def _chosen(indicators: Mapping[str, Indicator], wanted: list[str] | None) -> Mapping[str, Indicator]:
    for name in wanted or ():
        if name not in indicators:
            near = difflib.get_close_matches(name, indicators, 1, 0.0)
            raise Refused("cli.measure_unknown", {"name": name, "near": near[0] if near else "–"})
    return indicators if not wanted else {name: indicators[name] for name in wanted}


def _columns(by: str, chosen: Mapping[str, Indicator]) -> list[str]:
    """The columns of `--by`; `school` stands for school_id."""
    from junheng.rules.grains import GRAINS

    known = set[str]().union(*(GRAINS[one.grain].groups() for one in chosen.values()))
    named = [name.strip().replace("-", "_") for name in by.split(",") if name.strip()]
    columns = ["school_id" if name == "school" else name for name in named]
    for name in columns:
        if name not in known:
            raise Refused("cli.measure_by", {"name": name, "known": ", ".join(sorted(known))})
    return columns


def _names(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Code of an area or school -> its name."""
    found: dict[str, str] = {}
    for table, code in (("areas", "area_code"), ("schools", "school_id")):
        if table in tables:
            found |= dict(tables[table].select(code, "name").iter_rows())
    return found


def _show(opened: Workspace, result: Measurement, names: Mapping[str, str]) -> None:
    from junheng.report import wording

    language = speech.language()
    gravest = pl.col("status").replace_strict(
        ["unmet", "not_computable", "not_examined", "met", "no_threshold"],
        [0, 1, 2, 3, 4],
        return_dtype=pl.Int8,
    )
    values = result.tables["indicator_values"].sort(gravest, maintain_order=True)
    rows: list[list[Any]] = []
    for row in values.head(speech.SHOWN_ROWS).iter_rows(named=True):
        shown = result.explain(row["indicator"], row["area"], row["stage"], row["group"])
        rows.append(
            [
                shown.indicator.name(language),
                names.get(row["area"], row["area"]),
                wording.code_name("stage", row["stage"], language) if row["stage"] else "",
                row["group"],
                shown.value(),
                None if row["threshold"] is None else f"{row['op']} {row['threshold']:g}",
                speech.sentence(f"monitoring.status_{row['status']}", {}),
                speech.sentence(f"monitoring.why_{row['status_reason']}", {}),
                row["n_used"],
                row["n_missing"] or 0,
            ]
        )
    speech.findings([one for one in result.findings if one.severity != "note"])
    speech.table(
        speech.sentence("cli.measure_title", {"region": opened.region.name, "year": result.year}),
        speech.sentence("cli.measure_headings", {}).split("|"),
        rows,
    )
    if values.height > speech.SHOWN_ROWS:
        speech.say("cli.more_rows", count=values.height - speech.SHOWN_ROWS)
    counts = result.summary()["statuses"]
    speech.say("cli.measure_counts", groups=values.height, **{name: counts[name] for name in STATUSES})


def _write(opened: Workspace, tables: Mapping[str, pl.DataFrame], result: Measurement, out: Path) -> None:
    from junheng import report
    from junheng.data.atomic import write_bytes

    about = {"origin_year": result.year}
    source = report.ReportInput(opened.region, {**tables, **result.tables}, run=about)
    write_bytes(out, report.workbook(source, language=speech.language()))
    speech.say("cli.wrote", path=out)
