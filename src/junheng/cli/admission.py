"""`junheng admission …`: a plan of a workspace from its check to its second round, and public draws on plain
tables."""

from __future__ import annotations

import typer

from junheng.cli import (
    admission_ask,
    admission_assign,
    admission_check,
    admission_draw,
    admission_families,
    admission_freeze,
    admission_plan,
    admission_rounds,
)

admission_app = typer.Typer(
    help="招：招生方案与公开派位——检查、封存、公告、派位、录取、说明、比较、递补，人人可核验。\n\n"
    "Admission plans and public draws: check, freeze, announce, draw, assign, explain, compare, second round; "
    "anybody can verify it.",
    short_help="招生方案与公开派位。Admission plans and public draws.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    for name, verb, about in (
        ("plan", admission_plan.plan, "检查并打印招生方案。Check a plan and print it."),
        ("check", admission_check.check, "检查方案与表格。Check a plan with its tables."),
        ("simulate", admission_assign.simulate, "派位前试算。A trial before the day."),
        ("chances", admission_ask.chances, "派位前的机会。Chances before the draw."),
        ("compare", admission_ask.compare, "比较两种办法。Compare two ways."),
        ("freeze", admission_freeze.freeze, "封存并写出公告。Freeze and announce."),
        ("draw", admission_draw.draw, "用公布的随机数派位。Draw by the public numbers."),
        ("assign", admission_assign.assign, "录取、核验、保存。Admit, prove and keep."),
        ("explain", admission_ask.explain, "说明一名儿童的结果。Explain how a child ended."),
        ("publish", admission_draw.publish, "核验后公布。Verify, then publish."),
        ("families", admission_families.families, "向各家公布结果。Publish for families."),
        ("notices", admission_families.notices, "打印回执和通知书。Print slips and notices."),
        ("second-round", admission_rounds.second_round, "答复后递补。A round after the answers."),
    ):
        admission_app.command(name, short_help=about)(verb)
    app.add_typer(admission_app, name="admission")
