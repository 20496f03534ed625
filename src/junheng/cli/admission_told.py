"""What the commands of admission print of a result: where children go, and the last admitted of what is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from junheng.cli import admission_case, speech

if TYPE_CHECKING:
    from junheng.admission import PlanResult
    from junheng.report.admission.worked_plan import Case


def show(case: Case, result: PlanResult) -> dict[str, Any]:
    """Print who is placed how, and which schools are full; the summary."""
    import polars as pl

    summary = result.summary()
    rows = result.assignment
    kinds = (
        rows.group_by("batch", "choice_rank", "reason")
        .len("children")
        .sort("batch", "choice_rank", "reason", nulls_last=True)
    )
    words = [
        [
            batch_name(case, one["batch"]),
            one["choice_rank"],
            reason_name(one["reason"]),
            one["children"],
        ]
        for one in kinds.iter_rows(named=True)
    ]
    admission_case.told("admission_cli.outcome", words, plan=case.plan.title)
    names = admission_case.school_names(case)
    about = {
        row["program_id"]: row
        for row in result.problem.tables["programs"].select("program_id", "school_id", "track").to_dicts()
    }
    tight = result.tables["cutoffs"].filter(
        pl.col("state") == "full"
    )  # in order of stage and code: no ranking
    lines: list[list[object]] = []
    for one in tight.head(SHOWN).iter_rows(named=True):
        program = about[one["program_id"]]
        apart = [program["track"], names.get(one["reserve_id"], one["reserve_id"])]
        school = names.get(str(program["school_id"]), str(one["program_id"]))
        name = " · ".join([school, *(str(part) for part in apart if part)])
        stage, line = batch_name(case, one["batch"]), last_admitted(case, one["last_key"])
        if not line and case.plan.overlap == "meritorious" and one["reserve_id"]:
            line = speech.sentence("admission_cli.no_line", {})
        lines.append([stage, name, one["seats"], one["applicants"], line])
    if lines:
        admission_case.told("admission_cli.full", lines, count=tight.height)
    if "families" in summary:
        speech.say("admission_cli.families", **summary["families"])
    return summary


SHOWN = 30
"""Full programmes listed on the screen; files hold all."""
_HIDDEN = ("guaranteed", "trait")
_WORDED = ("band", "ticket", "distance", "total")


def last_admitted(case: Case, key: str | None) -> str:
    """The key of the last admitted in words; of a score its total alone."""
    parts: dict[str, str] = {}
    for part in (key or "").split("; "):
        name, sign, value = part.partition("=")
        if sign:
            parts[name] = value
    if parts.get("guaranteed") == "0":
        return speech.sentence("admission_cli.key_guaranteed", {})
    if case.plan.score is not None:
        parts = {name: value for name, value in parts.items() if name.startswith("total")}
    shown = [_part(case, name, value) for name, value in parts.items() if name not in _HIDDEN]
    return ("，" if speech.language() == "zh" else ", ").join(one for one in shown if one)


def _part(case: Case, name: str, value: str) -> str:
    if name == "band" and value == "0":
        return ""
    if name == "class":
        identities = {one.id: one.name for one in case.plan.identities}
        return identities.get(value.removesuffix("+private"), value)
    if name in _WORDED:
        return speech.sentence(f"admission_cli.key_{name}", {"value": value})
    said = {"true": "cli.yes", "false": "cli.no"}.get(value)
    named = case.plan.words.get(name.removeprefix("-"), name)
    return f"{named} {speech.sentence(said, {}) if said else value}"


def batch_name(case: Case, batch: str | None) -> str:
    """A batch or stage in words."""
    if batch is None:
        return "–"
    named = {one.id: one.name for one in case.plan.batches}
    return named.get(batch) or speech.sentence(f"admission_cli.batch_{batch}", {})


def reason_name(reason: str) -> str:
    """How a child ended, in words."""
    return speech.sentence(f"admission_cli.end_{reason}", {})
