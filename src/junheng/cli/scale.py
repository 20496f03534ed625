"""`junheng scale …`: the same verbs over many counties, and a synthetic nation to try them on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import events, projecting, speech
from junheng.cli.arguments import Seed
from junheng.model.errors import BadData
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.scale.result import ScaleResult

scale_app = typer.Typer(
    help="多县同算：一省或全国逐县计算，可断点续算。\n\nMany counties at once: a province or the nation, resumable.",
    short_help="多县同算。Many counties at once.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    scale_app.command("make", short_help="生成全国合成数据。Make a synthetic nation.")(make)
    scale_app.command("run", short_help="逐县计算。Run over all counties.")(run)
    app.add_typer(scale_app, name="scale")


def make(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="写到哪个空文件夹。Empty folder to write into.")
    ],
    counties: Annotated[int, typer.Option(min=1, metavar="N", help="县数。Counties.")] = 2850,
    schools: Annotated[int, typer.Option(min=2, metavar="N", help="学校数。Schools.")] = 150_000,
    seed: Seed = 1,
    year: Annotated[int, typer.Option(min=2000, max=2100, metavar="YEAR", help="学年。School year.")] = 2025,
) -> None:
    """生成全国合成数据：按学年、省分区的 Parquet，种子相同则逐字节相同；不对应任何真实地方。

    Make a synthetic nation: Parquet by school year and province, same seed, same bytes; no real place is meant.
    """
    from junheng import scale

    with speech.progress() as step:
        made = scale.make(folder, counties=counties, schools=schools, seed=seed, year=year, progress=step)
    count = sum(len(held) for held in made.counties.values())
    speech.answer(folder=str(folder), provinces=len(made.counties), counties=count, schools=schools)
    speech.say("cli.scale_made", path=folder, provinces=len(made.counties), counties=count, schools=schools)


def run(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="按省分区的数据文件夹。Folder of data partitioned by province."
        ),
    ],
    verb: Annotated[
        str,
        typer.Option(
            "--verb",
            metavar="VERB",
            help="算什么：measure（指标）或 assess（优质均衡评估）。What: measure or assess.",
        ),
    ] = "measure",
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="怎样算：process、pool 或 spark，结果相同。How: process, pool or spark; equal results.",
        ),
    ] = "process",
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            metavar="N",
            help="进程数，默认处理器个数。Processes; as many as processors by default.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            help="学年，默认最近一年。School year; the last by default.",
            show_default=False,
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="结果文件夹，默认 FOLDER/results/；再次运行只算有变化的县。Folder of results, FOLDER/results/ by default; run again, only changed counties are worked out.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """逐县计算指标或评估，汇总到省与全国；中断后再运行即续算，算不成的县逐个点名。

    Measure or assess county by county, add up to provinces and nation; resumes after an interruption, and names
    every county that failed.
    """
    from junheng import scale

    with speech.progress() as step:
        result = scale.run(
            verb,
            folder,
            engine=engine,  # type: ignore[arg-type]
            workers=workers,
            year=year,
            out=results,
            progress=step,
        )
    projecting.refuse_failed(result.check())
    summary = result.summary()
    speech.answer(summary=summary, out=str(result.out))
    if as_json:
        typer.echo(json.dumps(events.plain(summary), ensure_ascii=False, indent=1))
    else:
        _show(result, summary)
    if result.failures:
        _refuse(result)


def _show(result: ScaleResult, summary: dict[str, Any]) -> None:
    speech.say(
        "cli.scale_run",
        counties=summary["counties"],
        made=result.made,
        kept=result.kept,
        failed=len(result.failures),
    )
    rows = [
        [speech.sentence(f"monitoring.status_{name}", {}), count] for name, count in result.statuses.items()
    ]
    if rows:
        speech.table("", speech.sentence("cli.scale_headings", {}).split("|"), rows)
    speech.say("cli.wrote", path=result.out)


def _refuse(result: ScaleResult) -> None:
    """BadData that names every county without a result."""
    findings: list[Finding] = []
    for one in result.failures:
        about = {
            "county": one.county,
            "name": one.name,
            "reason": speech.sentence(one.code, one.parameters),
        }
        findings += [Finding("scale.county_failed", "error", parameters=about), *one.findings]
    raise BadData(
        "scale.counties_failed", {"count": len(result.failures), "done": result.made + result.kept}, findings
    )
