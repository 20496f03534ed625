"""`junheng monitoring …`: what the law asks of schools and counties, measured, judged and planned."""

from __future__ import annotations

import typer

from junheng.cli import monitoring_assess, monitoring_measure, monitoring_plan, monitoring_track

monitoring_app = typer.Typer(
    help="察：指标、官方评估与达标路径。\n\nIndicators, official assessments and the way to pass them.",
    short_help="指标与官方评估。Indicators and official assessments.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    monitoring_app.command("measure", short_help="计算指标。Measure indicators.")(monitoring_measure.measure)
    monitoring_app.command("assess", short_help="按官方评估逐项判断。Judge by an official assessment.")(
        monitoring_assess.assess
    )
    monitoring_app.command("track", short_help="跟踪规划目标与任务。Track targets and tasks of plans.")(
        monitoring_track.track
    )
    monitoring_app.command("plan-to-pass", short_help="最省的达标方案。The cheapest way to pass.")(
        monitoring_plan.plan_to_pass
    )
    monitoring_app.command("watch", short_help="监测预警。What fails next.")(monitoring_plan.watch)
    app.add_typer(monitoring_app, name="monitoring")
