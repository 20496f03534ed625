"""`junheng admission …`: a public draw that anybody can verify: freeze, draw, publish."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import admission_plan, speech
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.admission.receipts import Secret

admission_app = typer.Typer(
    help="招：公开派位——封存、公告、派位、公布，人人可核验。\n\n"
    "A public draw: freeze, announce, draw, publish; anybody can verify it.",
    short_help="公开派位，人人可核验。A public draw to verify.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class DrawMechanism(StrEnum):
    """Mechanisms whose outcome published cut-offs prove."""

    da = "da"
    ia = "ia"
    parallel = "parallel"
    sd = "sd"


class LevelChoice(StrEnum):
    """Who can check what."""

    own = "own"
    list = "list"
    full = "full"


DrawFolderArgument = Annotated[
    Path, typer.Argument(metavar="DRAW", help="封存所在的文件夹。Folder of the frozen draw.")
]
Programs = Annotated[
    Path, typer.Option(metavar="FILE", help="项目表：program_id, capacity。Programmes and their seats.")
]
Applicants = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="申请人表：applicant_id, identity, status, family, 各条件列。Applicants, identity, state of their facts, facts.",
    ),
]
Applications = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="志愿表：applicant_id, rank, program_id, priority。Choices; lower priority first.",
    ),
]
SecretFile = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="密钥文件（十六进制，至少 32 个字符），编受理编号用。Secret from which receipts are made, hexadecimal.",
    ),
]
Moment = Annotated[
    str, typer.Option("--at", metavar="TIME", help="派位时刻，如 2027-06-21T09:00。Time of the draw.")
]


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    admission_app.command("freeze", short_help="封存并写出公告。Freeze and announce.")(freeze)
    admission_app.command("draw", short_help="用公布的随机数派位。Draw by the public numbers.")(draw)
    admission_app.command("publish", short_help="核验后公布。Verify, then publish.")(publish)
    admission_app.command("plan", short_help="检查并打印招生方案。Check a plan and print it.")(
        admission_plan.plan
    )
    app.add_typer(admission_app, name="admission")


def freeze(
    programs: Programs,
    applicants: Applicants,
    applications: Applications,
    sources: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="随机数来源表：source, event, at, count，备用 fallback_event, fallback_at。Public sources, in order.",
        ),
    ],
    secret: SecretFile,
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="TEXT",
            help="派位名称（学段与年份），如 2027-primary。Stage and year of the draw.",
        ),
    ],
    mechanism: Annotated[
        DrawMechanism,
        typer.Option(
            help="da 延迟录取，ia 志愿优先，parallel 志愿组，sd 按随机号依次选。Mechanism; trading cycles are not public."
        ),
    ],
    frozen_at: Annotated[
        str, typer.Option(metavar="TIME", help="封存时刻，如 2027-06-15T18:00。Time of the freeze.")
    ],
    announced_at: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="公告时刻，须早于开奖。Time of the announcement, before the event."
        ),
    ],
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="封存所在的文件夹，须为空。Empty folder of the draw.")
    ],
    facts: Annotated[
        str,
        typer.Option(metavar="A,B,…", help="写入封存的条件列。Columns of facts that are frozen."),
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
    spare: Annotated[
        int,
        typer.Option(
            min=0, max=10_000, metavar="N", help="备用受理编号个数。Spare receipts for late arrivals."
        ),
    ] = 20,
) -> None:
    """封存三张表：每个孩子一行，算出一个根；写出公告。公告须在开奖前公布。

    待核验或不通过的条件、同一身份登记两次、开奖不晚于公告，都拒绝封存。

    Freeze three tables, one line a child, under one root, and write the announcement to be published before
    the event. Facts not settled, a child registered twice, or an event before the announcement are refused.
    """
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
        key = _secret(secret)
        tables = read_draw_tables(
            programs, applicants, applications, secret=key, season=name, facts=_names(facts)
        )
        announced = announce(
            draw=name,
            mechanism=mechanism.value,
            bands=band_sizes(bands),
            scope=scope,
            root=tables.frozen.tree.root.hex(),
            receipts=len(tables.frozen.lines),
            seats=tables.seats,
            spare_receipts=tuple(spare_receipts(key, name, spare, tables.frozen.receipts)),
            sources=read_sources(sources),
            frozen_at=moment(frozen_at),
            announced_at=moment(announced_at),
            digests={VERIFIER: digest(verifier()), PAGE: digest(page())},
            software=f"junheng {__version__}",
        )
        salt = key.of("signatures", announced.draw_id).hex()
        DrawFolder(folder).keep_freeze(announced, tables.frozen, tables.receipt_of, salt)
    speech.findings(tables.warnings)
    about = {
        "receipts": announced.receipts,
        "programs": len(announced.seats),
        "draw_id": announced.draw_id,
        "root": announced.root,
    }
    speech.answer(out=str(folder), warnings=len(tables.warnings), **about)
    speech.say("admission.frozen", path=folder / "announcement.json", **about)


def draw(
    folder: DrawFolderArgument,
    numbers: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="开奖结果表：source, event, numbers（信标为 signature, randomness）。Results of the announced events.",
        ),
    ],
    at: Moment,
    programs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="现在的项目表，核对与封存是否一致。Programmes of today, to compare.",
            show_default=False,
        ),
    ] = None,
    applicants: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="现在的申请人表，同上。Applicants of today, likewise.", show_default=False
        ),
    ] = None,
    applications: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="现在的志愿表，同上。Choices of today, likewise.", show_default=False
        ),
    ] = None,
    secret: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="密钥文件，核对三表时要用。The secret, to compare.", show_default=False
        ),
    ] = None,
) -> None:
    """由公告的随机数派位并录取。封存后的改动、早于开奖、缺结果、第二个种子都拒绝。

    给出三表和密钥，则先核对现在的登记与封存的是否一致。

    Draw by the announced numbers and assign. Anything changed after the freeze, a draw before its event, a
    missing result or a second seed is refused. With the three tables and the secret, what is registered today is
    compared with what was frozen.
    """
    from junheng.admission.announcement import moment
    from junheng.admission.draw_records import read_results
    from junheng.admission.draw_tables import refuse_changes
    from junheng.admission.public_draw import hold_draw
    from junheng.admission.seeds import seed_of
    from junheng.report.admission.draw_folder import DrawFolder

    with speech.progress() as step:
        step("admission.drawing")
        store = DrawFolder(folder)
        held = store.held()
        given = (programs, applicants, applications, secret)
        if any(one is not None for one in given):
            if programs is None or applicants is None or applications is None or secret is None:
                raise Refused("admission.compare_all")
            refuse_changes(
                held.announced, held.frozen, programs, applicants, applications, secret=_secret(secret)
            )
        seed = seed_of(held.announced, read_results(numbers), moment(at))
        drawn = hold_draw(held.frozen, held.announced, seed)
        store.keep_draw(drawn, held.receipt_of)
    summary = drawn.result.summary()
    about = {
        "receipts": held.announced.receipts,
        "assigned": summary["assigned"],
        "unassigned": summary["unassigned"],
        "digest": seed.seed.digest.hex(),
    }
    speech.answer(out=str(folder), draw_id=held.announced.draw_id, **about)
    speech.say("admission.drawn", path=folder, **about)


def publish(
    folder: DrawFolderArgument,
    target: Annotated[
        Path,
        typer.Option("--to", metavar="DIR", help="公布的文件夹，须为空。Empty folder of the publication."),
    ],
    level: Annotated[
        LevelChoice,
        typer.Option(
            help="own 随机号与分数线，list 加全体结果，full 加全部行。Tickets and lines; all results; all lines."
        ),
    ] = LevelChoice.own,
    changes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="人工改动表：receipt, program_id, ground, document_no, by, approved_by, at。Changes by hand.",
            show_default=False,
        ),
    ] = None,
    proofs: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="每个家庭一份证明的文件夹。Folder of one proof a family.", show_default=False
        ),
    ] = None,
    on_site: Annotated[
        bool,
        typer.Option(
            "--on-site", help="审计现场用的全部行，不公开。All lines for auditors, not for the public."
        ),
    ] = False,
) -> None:
    """用核验程序复算全部内容，相符才写出公布的文件。

    申请人少于小数保护线的项目，其分数线只写入申请过它的家庭的证明。

    Verify everything with the stand-alone verifier, and only then write what is published. Cut-offs of
    programmes with fewer applicants than the small-count limit go into their applicants' proofs alone.
    """
    from junheng import rules
    from junheng.admission.announcement import when
    from junheng.admission.changes import chained
    from junheng.admission.draw_records import read_changes
    from junheng.admission.public_draw import hold_draw
    from junheng.report import admission as paper

    with speech.progress() as step:
        step("admission.publishing")
        store = paper.DrawFolder(folder)
        held = store.held()
        seed = store.seed(held.announced)
        drawn = hold_draw(held.frozen, held.announced, seed)
        made = chained(
            read_changes(changes) if changes is not None else (),
            salt=held.salt,
            draw_id=held.announced.draw_id,
            drawn_at=seed.drawn_at,
            receipts=held.frozen.receipts,
            spare=held.announced.spare_receipts,
            programs=held.announced.seats,
        )
        least = int(rules.at(when(seed.drawn_at).date()).small_counts["min_n"].number)
        given = paper.publish(target, drawn, made, level.value, least, on_site=on_site, proofs=proofs)
    about = {"level": level.value, "manifest": given.manifest}
    speech.answer(out=str(target), files=sorted(given.files), changes=len(made.rows), **about)
    speech.say("admission.published", path=target, **about)


def _names(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace("，", ",").split(","))
    return tuple(part.lower() for part in parts if part)


def _secret(path: Path) -> Secret:
    from junheng.admission.receipts import Secret

    try:
        return Secret(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raise Refused("admission.secret_unreadable", {"path": str(path)}) from None
