"""`junheng assign`: three plain tables in, who goes where and why out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli import speech
from junheng.model.errors import Refused


class MechanismChoice(StrEnum):
    """Mechanisms by their short names."""

    da = "da"
    ia = "ia"
    parallel = "parallel"
    sd = "sd"
    ttc = "ttc"


def register(app: typer.Typer) -> None:
    """Add this command to the root."""
    app.command("assign", short_help="三表录取并逐条说明。Assign from three tables.")(assign)


def assign(
    programs: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="项目表：program_id, capacity。Programmes and their seats.",
        ),
    ],
    applicants: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="申请人表：applicant_id, ticket（小者在先）。Applicants and tickets, lower first.",
        ),
    ],
    applications: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="志愿表：applicant_id, rank, program_id, priority（小者在先）。Choices; lower priority first.",
        ),
    ],
    mechanism: Annotated[
        MechanismChoice,
        typer.Option(
            help="da 延迟录取，ia 志愿优先，parallel 志愿组，sd 按随机号（或位次）依次选，ttc 交换圈。"
            "Deferred acceptance, immediate acceptance, bands of choices, serial dictatorship, top trading cycles."
        ),
    ],
    folder: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="结果文件夹。Folder for assignment, reasons, cut-offs and summary.",
        ),
    ],
    bands: Annotated[
        str | None,
        typer.Option(
            metavar="3,3,…",
            help="parallel 各志愿组的志愿数，末一个数延续到底。Choices in each band; the last number goes on.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """由三张表（csv、xlsx、parquet）录取，逐条志愿说明理由，并核验结果。

    次序：da、ttc 先比 priority 再比 ticket；ia、parallel 先比志愿（组）；sd 只按 ticket。输入有错则列出全部错误，不作录取。

    Assign from three tables (csv, xlsx, parquet) with a reason for every application, and check the result.
    Order: priority, then ticket; ia and parallel put the choice (or its band) first; sd goes by ticket alone.
    Bad input is refused with every fault.
    """
    from junheng import admission

    sizes = band_sizes(bands)
    with speech.progress() as step:
        step("admission.reading")
        plain = admission.read_market(programs, applicants, applications)
        step("admission.assigning")
        result = admission.assign_market(plain.market, mechanism.value, sizes)
        admission.refuse_ties(plain, plain.market.undecided(result.outcome.keys))
        step("admission.writing")
        admission.write_folder(folder, result)
    summary = result.summary()
    speech.findings(plain.warnings)
    speech.answer(out=str(folder), summary=summary, warnings=len(plain.warnings))
    speech.say(
        "admission.assigned",
        **{name: summary[name] for name in ("assigned", "applicants", "unassigned", "seats_left")},
        envy=summary["justified_envy"],
        path=folder,
    )


def band_sizes(text: str | None) -> tuple[int, ...]:
    """Sizes of bands as they are typed. Refused `admission.bands_wrong`."""
    if text is None:
        return ()
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise Refused("admission.bands_wrong", {"value": text})
    return tuple(int(part) for part in parts)
