"""`junheng policy list`, `check` and `coverage`: the policies clause by clause, and what each has become
here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import policy_answers as answers
from junheng.cli import speech
from junheng.cli.arguments import Folder, Out
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.monitoring.plan_tracking import Tracking
    from junheng.rules import PolicyDocument, Standards

policy_app = typer.Typer(no_args_is_help=True)

Document = Annotated[
    str | None,
    typer.Option(
        "--document",
        metavar="ID",
        help="只看这份文件，如 moe-reform-zones-2023。Only this document.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，比例为小数。Print JSON, shares as fractions.")]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="DAY",
        help="按此日，默认今天。On this day, 2026-09-01; today by default.",
        show_default=False,
    ),
]
Optional = Annotated[
    Path | None,
    typer.Argument(
        metavar="WS", help="工作区；不写则只看随附文件。Workspace; the packaged documents if absent."
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the root."""
    policy_app.command("list", short_help="逐条列出政策。List clauses and targets.")(list_clauses)
    policy_app.command("check", short_help="逐条核对本区域。Each clause on the region's data.")(check)
    policy_app.command("coverage", short_help="落实与可测情况。What is delivered and measurable.")(coverage)
    app.add_typer(
        policy_app, name="policy", help="政策：条款、目标、落实。Policies: clauses, targets, delivery."
    )


def list_clauses(workspace: Optional = None, document: Document = None, as_json: Json = False) -> None:
    """逐条列出政策文件的条款、目标与落实方式。

    落实方式：delivered 已有功能落实；partly 落实一部分，有关业务尚未建；tracked 只按目标、任务与材料跟踪；open 尚无。
    工作区自己的规划（rules/policies/*.yaml）一并列出。

    List every clause with its targets and what delivers it. Status: `delivered` by what is named, `partly`
    where a room that has a part is not built yet, `tracked` by targets, tasks and evidence only, or `open`.
    JSON has exactly the keys document, clause, title, targets (indicator, op, value, unit, by, scope),
    delivered_by, status.
    """
    documents = _chosen(_law(workspace, None).policies, document)
    listed = [answers.listed(clause) for one in documents.values() for clause in one.clauses()]
    speech.answer(clauses=len(listed), documents=list(documents))
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for one in documents.values():
        about = {"document": one.id, "title": one.title, "count": len(one.clauses())}
        speech.table(
            speech.sentence("policy_cli.list_title", about),
            speech.sentence("policy_cli.list_headings", {}).split("|"),
            [answers.list_row(clause) for clause in one.clauses()],
        )
        answers.conflicts(one)


def check(
    workspace: Folder,
    day: Day = None,
    document: Document = None,
    as_json: Json = False,
    out: Out = None,
) -> None:
    """按本区域数据逐条核对：已达到、按进度推进、偏离进度、缺数据、无法测量（列出应附材料）。

    并列出逾期与临期任务、教育投入是否只增不减。

    Each clause's status on the region's data: met, on_course, off_course, no_data, not_measurable (with the
    evidence to attach); overdue tasks, and whether education spending kept rising.
    """
    found, law, name = tracked(workspace, day_of(day), document)
    speech.answer(**found.summary())
    if as_json:
        typer.echo(json.dumps(answers.checked(found), ensure_ascii=False, indent=1))
    else:
        _show(found, law, name)
    if out is not None:
        write(out, workspace, found, law)


def coverage(workspace: Optional = None, day: Day = None, as_json: Json = False) -> None:
    """各文件多少条款已有功能落实、多少目标可由报表算出、本区域有没有数据、哪些说法不一。

    By document: clauses delivered, tracked and open; targets computed from tables or reported from outside;
    how many have data here; readings that differ.
    """
    from junheng import monitoring

    if workspace is None:
        law = _law(None, day_of(day))
        found = monitoring.track(None, law.policies, day=day_of(day), indicators=law.indicators)
    else:
        found, law, _ = tracked(workspace, day_of(day), None)
    rows = answers.coverage_rows(found)
    speech.answer(documents=rows)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    speech.table(
        speech.sentence("policy_cli.coverage_title", {}),
        speech.sentence("policy_cli.coverage_headings", {}).split("|"),
        [list(row.values()) for row in rows],
    )


def day_of(text: str | None) -> date:
    """The day asked for, or today."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(speech.sentence("rules_cli.day_form", {"day": text})) from None


def _law(workspace: Path | None, day: date | None) -> Standards:
    from junheng import rules
    from junheng.data import Workspace

    when = day or date.today()
    if workspace is None:
        return rules.load().at(when)
    opened = Workspace.open(workspace)
    return rules.load(*opened.rule_folders()).at(when, opened.region)


def _chosen(documents: Mapping[str, PolicyDocument], name: str | None) -> dict[str, PolicyDocument]:
    if name is None:
        return dict(documents)
    if name not in documents:
        raise Refused("policy_cli.no_document", {"name": name, "known": ", ".join(documents)})
    return {name: documents[name]}


def tracked(workspace: Path, day: date, document: str | None) -> tuple[Tracking, Standards, str]:
    """(plans tracked on the region's data, the law of the day, name of the region)."""
    from junheng import monitoring
    from junheng.cli.projecting import refuse_failed
    from junheng.data import Workspace
    from junheng.monitoring import plan_inputs

    opened = Workspace.open(workspace)
    law = _law(workspace, day)
    documents = _chosen(law.policies, document)
    tables: dict[str, Any] = dict(opened.tables())
    if document is not None and "policy_tasks" in tables:
        tables["policy_tasks"] = tables["policy_tasks"].filter(tables["policy_tasks"]["document"] == document)
    named = plan_inputs.indicators_of(documents, law)
    with speech.progress() as step:
        first = plan_inputs.since(documents)
        values = plan_inputs.values_of(
            tables, named, day, region=opened.region, law=law, first=first, progress=step
        )
    heads = plan_inputs.with_forecast(
        plan_inputs.pupils_of(tables, opened.region), answers.last_forecast(opened), opened.region.code
    )
    found = monitoring.track(
        values,
        documents,
        day=day,
        area=opened.region.code,
        indicators=named,
        projects=tables.get("projects"),
        tasks=tables.get("policy_tasks"),
        progress=tables.get("policy_progress"),
        evidence=tables.get("evidence"),
        finance=tables.get("finance"),
        pupils=heads,
    )
    refuse_failed(found.check())
    return found, law, opened.region.name


def _show(tracked: Tracking, law: Standards, region: str) -> None:
    for one in tracked.documents.values():
        about = {"document": one.id, "title": one.title, "region": region, "day": tracked.day.isoformat()}
        speech.table(
            speech.sentence("policy_cli.check_title", about),
            speech.sentence("policy_cli.check_headings", {}).split("|"),
            [
                answers.check_row(tracked, status, law)
                for status in tracked.clauses
                if status.document == one.id
            ],
        )
        answers.conflicts(one)
    answers.reminders(tracked)
    answers.spending(tracked)
    counted = tracked.summary()["clauses"]
    words = "，".join(f"{speech.sentence(f'policy.status_{name}', {})} {n}" for name, n in counted.items())
    speech.say("policy_cli.counted", clauses=len(tracked.clauses), statuses=words)


def write(out: Path, workspace: Path, tracked: Tracking, law: Standards) -> None:
    """The tables of tracking as a workbook, their codes in words."""
    from junheng import report
    from junheng.data import Workspace
    from junheng.data.atomic import write_bytes

    source = report.ReportInput(
        Workspace.open(workspace).region, answers.worded(tracked, law), run={"day": tracked.day}
    )
    write_bytes(out, report.workbook(source, language=speech.language()))
    speech.say("cli.wrote", path=out)
