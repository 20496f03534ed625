"""`junheng admission freeze`: a plan of a workspace, or three plain tables, frozen under one root and
announced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import admission_case, speech
from junheng.cli.admission_tables import Applicants, Applications, DrawMechanism, Lottery, Programs
from junheng.model.errors import BadData, Refused

if TYPE_CHECKING:
    from junheng.admission.announcement import Announcement
    from junheng.admission.receipts import Secret
    from junheng.report.admission.worked_plan import Case
    from junheng.rules import RuleBook


PlanOption = Annotated[
    str | None,
    typer.Option(
        "--plan",
        metavar="ID",
        help="封存工作区里的招生方案。Freeze this plan of a workspace.",
        show_default=False,
    ),
]


def freeze(
    workspace: Annotated[
        Path | None,
        typer.Argument(
            metavar="WS",
            help="工作区文件夹，与 --plan 同用；封存三张表时不写。Workspace, with --plan; not for plain tables.",
            show_default=False,
        ),
    ] = None,
    plan: PlanOption = None,
    sources: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="随机数来源表：source, event, at, count，备用 fallback_event, fallback_at；摇起始号和间隔的写 kind=ring。Public sources, in order.",
            show_default=False,
        ),
    ] = None,
    secret: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="密钥文件（十六进制，至少 32 个字符），编受理编号用。Secret from which receipts are made, hexadecimal.",
            show_default=False,
        ),
    ] = None,
    frozen_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="封存时刻，如 2027-06-15T18:00。Time of the freeze.",
            show_default=False,
        ),
    ] = None,
    announced_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="公告时刻，须早于开奖。Time of the announcement, before the event.",
            show_default=False,
        ),
    ] = None,
    spare: Annotated[
        int,
        typer.Option(
            min=0, max=10_000, metavar="N", help="备用受理编号个数。Spare receipts for late arrivals."
        ),
    ] = 20,
    programs: Programs = None,
    applicants: Applicants = None,
    applications: Applications = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="TEXT",
            help="三张表：派位名称（学段与年份），如 2027-primary。Plain tables: stage and year of the draw.",
            show_default=False,
        ),
    ] = None,
    mechanism: Annotated[
        DrawMechanism | None,
        typer.Option(
            help="三张表：da 延迟录取，ia 志愿优先，parallel 志愿组，sd 按随机号依次选。"
            "Plain tables: mechanism; trading cycles are not public.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="三张表：封存所在的文件夹，须为空。Plain tables: empty folder of the draw.",
            show_default=False,
        ),
    ] = None,
    facts: Annotated[
        str,
        typer.Option(
            metavar="A,B,…", help="三张表：写入封存的条件列。Plain tables: columns of facts that are frozen."
        ),
    ] = "",
    bands: Annotated[
        str | None,
        typer.Option(
            metavar="3,3,…", help="parallel 各志愿组的志愿数。Choices in each band.", show_default=False
        ),
    ] = None,
    scope: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="派位范围代码（如片区），可空。Scope of the tickets, may be empty."
        ),
    ] = "",
    ring: Annotated[
        bool,
        typer.Option(
            "--ring",
            help="三张表：随机号只编号，按起始号和间隔在环上取号。Plain tables: a ring with start and step.",
        ),
    ] = False,
    lottery: Annotated[
        Lottery,
        typer.Option(
            help="三张表：child 每人一个随机号，programme 每个项目一个。Plain tables: a ticket a child, or at each programme.",
        ),
    ] = Lottery.child,
) -> None:
    """封存：每个孩子一行，算出一个根；写出公告。公告须在开奖前公布。

    工作区里的方案写 WS --plan 编号，封存之后方案与表格不再改动；三张表另写 --programs 等。
    按成绩录取的方案没有派位，只封存方案与表格。待核验或不通过的条件、同一身份登记两次、开奖不晚于公告，都拒绝封存。

    Freeze a plan of a workspace (WS --plan ID) or three plain tables: one line a child under one root, with
    the announcement to be published before the event. A plan that scores decide has no draw; plan and tables
    are frozen alone. Facts not settled, a child registered twice, or an event before the announcement are
    refused.
    """
    plain = {
        "--programs": programs,
        "--applicants": applicants,
        "--applications": applications,
        "--name": name,
        "--mechanism": mechanism,
        "--out": folder,
    }
    if plan is not None:
        plain |= {"--ring": ring or None, "--lottery": None if lottery is Lottery.child else lottery}
        if given := [option for option, value in plain.items() if value is not None]:
            raise Refused("admission_cli.freeze_both", {"given": ", ".join(given)})
        if workspace is None:
            raise Refused("admission_cli.freeze_form", {"missing": "WS"})
        _freeze_plan(workspace, plan, sources, secret, frozen_at, announced_at, spare)
        return
    needed = {**plain, **_draw_options(sources, secret, frozen_at, announced_at)}
    _refuse_missing(needed)
    assert programs and applicants and applications and name and mechanism and folder
    assert sources and secret and frozen_at and announced_at
    _freeze_tables(
        (programs, applicants, applications),
        sources=sources,
        secret=secret,
        name=name,
        mechanism=mechanism,
        times=(frozen_at, announced_at),
        folder=folder,
        facts=facts,
        bands=bands,
        scope=scope,
        spare=spare,
        lots={"ring": ring, "lottery": "" if lottery is Lottery.child else lottery.value},
    )


def _draw_options(
    sources: Path | None, secret: Path | None, frozen_at: str | None, announced_at: str | None
) -> dict[str, object]:
    return {
        "--sources": sources,
        "--secret": secret,
        "--frozen-at": frozen_at,
        "--announced-at": announced_at,
    }


def _refuse_missing(needed: dict[str, object]) -> None:
    if missing := [option for option, value in needed.items() if value is None]:
        raise Refused("admission_cli.freeze_form", {"missing": ", ".join(missing)})


def _freeze_plan(
    path: Path,
    plan_id: str,
    sources: Path | None,
    secret: Path | None,
    frozen_at: str | None,
    announced_at: str | None,
    spare: int,
) -> None:
    with speech.progress() as step:
        step("admission_cli.reading")
        _, case, book = admission_case.opened(path, plan_id)
        if case.drawn:
            _refuse_missing(_draw_options(sources, secret, frozen_at, announced_at))
        step("admission_cli.checking")
        announced = None
        if case.drawn:
            assert sources and secret and frozen_at and announced_at
            announced = _announce_plan(case, book, sources, secret, (frozen_at, announced_at), spare, step)
        else:
            _refuse_faulty(case, book)
            case.folder.pin(case.plan_text, case.tables)
    if announced is None:
        speech.say("admission_cli.plan_pinned", plan=plan_id, tables=len(case.folder.seal()["tables"]))
        speech.answer(plan=plan_id, draw_id="", root="", out=str(case.folder.root))
        return
    about = {
        "receipts": announced.receipts,
        "programs": len(announced.seats),
        "draw_id": announced.draw_id,
        "root": announced.root,
    }
    speech.answer(plan=plan_id, out=str(case.folder.root), **about)
    path = case.folder.path("draw", "announcement.json")
    speech.say("admission_cli.plan_frozen", plan=plan_id, path=path, **about)


def _refuse_faulty(case: Case, book: RuleBook) -> None:
    """BadData `admission_cli.faulty` with every fault of plan and tables."""
    from junheng.admission.plan_review import review

    found = review(case.tables, case.plan, book, case.folder.workspace.region.code)
    if found.problem is None:
        about = {"plan": case.plan.id, "count": len(found.errors)}
        raise BadData("admission_cli.faulty", about, found.findings)


def _announce_plan(
    case: Case,
    book: RuleBook,
    sources: Path,
    secret: Path,
    times: tuple[str, str],
    spare: int,
    step: speech.Steps,
) -> Announcement:
    """Pin plan and tables, write the frozen lines and the announcement. All is checked before anything is
    written; a freeze cut off between the two is taken up again by the same command."""
    from junheng import __version__
    from junheng.admission import plan_announced
    from junheng.admission.announcement import announce, moment
    from junheng.admission.draw_records import read_sources
    from junheng.admission.receipts import spare_receipts
    from junheng.data.admission_folder import DRAW
    from junheng.report.admission.draw_folder import PAGE, VERIFIER, DrawFolder, page, verifier
    from junheng.report.admission.plain_files import digest
    from junheng.report.admission.worked_plan import frozen_lines, problem_of

    _refuse_faulty(case, book)
    key = read_secret(secret)
    given = read_sources(sources)
    plan_announced.refuse_sources(case.plan, given)
    step("admission_cli.freezing")
    problem = problem_of(case, book)
    frozen, seats, receipt_of = frozen_lines(problem, case.tables["applicants"], key, case.plan.id)
    announced = announce(
        **plan_announced.announced_of(case.plan),
        draw=case.plan.id,
        root=frozen.tree.root.hex(),
        receipts=len(frozen.lines),
        seats=seats,
        spare_receipts=tuple(spare_receipts(key, case.plan.id, spare, frozen.receipts)),
        sources=given,
        frozen_at=moment(times[0]),
        announced_at=moment(times[1]),
        digests={VERIFIER: digest(verifier()), PAGE: digest(page())},
        software=f"junheng {__version__}",
    )
    store = DrawFolder(case.folder.path(DRAW))
    store.refuse_full()
    case.folder.pin(case.plan_text, case.tables)
    salt = key.of("signatures", announced.draw_id).hex()
    store.keep_freeze(announced, frozen, receipt_of, salt)
    return announced


def _freeze_tables(
    tables: tuple[Path, Path, Path],
    *,
    sources: Path,
    secret: Path,
    name: str,
    mechanism: DrawMechanism,
    times: tuple[str, str],
    folder: Path,
    facts: str,
    bands: str | None,
    scope: str,
    spare: int,
    lots: dict[str, Any],
) -> None:
    from junheng import __version__
    from junheng.admission.announcement import announce, moment
    from junheng.admission.draw_records import read_sources
    from junheng.admission.draw_tables import read_draw_tables
    from junheng.admission.receipts import spare_receipts
    from junheng.cli.assign import band_sizes
    from junheng.report.admission.draw_folder import PAGE, VERIFIER, DrawFolder, page, verifier
    from junheng.report.admission.plain_files import digest

    with speech.progress() as step:
        step("admission.freezing")
        key = read_secret(secret)
        held = read_draw_tables(*tables, secret=key, season=name, facts=_names(facts))
        announced = announce(
            draw=name,
            mechanism=mechanism.value,
            bands=band_sizes(bands),
            scope=scope,
            **lots,
            root=held.frozen.tree.root.hex(),
            receipts=len(held.frozen.lines),
            seats=held.seats,
            spare_receipts=tuple(spare_receipts(key, name, spare, held.frozen.receipts)),
            sources=read_sources(sources),
            frozen_at=moment(times[0]),
            announced_at=moment(times[1]),
            digests={VERIFIER: digest(verifier()), PAGE: digest(page())},
            software=f"junheng {__version__}",
        )
        salt = key.of("signatures", announced.draw_id).hex()
        DrawFolder(folder).keep_freeze(announced, held.frozen, held.receipt_of, salt)
    speech.findings(held.warnings)
    about = {
        "receipts": announced.receipts,
        "programs": len(announced.seats),
        "draw_id": announced.draw_id,
        "root": announced.root,
    }
    speech.answer(out=str(folder), warnings=len(held.warnings), **about)
    speech.say("admission.frozen", path=folder / "announcement.json", **about)


def _names(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace("，", ",").split(","))
    return tuple(part.lower() for part in parts if part)


def read_secret(path: Path) -> Secret:
    """The secret in a file. Refused `admission.secret_unreadable`, `admission.secret_short`."""
    from junheng.admission.receipts import Secret

    try:
        return Secret(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raise Refused("admission.secret_unreadable", {"path": str(path)}) from None
