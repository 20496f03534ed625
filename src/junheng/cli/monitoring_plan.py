"""`junheng monitoring plan-to-pass` and `watch`: the cheapest way to pass, and what fails next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import projecting, speech
from junheng.cli.arguments import Folder, Out
from junheng.model.errors import BadData, Refused

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.monitoring.pass_result import PassPlan
    from junheng.rules import RuleBook

Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        help="学年，默认最近一次填报。School year; the last one with data by default.",
        show_default=False,
    ),
]
FORECAST, SEED, DRAWS, AHEAD = "forecast_enrolment", 1, 1000, 10


def plan_to_pass(
    workspace: Folder,
    year: Year = None,
    assessment: Annotated[
        str,
        typer.Option("--assessment", metavar="ID", help="评估，如 quality_balance。The assessment."),
    ] = "quality_balance",
    horizon: Annotated[
        str | None,
        typer.Option(
            "--horizon",
            metavar="FROM,TO",
            help="方案须管到的学年，如 2026,2029。School years in which it must hold as well, as 2026,2029.",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", min=0, metavar="YUAN", help="预算（元）。Budget in yuan.", show_default=False
        ),
    ] = None,
    levers: Annotated[
        Path | None,
        typer.Option(
            "--levers",
            metavar="FILE",
            help="换用此文件中的办法与价格（improvement_levers）。Ways and prices of this file instead of the workspace's.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            help="把方案与差距写到此文件夹。Write plan and gaps into this folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """最省的达标方案：每校办什么、花多少、先办谁，预算够到哪里；今后各年是否还够。

    The cheapest way to pass: measures by school, cost, order, what a budget reaches, and whether it lasts.
    """
    from junheng import monitoring, rules
    from junheng.data import Workspace

    years = _horizon(horizon)
    opened = Workspace.open(workspace)
    tables = dict(opened.tables())
    chosen = _newest(tables) if year is None else year
    book = rules.load(*opened.rule_folders())
    if years:
        tables[FORECAST] = _forecast(opened, book, chosen, years[-1] - chosen)
    law = book.at(date(chosen, 9, 1), opened.region)
    if levers is not None:
        tables["improvement_levers"] = _levers(opened, levers)
    with speech.progress() as step:
        step("cli.plan_working")
        assessed = monitoring.assess(
            tables, law.assessment(assessment), year=chosen, law=law, region=opened.region
        )
        plan = monitoring.plan_to_pass(tables, assessed, law=law, horizon=years, budget=budget)
    projecting.refuse_failed(plan.check())
    speech.answer(summary=plan.summary())
    _show(plan, tables, budget)
    _write(out, opened, {**tables, **plan.tables}, {"year": chosen})
    _keep(report, plan)


def watch(workspace: Folder, year: Year = None, out: Out = None) -> None:
    """哪些指标临界、连年变差、将跌破界限、数据存疑，按涉及学生数排列。

    Which indicators are near their line, getting worse, about to break or doubtful; most pupils first.
    """
    from junheng import monitoring, rules
    from junheng.data import Workspace

    opened = Workspace.open(workspace)
    tables = opened.tables()
    chosen = _newest(tables) if year is None else year
    book = rules.load(*opened.rule_folders())
    forecast = _forecast(opened, book, chosen, AHEAD)
    with speech.progress() as step:
        step("cli.watch_working")
        values = [
            monitoring.measure(
                tables,
                book.at(date(one, 9, 1), opened.region).indicators,
                year=one,
                region=opened.region,
                law=book.at(date(one, 9, 1), opened.region),
                details=False,
            ).tables["indicator_values"]
            for one in _years(tables, chosen)
        ]
        indicators = book.at(date(chosen, 9, 1), opened.region).indicators
        found = monitoring.watch(pl.concat(values), indicators, forecast=forecast)
    projecting.refuse_failed(found.check())
    speech.answer(summary=found.summary())
    rows = found.tables["monitoring_warnings"]
    names = _names(tables)
    chinese = speech.language() == "zh"
    speech.table(
        speech.sentence("cli.watch_title", {"count": rows.height}),
        speech.sentence("cli.watch_headings", {}).split("|"),
        [
            [
                speech.sentence(f"cli.watch_{row['kind']}", {}),
                indicators[row["indicator"]].name("zh" if chinese else "en"),
                names.get(row["area"], row["area"]),
                _stage(row["stage"]),
                row["pupils"],
                speech.reason(row["reason_code"], row["reason_parameters"]),
            ]
            for row in rows.head(speech.SHOWN_ROWS).iter_rows(named=True)
        ],
    )
    if rows.height > speech.SHOWN_ROWS:
        speech.say("cli.more_rows", count=rows.height - speech.SHOWN_ROWS)
    _write(out, opened, {**tables, **found.tables}, {"year": chosen})


def _newest(tables: Mapping[str, pl.DataFrame]) -> int:
    """The last year schools reported their conditions."""
    held = tables.get("school_years")
    if held is None or held.is_empty():
        raise Refused("cli.assess_no_data", {})
    return max(held["year"].to_list())


def _horizon(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    first, _, last = (part.strip() for part in text.partition(","))
    last = last or first
    if not (first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < 30):
        raise Refused("cli.plan_horizon", {"value": text})
    return tuple(range(int(first), int(last) + 1))


def _forecast(opened: Workspace, book: RuleBook, year: int, ahead: int) -> pl.DataFrame:
    """Pupils of the coming years by school, made from the tables of the workspace as `forecast run` does."""
    return projecting.project(opened, book, year, max(ahead, 1), DRAWS, SEED).tables[FORECAST]


def _years(tables: Mapping[str, pl.DataFrame], last: int) -> list[int]:
    """The years schools reported their conditions, up to `last`."""
    held = tables.get("school_years")
    years = sorted(set(held["year"].to_list())) if held is not None else []
    return [one for one in years if one <= last] or [last]


def _names(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    names = dict(zip(tables["schools"]["school_id"], tables["schools"]["name"], strict=True))
    if "areas" in tables:
        names |= dict(zip(tables["areas"]["area_code"], tables["areas"]["name"], strict=True))
    return names


def _stage(stage: str | None) -> str:
    from junheng.report.wording import code_name

    return code_name("stage_or_shared", stage, speech.language()) if stage else ""


def _show(plan: PassPlan, tables: Mapping[str, pl.DataFrame], budget: float | None) -> None:
    from junheng.report.wording import code_name

    told = plan.summary()
    names = _names(tables)
    rows = plan.tables["pass_plan"]
    if rows.is_empty() and told["status"] != "infeasible":
        speech.say("cli.plan_nothing_needed")
    else:
        speech.table(
            speech.sentence("cli.plan_title", {"count": rows.height}),
            speech.sentence("cli.plan_headings", {}).split("|"),
            [
                [
                    row["place"],
                    names.get(row["area"], row["area"]),
                    _stage(row["stage"]),
                    code_name("improvement_kind", row["kind"], speech.language()),
                    row["adds"],
                    row["cost"],
                    row["ready_year"],
                    row["from_schools"],
                    speech.sentence(f"cli.plan_for_{row['reason']}", {}),
                    speech.sentence("cli.yes" if row["funded"] else "cli.no", {}),
                ]
                for row in rows.head(speech.SHOWN_ROWS).iter_rows(named=True)
            ],
        )
        if rows.height > speech.SHOWN_ROWS:
            speech.say("cli.more_rows", count=rows.height - speech.SHOWN_ROWS)
    _sure(plan, told)
    for one in told["out_of_reach"]:
        named = {**one, "school": names.get(one["school"], one["school"]), "stage": _stage(one["stage"])}
        speech.say("cli.plan_out_of_reach", **named)
    if budget is not None and told["priced"]:
        speech.say(
            "cli.plan_budget",
            budget=f"{budget:,.0f}",
            schools=told["funded_schools"],
            spent=f"{told['spent']:,.0f}",
            unmet=len(told["unmet_schools"]),
            coefficients=len(told["unmet_coefficients"]),
        )
    if first := told["first_break"]:
        named = {
            **first,
            "school": names.get(first["school"], first["school"]),
            "stage": _stage(first["stage"]),
            "path": speech.sentence(f"cli.path_{first['path']}", {}),
        }
        speech.say("cli.plan_break", **named, count=told["breaks"])


def _sure(plan: PassPlan, told: Mapping[str, Any]) -> None:
    cost, bound = (" · ".join(f"{part:,.2f}" for part in told[name]) for name in ("cost", "bound"))
    if told["status"] == "infeasible":
        speech.say("cli.plan_infeasible")
        return
    if not told["priced"]:
        speech.say("cli.plan_unpriced", cost=cost)
    sentence = "cli.plan_proved" if told["status"] == "proved" else "cli.plan_within"
    speech.say(sentence, measures=told["measures"], cost=cost, bound=bound, gap=f"{told['gap']:.1%}")
    if told["pupils_fixed"]:
        speech.say("cli.plan_pupils_fixed", bound=" · ".join(f"{part:,.2f}" for part in told["schools_only"]))
    if told["verified"] == "met":
        speech.say("cli.plan_verified")
    elif plan.unknown:
        speech.say("cli.plan_unknown", count=len(plan.unknown))


def _levers(opened: Workspace, path: Path) -> pl.DataFrame:
    from junheng.data import preview

    found = preview(opened, [path])
    if found.errors or "improvement_levers" not in found.tables:
        raise BadData("cli.plan_levers", {"path": path, "count": found.errors}, found.findings)
    return found.tables["improvement_levers"]


def _keep(folder: Path | None, plan: PassPlan) -> None:
    """Both tables as Parquet and the summary as JSON, the summary last."""
    if folder is None:
        return
    import io
    import json

    from junheng.data.atomic import write_bytes

    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in plan.tables.items():
        stream = io.BytesIO()
        frame.write_parquet(stream)
        write_bytes(folder / f"{name}.parquet", stream.getvalue())
    write_bytes(folder / "summary.json", json.dumps(plan.summary(), ensure_ascii=False).encode())
    speech.say("cli.wrote", path=folder)


def _write(
    out: Path | None, opened: Workspace, tables: Mapping[str, pl.DataFrame], about: Mapping[str, Any]
) -> None:
    if out is None:
        return
    from junheng import report
    from junheng.data.atomic import write_bytes

    source = report.ReportInput(opened.region, tables, run=about)
    write_bytes(out, report.workbook(source, language=speech.language()))
    speech.say("cli.wrote", path=out)
