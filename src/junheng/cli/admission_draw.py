"""`junheng admission draw` and `publish`: by the announced numbers, then for everybody to verify."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import admission_case, speech
from junheng.cli.admission_freeze import read_secret
from junheng.cli.admission_tables import Applicants, Applications, Programs
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.report.admission.draw_folder import DrawFolder, Held


class LevelChoice(StrEnum):
    """Who can check what."""

    own = "own"
    list = "list"
    full = "full"


Place = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER",
        help="封存所在的文件夹；与 --plan 同用时为工作区。Folder of the frozen draw; with --plan the workspace.",
    ),
]
PlanOption = Annotated[
    str | None,
    typer.Option(
        "--plan", metavar="ID", help="工作区里的招生方案。A plan of the workspace.", show_default=False
    ),
]


def draw(
    folder: Place,
    numbers: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="开奖结果表：source, event, numbers（信标为 signature, randomness）。Results of the announced events.",
        ),
    ],
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="派位时刻，如 2027-06-21T09:00。Time of the draw."),
    ],
    plan: PlanOption = None,
    programs: Programs = None,
    applicants: Applicants = None,
    applications: Applications = None,
    secret: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="密钥文件，核对三表时要用。The secret, to compare.", show_default=False
        ),
    ] = None,
) -> None:
    """由公告的随机数派位。封存后的改动、早于开奖、缺结果、第二个种子都拒绝。

    工作区里的方案：现在的登记与封存的不同会逐表提示，派位按封存的进行；随后用 assign 录取。
    三张表：给出三表和密钥，则先核对现在的登记与封存的是否一致。

    Draw by the announced numbers. Anything changed after the freeze, a draw before its event, a missing result
    or a second seed is refused. For a plan of a workspace tables that differ by now are named and the frozen
    ones count; assign comes next. With the three plain tables and the secret, what is registered today is
    compared with what was frozen.
    """
    from junheng.admission.announcement import moment
    from junheng.admission.draw_records import read_results
    from junheng.admission.public_draw import hold_draw
    from junheng.admission.seeds import seed_of
    from junheng.report.admission.publication import tickets_alone

    with speech.progress() as step:
        step("admission.drawing")
        store = _store(folder, plan)
        held = store.held()
        if plan is None:
            _refuse_changes(held, programs, applicants, applications, secret)
        seed = seed_of(held.announced, read_results(numbers), moment(at))
        drawn = hold_draw(held.frozen, held.announced, seed, held.handed)
        store.keep_draw(drawn, held.receipt_of)
    if plan is not None:
        _say_changed(folder, plan)
    summary = drawn.result.summary()
    about = {
        "receipts": held.announced.receipts,
        "assigned": summary["assigned"],
        "unassigned": summary["unassigned"],
        "digest": seed.seed.digest.hex(),
    }
    speech.answer(out=str(store.path), draw_id=held.announced.draw_id, **about)
    told = "admission.drawn_tickets" if tickets_alone(drawn) else "admission.drawn"
    speech.say(told, path=store.path, **about)


def _store(folder: Path, plan_id: str | None) -> DrawFolder:
    """The folder of a draw, or of a plan's draw. Refused `admission_cli.no_draw` where scores decide."""
    from junheng.data import Workspace
    from junheng.data.admission_folder import DRAW
    from junheng.report.admission.draw_folder import DrawFolder
    from junheng.report.admission.worked_plan import case_of

    if plan_id is None:
        return DrawFolder(folder)
    case = case_of(Workspace.open(folder), plan_id)
    if not case.drawn:
        raise Refused("admission_cli.no_draw", {"plan": case.plan.title})
    case.folder.seal()
    return DrawFolder(case.folder.path(DRAW))


def _refuse_changes(
    held: Held,
    programs: Path | None,
    applicants: Path | None,
    applications: Path | None,
    secret: Path | None,
) -> None:
    from junheng.admission.draw_tables import refuse_changes

    given = (programs, applicants, applications, secret)
    if all(one is None for one in given):
        return
    if programs is None or applicants is None or applications is None or secret is None:
        raise Refused("admission.compare_all")
    refuse_changes(
        held.announced, held.frozen, programs, applicants, applications, secret=read_secret(secret)
    )


def _say_changed(path: Path, plan_id: str) -> None:
    """Name the tables of the workspace that are no longer what was frozen."""
    from junheng.data import Workspace
    from junheng.data.admission_folder import AdmissionFolder, of_plan
    from junheng.data.digest import frame_digest

    workspace = Workspace.open(path)
    then = AdmissionFolder(workspace, plan_id).seal()["tables"]
    now = {name: frame_digest(frame) for name, frame in of_plan(workspace.tables(), plan_id).items()}
    changed = sorted(name for name in then if now.get(name) != then[name])
    if changed:
        speech.say("admission_cli.compare_tables", count=len(changed), tables=", ".join(changed))


def publish(
    folder: Place,
    target: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="DIR",
            help="公布的文件夹，须为空；方案默认为其文件夹下的 published。Empty folder of the publication; for a plan its own by default.",
            show_default=False,
        ),
    ] = None,
    plan: PlanOption = None,
    level: Annotated[
        LevelChoice | None,
        typer.Option(
            help="own 随机号与分数线，list 加全体结果，full 加全部行；默认按方案，三张表默认 own。"
            "Tickets and lines; all results; all lines. The plan's by default.",
            show_default=False,
        ),
    ] = None,
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
    from junheng.report.admission import late

    if plan is None and target is None:
        raise Refused("admission_cli.publish_where")
    with speech.progress() as step:
        step("admission.publishing")
        store = _store(folder, plan)
        held = store.held()
        seed = store.seed(held.announced)
        drawn = hold_draw(held.frozen, held.announced, seed, held.handed)
        placed = read_changes(changes) if changes is not None else ()
        if plan is not None:
            made = late.chain(admission_case.opened(folder, plan)[1].folder, held, seed.drawn_at, placed)
        else:
            made = chained(
                placed,
                salt=held.salt,
                draw_id=held.announced.draw_id,
                drawn_at=seed.drawn_at,
                receipts=held.frozen.receipts,
                spare=held.announced.spare_receipts,
                programs=held.announced.seats,
            )
        least = int(rules.at(when(seed.drawn_at).date()).small_counts["min_n"].number)
        to, chosen = target or store.path.parent / "published", level or LevelChoice.own
        if plan is not None:
            own = admission_case.opened(folder, plan)[1].plan.after
            chosen = level or LevelChoice(own.publish if own is not None else "own")
        given = paper.publish(to, drawn, made, chosen.value, least, on_site=on_site, proofs=proofs)
    about = {"level": chosen.value, "manifest": given.manifest}
    speech.answer(out=str(to), files=sorted(given.files), changes=len(made.rows), **about)
    speech.say("admission.published", path=to, **about)
