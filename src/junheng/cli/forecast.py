"""`junheng forecast …`: run, seats, what-if, explain, backtest, template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from junheng.cli import forecast_answers as answers
from junheng.cli import projecting, scenarios, speech
from junheng.cli.arguments import Draws, Folder, Origin, Out, Seed, Years
from junheng.model.errors import Refused
from junheng.model.stages import STAGES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

forecast_app = typer.Typer(
    help="测：预测儿童、学生与学位，比较情景，检验准确度。\n\n"
    "Forecast children, pupils and seats; compare scenarios; test the accuracy on past years.",
    short_help="预测、情景与检验。Forecasts, scenarios and backtests.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    forecast_app.command("what-if", short_help="比较情景与基准。Compare scenarios with the base.")(
        scenarios.what_if
    )
    app.add_typer(forecast_app, name="forecast")


@forecast_app.command("run", short_help="各学段今后各年学生。Pupils by stage in the coming years.")
def run(
    workspace: Folder,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """预测今后各年学生，按学段列出全区域的中位数与 80% 区间。

    Forecast pupils; prints the region's median and 80 % range by stage.
    """
    projection = _project(workspace, origin, years, draws, seed)
    rows = projection.tables["forecast_enrolment"].filter(
        (pl.col("unit_kind") == "region") & (pl.col("grade") == "all")
    )
    shown = {
        (row["year"], row["stage"]): f"{row['p50']:,.0f} ({row['p10']:,.0f}–{row['p90']:,.0f})"
        for row in rows.iter_rows(named=True)
    }
    stages = [stage for stage in STAGES if stage in set(rows["stage"])]
    speech.table(
        speech.sentence("cli.forecast_title", {"region": projection.problem.region.name}),
        [speech.sentence("cli.year", {}), *(answers.stage_name(stage) for stage in stages)],
        [[year, *(shown.get((year, stage)) for stage in stages)] for year in projection.years],
    )
    _write(out, projection.tables, projection)


@forecast_app.command("seats", short_help="学位缺口与红橙黄预警。Gaps and warnings.")
def seats(
    workspace: Folder,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """学位缺口与红橙黄预警。Seats, gaps and warnings."""
    from junheng import forecast

    projection = _project(workspace, origin, years, draws, seed)
    outlook = forecast.seats(projection)
    projecting.refuse_failed(outlook.check())
    gravest = pl.col("level").replace_strict({"red": 0, "orange": 1, "yellow": 2}, return_dtype=pl.Int8)
    warnings = outlook.tables["seat_warnings"].sort(gravest, "from_year", "warning_id")
    speech.table(
        speech.sentence("cli.warnings_title", {"count": warnings.height}),
        speech.sentence("cli.warnings_headings", {}).split("|"),
        [
            [
                row["warning_id"],
                speech.sentence(f"cli.level_{row['level']}", {}),
                answers.unit_name(projection, row["unit_code"]),
                answers.stage_name(row["stage"]),
                row["from_year"],
                f"{row['probability']:.0%}" if row["probability"] is not None else None,
                speech.reason(row["reason_code"], row["reason_parameters"]),
            ]
            for row in warnings.head(speech.SHOWN_ROWS).iter_rows(named=True)
        ],
    )
    if warnings.height > speech.SHOWN_ROWS:
        speech.say("cli.more_rows", count=warnings.height - speech.SHOWN_ROWS)
    _write(out, {**projection.tables, **outlook.tables}, projection)


@forecast_app.command("explain", short_help="说明增减或预警的原因。Why a figure changes or a warning stands.")
def explain(
    workspace: Folder,
    unit: Annotated[
        str,
        typer.Argument(
            metavar="UNIT",
            help="学校或区域的代码或名称，或预警编号。Code or name of a school or area, or a warning id.",
        ),
    ],
    year: Annotated[int | None, typer.Argument(metavar="YEAR", help="目标学年。Target year.")] = None,
    stage: Annotated[
        str | None,
        typer.Argument(metavar="STAGE", help="学段，如 小学 或 primary。Stage, for example primary."),
    ] = None,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
) -> None:
    """说明某单位某年为何增减，或某条预警从何而来。

    Say why a figure changes (UNIT YEAR STAGE) or why a warning stands (its id alone).
    """
    from junheng import forecast

    projection = _project(workspace, origin, years, draws, seed)
    if year is None or stage is None:
        answers.explain_warning(forecast.seats(projection), unit)
        return
    try:
        unit, stage = answers.unit_code(projection, unit), answers.stage_code(stage)
        explanation = projection.explain(unit, year, stage)
        if explanation.before == explanation.after == 0 and not any(explanation.parts.values()):
            raise ValueError(stage)  # the unit never teaches that stage
    except (KeyError, ValueError) as error:
        raise Refused(
            "cli.explain_unknown",
            {
                "unit": unit,
                "year": year,
                "stage": stage,
                "first": projection.years[0],
                "last": projection.years[-1],
            },
        ) from error
    speech.say(
        "cli.explained",
        unit=answers.unit_name(projection, unit),
        stage=answers.stage_name(stage),
        first=explanation.from_year,
        before=round(explanation.before),
        last=explanation.to_year,
        after=round(explanation.after),
        words=explanation.words(speech.language()),
    )


@forecast_app.command("template", short_help="情景措施表模板。A workbook for writing scenarios.")
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="要写的 .xlsx 文件。The .xlsx file to write.")],
) -> None:
    """情景措施表模板。A workbook for writing scenarios."""
    from junheng.data import template as templates

    templates.workbook(("scenario_levers",), out)
    speech.say("cli.wrote", path=out)


@forecast_app.command("backtest", short_help="用历史检验准确度。Test the accuracy on past years.")
def backtest(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="长表 unit,year,grade,pupils（csv、xlsx、parquet），或工作区。Long table, or a workspace.",
        ),
    ],
    births: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="出生表 year,births 或 unit,year,births。Births, for all or by unit.",
            show_default=False,
        ),
    ] = None,
    origins: Annotated[
        str | None,
        typer.Option(
            metavar="FROM:TO",
            help="起点学年，如 2015:2020，默认由数据定。Origin years, as 2015:2020; chosen from the data by default.",
            show_default=False,
        ),
    ] = None,
    max_lead: Annotated[
        int,
        typer.Option("--max-lead", min=1, max=15, metavar="N", help="最长提前年数。Longest lead in years."),
    ] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON，比率为小数。Print JSON, shares as fractions.")
    ] = False,
) -> None:
    """滚动起点检验：我们的方法与五种常用方法同场比较。

    Rolling-origin backtest of our method beside five common ones, under identical masks. All rates are shares.
    """
    from junheng import forecast
    from junheng.data import Workspace, longtable

    frame, known_births = (
        longtable.of_tables(Workspace.open(path).tables()) if path.is_dir() else (longtable.read(path), None)
    )
    if births is not None:
        known_births = longtable.read(births)
    with speech.progress() as step:
        score = forecast.backtest(
            frame, births=known_births, origins=_origins(origins), max_lead=max_lead, progress=step
        )
    speech.answer(scores=score.records())
    if as_json:
        typer.echo(json.dumps(score.records(), ensure_ascii=False, indent=1))
        return
    speech.findings(score.findings)
    columns = [
        "method",
        "lead",
        "total_mape",
        "total_wmape",
        "cell_wmape",
        "bias",
        "cover50",
        "cover80",
        "cover95",
        "width80",
        "crps",
    ]
    speech.table(
        speech.sentence("cli.backtest_title", {"file": path.name}),
        speech.sentence("cli.backtest_headings", {}).split("|"),
        [[answers.share(name, row[name]) for name in columns] for row in score.table.iter_rows(named=True)],
    )


def _project(workspace: Path, origin: int | None, years: int, draws: int, seed: int) -> Projection:
    from junheng import rules
    from junheng.data import Workspace

    opened = Workspace.open(workspace)
    return projecting.project(opened, rules.load(*opened.rule_folders()), origin, years, draws, seed)


def _origins(text: str | None) -> range | None:
    if text is None:
        return None
    first, _, last = text.partition(":")
    if not first.strip().isdigit() or not (last.strip() or first.strip()).isdigit():
        raise typer.BadParameter(speech.sentence("cli.origins_form", {"value": text}))
    return range(int(first), int(last or first) + 1)


def _write(out: Path | None, tables: Mapping[str, pl.DataFrame], projection: Projection) -> None:
    if out is None:
        return
    from junheng import report
    from junheng.data.atomic import write_bytes

    problem = projection.problem
    about = {"origin_year": problem.origin_year, "seed": projection.seed, "draws": projection.draws}
    source = report.ReportInput(problem.region, {**problem.tables, **tables}, run=about)
    write_bytes(out, report.workbook(source, language=speech.language()))
    speech.say("cli.wrote", path=out)
