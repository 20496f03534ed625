"""`junheng forecast …`: run, seats, what-if, explain, backtest, template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import speech
from junheng.model.errors import BadData, VerificationFailed

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Workspace_ = Annotated[Path, typer.Argument(metavar="WS", help="工作区文件夹。Folder of the workspace.")]
Origin = Annotated[int | None, typer.Option(help="起点学年。Origin year; the last count by default.")]
Years = Annotated[int, typer.Option(min=1, max=30, help="预测年数。Years ahead.")]
Draws = Annotated[int, typer.Option(min=100, max=10_000, help="抽样路径数。Number of draws.")]
Seed = Annotated[int, typer.Option(help="随机种子。Random seed.")]
Out = Annotated[Path | None, typer.Option("--out", help="结果工作簿 .xlsx。Workbook to write.")]

forecast_app = typer.Typer(
    help="测：预测儿童、学生与学位，比较情景，检验准确度。Forecast children, pupils and seats.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.add_typer(forecast_app, name="forecast")


@forecast_app.command("run")
def run(
    workspace: Workspace_,
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
    speech.table(
        speech.sentence("cli.forecast_title", {"region": projection.problem.region.name}),
        speech.sentence("cli.forecast_headings", {}).split("|"),
        [
            [
                row["year"],
                _stage(row["stage"]),
                round(row["p50"]),
                round(row["p10"]),
                round(row["p90"]),
                row["band"],
            ]
            for row in _region_rows(projection).iter_rows(named=True)
        ],
    )
    _write(out, projection.tables, projection)


@forecast_app.command("seats")
def seats(
    workspace: Workspace_,
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
    _refuse_failed(outlook.check())
    gravest = pl.col("level").replace_strict({"red": 0, "orange": 1, "yellow": 2}, return_dtype=pl.Int8)
    warnings = outlook.tables["seat_warnings"].sort(gravest, "from_year", "warning_id")
    speech.table(
        speech.sentence("cli.warnings_title", {"count": warnings.height}),
        speech.sentence("cli.warnings_headings", {}).split("|"),
        [
            [
                row["warning_id"],
                speech.sentence(f"cli.level_{row['level']}", {}),
                _name(projection, row["unit_code"]),
                _stage(row["stage"]),
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


@forecast_app.command("what-if")
def what_if(
    workspace: Workspace_,
    levers: Annotated[
        Path | None,
        typer.Option(
            help="情景措施表（模板见 forecast template）；默认用工作区中的 scenario_levers。Levers file."
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="情景名称；默认全部。Scenario; all by default.")
    ] = None,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """比较情景与基准：差值的中位数与 80% 区间（同一组抽样）。

    Compare scenarios with the base on the same draws: median and 80 % range of the difference.
    """
    from junheng import forecast

    base = _project(workspace, origin, years, draws, seed)
    frame = _levers(workspace, levers)
    names = [scenario] if scenario else frame["scenario"].unique(maintain_order=True).to_list()
    results: dict[str, pl.DataFrame] = {}
    for name in names:
        chosen = frame.filter(pl.col("scenario") == name)
        if chosen.is_empty():
            known = ", ".join(frame["scenario"].unique(maintain_order=True))
            raise BadData("cli.no_scenario", {"scenario": name, "known": known})
        comparison = forecast.compare(base, forecast.what_if(base, chosen))
        results[name] = comparison.table
        speech.table(
            speech.sentence("cli.what_if_title", {"scenario": name}),
            speech.sentence("cli.what_if_headings", {}).split("|"),
            [
                [row["year"], _stage(row["stage"]), round(row["p50"]), round(row["p10"]), round(row["p90"])]
                for row in comparison.table.filter(pl.col("unit_kind") == "region").iter_rows(named=True)
            ],
        )
    _write(out, results, base)


@forecast_app.command("explain")
def explain(
    workspace: Workspace_,
    unit: Annotated[
        str, typer.Argument(help="学校标识码、区域代码或预警编号。School id, area code or warning id.")
    ],
    year: Annotated[int | None, typer.Argument(help="目标学年。Target year.")] = None,
    stage: Annotated[str | None, typer.Argument(help="学段。Stage.")] = None,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
) -> None:
    """说明某单位某年为何增减，或某条预警从何而来。Say why a figure changes or a warning stands."""
    from junheng import forecast

    projection = _project(workspace, origin, years, draws, seed)
    if year is None or stage is None:
        explanation = forecast.seats(projection).explain(unit)
    else:
        explanation = projection.explain(unit, year, stage)
    speech.console().print(explanation.words(speech.language()), markup=False)


@forecast_app.command("template")
def template(
    path: Annotated[Path, typer.Argument(help="要写的 .xlsx。Workbook to write.")],
) -> None:
    """情景措施表模板。A workbook for writing scenarios."""
    from junheng.data import template as templates

    templates.write(path, ("scenario_levers",))
    speech.say("cli.wrote", path=path)


@forecast_app.command("backtest")
def backtest(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="长表 unit,year,grade,pupils（csv、xlsx、parquet）。Long table."),
    ],
    births: Annotated[
        Path | None, typer.Option(help="出生表 year,births 或 unit,year,births。Births.")
    ] = None,
    origins: Annotated[
        str | None, typer.Option(help="起点年份，如 2015:2020。Origin years, for example 2015:2020.")
    ] = None,
    max_lead: Annotated[
        int, typer.Option("--max-lead", min=1, max=15, help="最长提前年数。Longest lead.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """滚动起点检验：我们的方法与五种常用方法同场比较。

    Rolling-origin backtest of our method beside five common ones, under identical masks. All rates are shares.
    """
    from junheng import forecast
    from junheng.data import longtable

    frame = longtable.read(path)
    known_births = longtable.read(births) if births is not None else None
    with speech.progress() as step:
        score = forecast.backtest(
            frame, births=known_births, origins=_origins(origins), max_lead=max_lead, progress=step
        )
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
        [[_share(name, row[name]) for name in columns] for row in score.table.iter_rows(named=True)],
    )


def _project(workspace: Path, origin: int | None, years: int, draws: int, seed: int) -> Projection:
    from junheng import forecast, rules
    from junheng.data import Workspace
    from junheng.forecast.problem import Problem

    opened = Workspace.open(workspace)
    book = rules.load(*opened.rule_folders())
    with speech.progress() as step:
        step("year.forecasting")
        problem = Problem.from_tables(opened.tables(), book, opened.region, origin_year=origin)
        projection = forecast.project(problem, years=years, draws=draws, seed=seed)
    _refuse_failed(projection.check())
    return projection


def _refuse_failed(failed: list[str]) -> None:
    if failed:
        raise VerificationFailed("cli.checks_failed", {"checks": "; ".join(failed)})


def _levers(workspace: Path, path: Path | None) -> pl.DataFrame:
    from junheng.data import Workspace, intake

    opened = Workspace.open(workspace)
    if path is None:
        tables = opened.tables()
        if "scenario_levers" not in tables:
            raise BadData("cli.no_levers", {})
        return tables["scenario_levers"]
    return intake.preview(opened, [path]).table("scenario_levers")


def _region_rows(projection: Projection) -> pl.DataFrame:
    return projection.tables["forecast_enrolment"].filter(
        (pl.col("unit_kind") == "region") & (pl.col("grade") == "all")
    )


def _origins(text: str | None) -> range | None:
    if text is None:
        return None
    first, _, last = text.partition(":")
    if not first.strip().isdigit() or not (last.strip() or first.strip()).isdigit():
        raise typer.BadParameter(speech.sentence("cli.origins_form", {"value": text}))
    return range(int(first), int(last or first) + 1)


def _write(out: Path | None, tables: Any, projection: Projection) -> None:
    if out is None:
        return
    from junheng import report

    out.write_bytes(report.tables_workbook(tables, projection.problem.region, speech.language()))
    speech.say("cli.wrote", path=out)


def _stage(code: str) -> str:
    from junheng.report import wording

    return wording.code_name("stage", code, speech.language())


def _name(projection: Projection, code: str) -> str:
    return projection.problem.names.get(code, code)


def _share(name: str, value: Any) -> Any:
    if value is None or name in ("method", "lead"):
        return value
    return f"{value:.2f}" if name == "crps" else f"{value:.2%}"
