"""`junheng audit`, `junheng privacy`, `junheng access`: the evidence a bureau must show, from its desk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import speech
from junheng.cli.arguments import Folder
from junheng.model.errors import BadData, VerificationFailed

if TYPE_CHECKING:
    from junheng.report.content import Report

PROCESS = "command line"
_KNOWN = re.compile(r"(\d+):([0-9a-f]{64})")

audit_app = typer.Typer(no_args_is_help=True)
privacy_app = typer.Typer(no_args_is_help=True)
access_app = typer.Typer(no_args_is_help=True)


class Form(StrEnum):
    """Form of a document."""

    md = "md"
    html = "html"


Into = Annotated[
    Path | None,
    typer.Option("--folder", metavar="DIR", help="写入此文件夹。Write the document into this folder."),
]
FormOption = Annotated[Form, typer.Option("--form", help="md 或 html。Markdown or a page.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the root."""
    audit_app.command("verify", short_help="校验审计链。Verify the chain.")(verify)
    audit_app.command("export", short_help="导出审计记录。Export the trail.")(export)
    privacy_app.command("fields", short_help="个人信息字段目录。Personal fields.")(fields)
    privacy_app.command("retention", short_help="保存期限与删除。What is due to go.")(retention)
    privacy_app.command("subject", short_help="关于一个人的全部信息。All on one person.")(subject)
    privacy_app.command("minors", short_help="未成年人信息年度材料。Minors' data in a year.")(minors)
    privacy_app.command("rotate", short_help="更换字段密钥。Seal anew with the present key.")(rotate)
    privacy_app.command("incident", short_help="登记个人信息事件。Record an incident.")(incident)
    access_app.command("review", short_help="授权复查。Who may do what.")(review)
    app.add_typer(audit_app, name="audit", help="审计记录。The audit trail.")
    app.add_typer(privacy_app, name="privacy", help="个人信息。Personal data.")
    app.add_typer(access_app, name="access", help="授权。Grants.")


def verify(
    path: Folder,
    known: Annotated[
        str | None,
        typer.Option("--known", metavar="N:DIGEST", help="另处留存的摘要。A digest kept elsewhere."),
    ] = None,
) -> None:
    """校验审计记录：逐条核对，指出第一条被改动、缺失或不衔接的记录。

    Verify the audit trail; names the first event altered, missing or out of its place (exit code 7).
    """
    with _desk(path):
        from junheng.web.audit.actions import check
        from junheng.web.wording import reason

        verdict = check(known=_known(known))
        speech.answer(
            events=verdict.events, head=verdict.head, broken_at=verdict.broken_at, cause=verdict.cause
        )
        if not verdict.holds:
            cause = reason(f"audit.cause_{verdict.cause}", {"seq": verdict.broken_at}, speech.language())
            raise VerificationFailed("privacy_cli.broken", {"cause": cause})
        speech.say("privacy_cli.sound", events=verdict.events, head=verdict.head)


def export(
    path: Folder,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写入的文件夹。Folder to write into.")],
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="起。From this day.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="止（含）。To this day.")
    ] = None,
) -> None:
    """导出审计记录为带日期的 JSONL，并写出其 SHA-256。

    Export the audit trail as dated JSON lines, with the file's SHA-256 beside it.
    """
    first, last = _day(since), _day(until)
    with _desk(path):
        from junheng.web.audit.export import file_name, lines

        folder.mkdir(parents=True, exist_ok=True)
        target = folder / file_name()
        digest, count = hashlib.sha256(), 0
        with target.open("wb") as stream:
            for line in lines(first, last):
                stream.write(line)
                digest.update(line)
                count += 1
        target.with_suffix(".jsonl.sha256").write_text(
            f"{digest.hexdigest()}  {target.name}\n", encoding="ascii"
        )
        speech.answer(file=str(target), events=count, sha256=digest.hexdigest())
        speech.say("privacy_cli.exported", file=target, events=count, sha256=digest.hexdigest())


def fields(path: Folder, folder: Into = None, form: FormOption = Form.md) -> None:
    """个人信息字段目录：每个字段的用途、敏感程度、期限和依据。

    Every personal field with its purpose, sensitivity, period and ground.
    """
    with _desk(path):
        from junheng.web.privacy import documents

        _write(documents.fields(speech.language()), "fields", folder, form)


def retention(
    path: Folder,
    folder: Into = None,
    form: FormOption = Form.md,
    apply: Annotated[bool, typer.Option("--apply", help="删除到期内容。Delete what is due.")] = False,
) -> None:
    """保存期限：哪些已到期；--apply 删除并记入审计。

    What is due to go; --apply deletes it, on record.
    """
    with _desk(path):
        from junheng.web.privacy import documents
        from junheng.web.privacy.actions import delete_due

        if apply:
            done = delete_due(by=PROCESS)
            speech.say("privacy_cli.deleted", count=sum(done.values()))
        _write(documents.retained(speech.language()), "retention", folder, form)


def subject(
    path: Folder,
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="账户名。Account name.")],
    folder: Into = None,
    form: FormOption = Form.md,
) -> None:
    """关于一个人的全部信息，供本人查阅。

    All that is held on one person, for her to see.
    """
    with _desk(path):
        from junheng.web.privacy import documents

        _write(documents.subject(username, speech.language()), f"subject-{username}", folder, form)


def minors(
    path: Folder,
    year: Annotated[int, typer.Argument(min=2000, max=2100, metavar="YEAR", help="年份。Calendar year.")],
    folder: Into = None,
    form: FormOption = Form.md,
) -> None:
    """未成年人个人信息年度合规审计材料。

    Evidence on minors' data in a calendar year.
    """
    with _desk(path):
        from junheng.web.privacy import documents

        _write(documents.minors(year, speech.language()), f"minors-{year}", folder, form)


def rotate(path: Folder) -> None:
    """用现行密钥重新加密全部个人字段，在加入新密钥之后运行。

    Seal every personal field anew with the present key; run it after adding a new one.
    """
    with _desk(path):
        from junheng.web.privacy.actions import rotate as seal_anew

        count = seal_anew(by=PROCESS)
        speech.answer(values=count)
        speech.say("privacy_cli.rotated", count=count)


def incident(
    path: Folder,
    what: Annotated[
        str, typer.Argument(metavar="TEXT", help="情况，不写个人信息。What happened, naming nobody.")
    ],
    persons: Annotated[int, typer.Option("--persons", min=0, help="涉及人数。Persons.")],
    of_minors: Annotated[int, typer.Option("--minors", min=0, help="其中未成年人。Minors among them.")],
) -> None:
    """登记一起个人信息事件，记入审计。

    Put an incident with personal data on record.
    """
    with _desk(path):
        from junheng.web.privacy.actions import note_incident

        note_incident(by=PROCESS, what=what, persons=persons, minors=of_minors)
        speech.say("privacy_cli.noted")


def review(path: Folder, folder: Into = None, form: FormOption = Form.md) -> None:
    """授权复查：谁能做什么，久未使用、离岗、敏感角色缺第二因素的在前。

    Who may do what; unused grants, leavers and sensitive roles without a second factor first.
    """
    with _desk(path):
        from junheng.web.privacy import documents

        _write(documents.review(speech.language()), "access-review", folder, form)


@contextmanager
def _desk(path: Path) -> Iterator[None]:
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.model.errors import Refused
    from junheng.web.house import health

    if not health.migrated():
        raise Refused("privacy_cli.not_ready", {"path": path})
    yield


def _write(report: Report, name: str, folder: Path | None, form: Form) -> None:
    from junheng.report.html_page import page
    from junheng.web.privacy.markdown import markdown

    text = markdown(report) if form is Form.md else page(report)
    if folder is None:
        speech.console().print(text, markup=False, soft_wrap=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{report.period}-{name}.{form.value}"
    target.write_text(text, encoding="utf-8")
    speech.answer(file=str(target))
    speech.say("privacy_cli.written", file=target)


def _known(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    if not (found := _KNOWN.fullmatch(text.strip())):
        raise BadData("privacy_cli.known_form", {})
    return int(found[1]), found[2]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadData("privacy_cli.day_form", {"day": text}) from error
