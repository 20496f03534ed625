"""`junheng admission families` and `notices`: what families get of a plan."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import admission_case, speech
from junheng.cli.admission_freeze import read_secret
from junheng.cli.admission_rounds import kept_rounds
from junheng.cli.arguments import Folder
from junheng.model.errors import Refused

if TYPE_CHECKING:
    import polars as pl

    from junheng.admission.changes import Changes
    from junheng.report.admission.notice import Letter, Notice
    from junheng.report.admission.worked_plan import Case, Worked


class KindChoice(StrEnum):
    """Notices that can be printed."""

    receipt = "receipt"
    result = "result"
    admission = "admission"
    placement = "placement"
    waiting = "waiting"
    not_admitted = "not_admitted"


SecretFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="封存时用的密钥文件，受理编号和查询码由它算出。The secret of the freeze, from which codes follow.",
        show_default=False,
    ),
]
Objection = Annotated[
    str, typer.Option(metavar="TEXT", help="如何提出异议、到何时为止。How and until when to object.")
]


def families(
    workspace: Folder,
    plan: admission_case.PlanId,
    secret: SecretFile = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="公布日期，默认今天。Day of publication, today by default.",
            show_default=False,
        ),
    ] = None,
    objection: Objection = "",
    enough: Annotated[
        bool | None,
        typer.Option(
            "--enough/--no-enough",
            help="写明每个未录取志愿怎样才够（每人约 0.1 秒）；默认未录取的人少时写。"
            "Say what would have been enough, about 0.1 s a child; by default where few were refused.",
            show_default=False,
        ),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="撤下正在公布的，不写新的。Withdraw what is shown.")
    ] = False,
) -> None:
    """向各家公布：每个孩子一个信封，凭回执上的查询码打开；另附人人可核验的文件。

    结果未通过核验、封存的文件有改动，都不写。补录过的按现在的去向。

    Publish for families: an envelope a child, opened by the code on its receipt slip, beside the files by which
    anybody verifies. Nothing is written unless the result passes its checks; seats of later rounds count.
    """
    from junheng.report.admission import families_edition
    from junheng.report.admission.families import write_edition
    from junheng.report.admission.notice_rows import letter_of
    from junheng.report.admission.worked_plan import worked

    if withdraw:
        _withdraw(workspace, plan)
        return
    if secret is None:
        raise Refused("families_cli.secret_needed")
    with speech.progress() as step:
        step("admission_cli.reading")
        held, case, book = admission_case.opened(workspace, plan)
        case.folder.seal()
        found = worked(case.folder)
        step("families_cli.sealing")
        own = case.plan.after
        day = (published or datetime.now().astimezone()).date()
        present, waiting = _since(case, found)
        edition = write_edition(
            held.path,
            plan,
            found.result,
            secret=read_secret(secret),
            letter=letter_of(held.region, case.plan, speech.language(), objection=objection),
            published=day,
            least=int(book.at(day, held.region.code).small_counts["min_n"].number),
            schools=case.tables.get("schools"),
            draw=found.draw,
            receipt_of=found.held.receipt_of if found.held is not None else None,
            changes=_changes(case, found),
            level=own.publish if own is not None else "own",
            present=present,
            waiting=waiting,
            enough=enough,
        )
    about = {"families": edition.families, "edition": edition.name}
    speech.say("families_cli.published", plan=plan, **about)
    speech.answer(plan=plan, out=str(families_edition.folder(held.path, plan)), **about)


def _changes(case: Case, found: Worked) -> Changes:
    """Spare receipts taken by late arrivals, as they are published."""
    from junheng.admission.changes import NO_CHANGES
    from junheng.report.admission import late

    if found.held is None or found.draw is None:
        return NO_CHANGES
    return late.chain(case.folder, found.held, found.draw.seed.drawn_at)


def notices(
    workspace: Folder,
    plan: admission_case.PlanId,
    kind: Annotated[
        KindChoice,
        typer.Option(
            help="receipt 受理回执，result 全部结果，或其中一种。Receipt slips, all results, or one kind of them."
        ),
    ],
    target: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE",
            help=".pdf 每人一页，.zip 每人一份 docx，.docx 一人。A page each, a docx each, or one child's docx.",
        ),
    ],
    secret: SecretFile = None,
    child: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="只要这些申请人，可写多次。Only these applicants.", show_default=False
        ),
    ] = None,
    site: Annotated[
        str, typer.Option(metavar="URL", help="家庭查询的网址。Address of the families' pages.")
    ] = "",
    number: Annotated[
        str, typer.Option(metavar="TEXT", help="文号，默认留空填写。Document number, a blank by default.")
    ] = "",
    signed: Annotated[
        str, typer.Option("--signed", metavar="TEXT", help="落款日期，默认留空。Date of the signature.")
    ] = "",
    when: Annotated[str, typer.Option("--when", metavar="TEXT", help="报到时间。When to come.")] = "",
    where: Annotated[str, typer.Option("--where", metavar="TEXT", help="报到地点。Where to come.")] = "",
    objection: Objection = "",
) -> None:
    """打印受理回执和各种通知书；姓名留空手填。

    Print receipt slips and notices; names are blanks to be filled by hand.
    """
    from junheng.data import atomic
    from junheng.report.admission import notice_files
    from junheng.report.admission.notice_rows import letter_of

    ending = target.suffix.lower()
    if ending not in (".pdf", ".zip", ".docx"):
        raise Refused("families_cli.file_kind", {"path": target.name})
    with speech.progress() as step:
        step("admission_cli.reading")
        held, case, _ = admission_case.opened(workspace, plan)
        blanks = {"site": site, "number": number, "date": signed, "when": when, "where": where}
        letter = letter_of(held.region, case.plan, speech.language(), objection=objection, **blanks)
        rows = _rows(case, kind, letter, secret, child)
        word = speech.sentence(f"families_cli.kind_{kind.value}", {})
        if not rows:
            raise Refused("families_cli.no_such", {"kind": word})
        step("families_cli.setting")
        if ending == ".docx":
            if len(rows) > 1:
                raise Refused("families_cli.one_child", {"count": len(rows)})
            made = notice_files.docx(rows[0], letter, language=speech.language())
        else:
            make = notice_files.pdf if ending == ".pdf" else notice_files.docx_zip
            made = make(rows, letter, language=speech.language())
        atomic.write_bytes(target, made, private=True)
    speech.say("families_cli.notices", count=len(rows), kind=word, path=target)
    speech.answer(plan=plan, out=str(target), notices=len(rows), kind=kind.value)


def _rows(
    case: Case, kind: KindChoice, letter: Letter, secret: Path | None, child: list[str] | None
) -> list[Notice]:
    from junheng.report.admission.notice_rows import receipt_slips, result_notices
    from junheng.report.admission.worked_plan import worked

    only = set(child) if child else None
    if kind is KindChoice.receipt:
        if secret is None:
            raise Refused("families_cli.secret_needed")
        return receipt_slips(case.tables, case.plan, case.plan.id, read_secret(secret), children=only)
    case.folder.seal()
    found = worked(case.folder)
    present, waiting = _since(case, found)
    told = result_notices(
        found.result,
        letter,
        schools=case.tables.get("schools"),
        receipts=found.held.receipt_of if found.held is not None else None,
        children=only,
        present=present,
        waiting=waiting,
    )
    return [one for one in told if kind in (KindChoice.result, one.kind)]


def _since(case: Case, found: Worked) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Who sits elsewhere since the result, by the rounds kept, and the waiting lists now."""
    import polars as pl

    rounds = kept_rounds(case.folder, found)
    if not rounds:
        return None, None
    was = found.result.assignment.select("applicant_id", before="program_id")
    now = rounds[-1].assignment.select("applicant_id", "program_id").join(was, on="applicant_id")
    moved = now.filter(~pl.col("program_id").eq_missing(pl.col("before")))
    present = moved.select("applicant_id", "program_id", pl.lit("round").alias("ground"))
    return present, rounds[-1].waiting_list


def _withdraw(workspace: Path, plan: str) -> None:
    from junheng.data import Workspace
    from junheng.report.admission import families_edition

    edition = families_edition.withdraw(Workspace.open(workspace).path, plan)
    if not edition:
        raise Refused("families_cli.nothing", {"plan": plan})
    speech.say("families_cli.withdrawn", edition=edition)
    speech.answer(plan=plan, edition=edition)
