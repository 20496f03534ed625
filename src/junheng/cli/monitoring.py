"""`junheng monitoring …`: what the law asks of schools and counties, measured, judged and planned."""

from __future__ import annotations

import typer

from junheng.cli import monitoring_assess

monitoring_app = typer.Typer(
    help="察：指标、官方评估与达标路径。\n\nIndicators, official assessments and the way to pass them.",
    short_help="指标与官方评估。Indicators and official assessments.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    monitoring_app.command("assess", short_help="按官方评估逐项判断。Judge by an official assessment.")(
        monitoring_assess.assess
    )
    app.add_typer(monitoring_app, name="monitoring")
