"""`junheng admission second-round`: answers in, late arrivals in, seats given back go on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli import admission_case, speech
from junheng.cli.admission_case import PlanId, TablesOut
from junheng.cli.arguments import Folder
from junheng.model.errors import Refused, VerificationFailed

if TYPE_CHECKING:
    import polars as pl

    from junheng.admission import Late, PlanResult, PlanRound
    from junheng.admission.late_arrivals import LateRows
    from junheng.data import Workspace
    from junheng.data.admission_folder import AdmissionFolder
    from junheng.report.admission.worked_plan import Worked


class RoundPolicy(StrEnum):
    """How seats given back go on."""

    waiting_list = "waiting_list"
    rerun = "rerun"
    reverse_lottery = "reverse_lottery"


class Silence(StrEnum):
    """What no answer means."""

    accept = "accept"
    decline = "decline"


def second_round(
    workspace: Folder,
    plan: PlanId,
    answers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="答复表（Excel 或 CSV）：报名编号、答复（接受、候补、放弃）；只有补登时可不写。Excel or CSV: applicant_id, answer (accept, wait, decline).",
            show_default=False,
        ),
    ] = None,
    late: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="补登表，每名儿童一行：编号、身份、条件、志愿、文号、经办人、批准人、时间。Late arrivals, a row for each child.",
            show_default=False,
        ),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--round",
            min=1,
            metavar="N",
            help="第几轮，默认下一轮；重做末一轮则写它的序号。Number of the round; the next one by default.",
            show_default=False,
        ),
    ] = None,
    policy: Annotated[
        RoundPolicy | None,
        typer.Option(
            help="递补办法，默认按方案。How vacancies go on; the plan's by default.", show_default=False
        ),
    ] = None,
    silence: Annotated[
        Silence | None,
        typer.Option(
            help="有学位而没有答复的：accept 保留，decline 视为放弃。Children with a seat who said nothing keep it or give it back.",
            show_default=False,
        ),
    ] = None,
    tables: TablesOut = None,
) -> None:
    """收齐答复后递补：放弃的学位给候补的孩子，留下的孩子不会更差。核验通过后存入方案的文件夹。

    有学位的孩子没有答复时，须用 --silence 写明怎样处理。补登的孩子按表中次序各取下一个备用受理编号
    （派位前已公布），随机号由它算出；谁取了哪个编号写入公布的改动表。

    A second round after the answers: seats given back go to who waits, and nobody who keeps a seat is worse
    off. Checked, then kept in the plan's folder. Where children with a seat did not answer, --silence says what
    that means. Late arrivals take the next spare receipts in the order of their table; who took which is in the
    published changes.
    """
    from junheng.data.admission_answers import read_answers
    from junheng.report.admission.late import frames_of, late_of

    with speech.progress() as step:
        step("admission_cli.reading")
        opened, case, _ = admission_case.opened(workspace, plan)
        if answers is None and late is None:
            raise Refused("admission_cli.round_empty")
        step("admission_cli.assigning")
        found = _result(case.folder)
        at = _number(case.folder, number)
        came = _late(opened, case.folder, found, late, at)
        before = [found.result, *kept_rounds(case.folder, found)]
        known = set(before[at - 1].assignment["applicant_id"])
        said = read_answers(answers, known) if answers is not None else _nobody()
        quiet = _quiet(before[at - 1], said, silence)
        joins = late_of(case.folder, found, came)
        done = _after(before[at - 1], said, policy.value if policy else None, at, quiet, joins)
        if failed := done.check():
            about = {"plan": plan, "count": len(failed), "what": ", ".join(failed[:5])}
            raise VerificationFailed("admission_cli.not_proved", about)
        step("admission_cli.saving")
        frames = {**done.tables, "answers": said, **(frames_of(came) if came is not None else {})}
        case.folder.keep(f"rounds/{at}", frames, {**done.summary(), "silence": quiet})
    told = done.summary()
    rows = [[name, told[name]] for name in ("given_back", "moved", "first_seats", "vacancies_left")]
    admission_case.told(
        "admission_cli.round",
        [[speech.sentence(f"admission_cli.round_{name}", {}), value] for name, value in rows],
        number=at,
    )
    _tell_late(came, done)
    admission_case.write_out(tables, frames)
    speech.say("admission_cli.round_done", number=at, path=case.folder.path("rounds", str(at)))
    speech.answer(plan=plan, round=at, summary=told, out=str(tables) if tables else "")


def _result(folder: AdmissionFolder) -> Worked:
    from junheng.report.admission.worked_plan import worked

    if not folder.has("result"):
        raise Refused("admission_cli.no_result", {"plan": folder.plan_id})
    return worked(folder)


def _late(
    workspace: Workspace, folder: AdmissionFolder, found: Worked, path: Path | None, number: int
) -> LateRows | None:
    """Late arrivals of this round: from the table, or as they were kept with the round that is held again.
    Refused `admission_cli.late_kept` for a table beside those kept: receipts given out stay given out."""
    from junheng.admission.late_arrivals import read_late
    from junheng.report.admission.late import accepted, rows_kept

    kept = rows_kept(folder.read(f"rounds/{number}")) if number in folder.rounds() else None
    if path is None:
        return kept
    if kept is not None:
        raise Refused("admission_cli.late_kept", {"number": number, "count": kept.arrivals.height})
    rows = read_late(path, found.result.problem.plan, folder.plan_id)
    return accepted(folder, found, rows, number, workspace.tables())


def _tell_late(came: LateRows | None, done: PlanRound) -> None:
    if came is None:
        return
    rows = came.arrivals.join(done.assignment, on="applicant_id", maintain_order="left")
    told = rows.select("applicant_id", "receipt", "state", "program_id").iter_rows()
    words = [
        [who, receipt, speech.sentence(f"admission_cli.late_{state}", {}), to or "–"]
        for who, receipt, state, to in told
    ]
    admission_case.told("admission_cli.late", words)


def _number(folder: AdmissionFolder, number: int | None) -> int:
    """The round asked for: the next, or the last again. Refused `admission_cli.round_order`."""
    last = max(folder.rounds(), default=0)
    at = number or last + 1
    if at not in (last, last + 1) or at < 1:
        raise Refused("admission_cli.round_order", {"number": at, "next": last + 1})
    return at


def kept_rounds(folder: AdmissionFolder, done: Worked) -> list[PlanRound]:
    """The rounds kept, worked out again from their answers and late arrivals, in order."""
    from junheng.report.admission.late import late_of, rows_kept

    found: list[PlanRound] = []
    for number in folder.rounds():
        frames = folder.read(f"rounds/{number}")
        before = found[-1] if found else done.result
        kept = folder.summary(f"rounds/{number}")
        came = late_of(folder, done, rows_kept(frames))
        found.append(_after(before, frames["answers"], kept["policy"], number, kept.get("silence"), came))
    return found


def _quiet(before: PlanResult | PlanRound, said: pl.DataFrame, silence: Silence | None) -> str | None:
    """What no answer means. Refused `admission_cli.silence_open` where somebody with a seat said nothing and
    nobody says what that means."""
    if silence is not None:
        return silence.value
    seated = before.assignment.filter(before.assignment["state"] == "placed")
    quiet = seated.join(said, on="applicant_id", how="anti").height
    if quiet:
        raise Refused("admission_cli.silence_open", {"count": quiet, "seated": seated.height})
    return None


def _after(
    before: PlanResult | PlanRound,
    said: pl.DataFrame,
    policy: Any,
    number: int,
    silence: Any,
    late: Late | None,
) -> PlanRound:
    from junheng import admission

    return admission.second_round(before, said, policy, number, silence=silence, late=late)


def _nobody() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"applicant_id": pl.String, "answer": pl.String})
