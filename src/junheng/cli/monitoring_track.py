"""`junheng monitoring track`: every target of the plans with its figure, the path, what is missing and its status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from junheng.cli import policy, speech
from junheng.cli import policy_answers as answers
from junheng.cli.arguments import Folder, Out

if TYPE_CHECKING:
    from junheng.monitoring.plan_tracking import Progress


def track(
    workspace: Folder,
    day: policy.Day = None,
    document: policy.Document = None,
    as_json: policy.Json = False,
    out: Out = None,
) -> None:
    """逐个目标跟踪：现值、路径应达到的值、还差多少、每年还需多少与近三年年均、状态；任务提醒；两个只增不减。

    状态：reached 达到，held 保持，on_course 在进度上，off_course 偏离进度，missed 未达到，not_due 未到期，
    no_baseline 缺基期，no_data 缺数据，strive 力争而未达到。

    Every target: its figure, what the path asks, what is missing in natural units, the step still needed a year
    beside the mean of the last three, and its status; tasks to be reminded of; whether spending kept rising.
    """
    tracked, law, _ = policy.tracked(workspace, policy.day_of(day), document)
    speech.answer(**tracked.summary())
    rows = [one for one in tracked.progress if one.level == "region"]
    if as_json:
        found = tracked.tables["target_progress"].drop("run", "reason_parameters").to_dicts()
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
    else:
        for one in tracked.documents.values():
            speech.table(
                f"{one.id} {one.title}",
                speech.sentence("policy_cli.track_headings", {}).split("|"),
                [_row(row, law.indicators) for row in rows if row.document == one.id],
            )
        answers.reminders(tracked)
        answers.spending(tracked)
    if out is not None:
        policy.write(out, workspace, tracked, law)


def _row(one: Progress, indicators: Any) -> list[object]:
    stands, target = one.course, one.target
    declared = indicators.get(target.indicator)
    figure = stands.measured
    name = target.indicator if declared is None else declared.name(speech.language())
    wanted = answers.asked(target).removeprefix(target.indicator).strip()
    return [
        f"{one.clause}#{target.id}",
        name,
        wanted,
        None if figure is None or figure.value is None else answers.amount(figure.value, target.unit),
        stands.year,
        None if stands.expected is None else answers.amount(stands.expected, target.unit),
        None if figure is None or not figure.short else answers.amount(figure.short, one.short_unit),
        None if stands.step_needed is None else answers.amount(stands.step_needed, target.unit),
        None if stands.step_recent is None else answers.amount(stands.step_recent, target.unit),
        speech.sentence(f"policy.target_{stands.status}", {}),
        speech.sentence(stands.reason, dict(stands.parameters)),
    ]
