"""Rows and JSON of `junheng policy`: clauses as they are listed, checked and counted."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from junheng.cli import speech

if TYPE_CHECKING:
    import polars as pl

    from junheng.data import Workspace
    from junheng.monitoring.plan_tracking import Progress, Tracking
    from junheng.monitoring.policy_status import ClauseStatus
    from junheng.rules import PolicyDocument, Standards
    from junheng.rules.indicator import Indicator
    from junheng.rules.policies import Clause, Target

LOOK_FIRST = ("overdue", "blocked", "due_soon")
WORST_FIRST = (
    "missed", "off_course", "strive", "no_data", "no_baseline", "not_due", "on_course", "held", "reached",
)  # fmt: skip


def plain(value: float | None) -> float | int | None:
    """A whole number without its point."""
    return int(value) if value is not None and float(value).is_integer() else value


def listed(clause: Clause) -> dict[str, Any]:
    """A clause with exactly the keys of `policy list --json`; directions have no number and are not targets."""
    return {
        "document": clause.document,
        "clause": clause.id,
        "title": clause.title,
        "targets": [
            {
                "indicator": target.indicator,
                "op": target.op,
                "value": plain(target.value),
                "unit": target.unit,
                "by": None if target.by is None else target.by.isoformat(),
                "scope": {
                    name: list(to) if isinstance(to, tuple) else to for name, to in target.scope.items()
                },
            }
            for target in clause.targets
            if target.numeric
        ],
        "delivered_by": [{one.kind: one.name} for one in clause.delivered_by],
        "status": clause.standing,
    }


def list_row(clause: Clause) -> list[object]:
    """A line of `policy list`."""
    return [
        clause.id,
        clause.title,
        speech.sentence(f"policy.force_{clause.force}", {}),
        "；".join(asked(target) for target in clause.targets) or None,
        "，".join(one.name for one in clause.delivered_by) or None,
        standing(clause),
    ]


def standing(clause: Clause) -> str:
    """What Junheng does about a clause, naming the rooms that do not exist yet."""
    words = speech.sentence(f"policy.standing_{clause.standing}", {})
    if not clause.missing_rooms:
        return words
    return speech.sentence(
        "policy_cli.missing_rooms", {"words": words, "rooms": "，".join(clause.missing_rooms)}
    )


def asked(target: Target) -> str:
    """`indicator >= 90 % (2025-12-31)`; a direction by its arrow."""
    by = "" if target.by is None else speech.sentence("policy_cli.figure_by", {"by": target.by.isoformat()})
    if target.value is None:
        return f"{target.indicator} {'↑' if target.op == 'up' else '↓'}{by}"
    return f"{target.indicator} {target.op} {amount(target.value, target.unit)}{by}"


def amount(value: float | Fraction | None, unit: str) -> str:
    """A number in its unit; a share as per cent, to as many digits as it takes."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{float(value) * 100:.2f}".rstrip("0").rstrip(".") + "%"
    number = float(value)
    text = f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"
    return f"{text} {speech.sentence(f'policy.unit.{unit}', {})}".strip() if unit else text


def conflicts(document: PolicyDocument) -> None:
    """Readings of one target that differ, one line each."""
    for one in document.conflicts():
        speech.say(
            "policy_cli.conflict",
            document=document.id,
            readings="，".join(one.readings),
            differ="，".join(one.differ),
            judged=one.judged_by,
            note=one.note,
        )


def _worst(tracked: Tracking, status: ClauseStatus) -> Progress | None:
    ours = [
        one
        for one in tracked.progress
        if (one.document, one.clause, one.level) == (status.document, status.clause, "region")
    ]
    judged = [one for one in ours if one.judged] or ours
    return min(judged, key=lambda one: WORST_FIRST.index(one.course.status), default=None)


def why(tracked: Tracking, status: ClauseStatus, law: Standards) -> str:
    """One sentence: the worst target with its figure, what is missing and why; or evidence and tasks."""
    worst = _worst(tracked, status)
    if worst is None:
        about = {"overdue": status.tasks_overdue, "evidence": "，".join(status.evidence)}
        return speech.sentence(status.reason, about)
    target, stands = worst.target, worst.course
    declared = law.indicators.get(target.indicator)
    figure = stands.measured
    by = "" if target.by is None else speech.sentence("policy_cli.figure_by", {"by": target.by.isoformat()})
    short = ""
    if figure is not None and figure.short:
        parts = {"short": amount(figure.short, worst.short_unit)}
        short = speech.sentence("policy_cli.figure_short", parts)
    return speech.sentence(
        "policy_cli.figure",
        {
            "name": target.indicator if declared is None else declared.name(speech.language()),
            "value": "–" if figure is None else amount(figure.value, _unit(target, declared)),
            "op": {"up": "↑", "down": "↓"}.get(target.op, target.op),
            "wanted": amount(target.value, target.unit) if target.numeric else "",
            "by": by,
            "short": short,
            "why": speech.sentence(stands.reason, dict(stands.parameters)),
        },
    )


def _unit(target: Target, declared: Indicator | None) -> str:
    """The target's unit; a direction has none of its own and takes its indicator's."""
    if not target.unit and declared is not None and declared.measure == "share":
        return "share"
    return target.unit


def check_row(tracked: Tracking, status: ClauseStatus, law: Standards) -> list[object]:
    """A line of `policy check`."""
    attach = "，".join(status.evidence) if status.status in ("not_measurable", "no_data") else None
    return [
        status.clause,
        status.title,
        speech.sentence(f"policy.status_{status.status}", {}),
        why(tracked, status, law),
        attach,
    ]


def checked(tracked: Tracking) -> list[dict[str, Any]]:
    """Every clause with its status, reason, targets and the evidence to attach."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in tracked.tables["target_progress"].iter_rows(named=True):
        if row["level"] == "region":
            kept = (
                "target",
                "indicator",
                "year",
                "value",
                "op",
                "wanted",
                "unit",
                "expected",
                "short",
                "short_unit",
                "status",
                "reason",
            )
            shown = {name: row[name] for name in kept} | {"by": row["by"].isoformat() if row["by"] else None}
            rows.setdefault((row["document"], row["clause"]), []).append(shown)
    return [
        {
            "document": one.document,
            "clause": one.clause,
            "title": one.title,
            "status": one.status,
            "reason": one.reason,
            "targets": rows.get((one.document, one.clause), []),
            "delivered_by": list(one.delivered_by),
            "tasks_overdue": one.tasks_overdue,
            "evidence": list(one.evidence),
        }
        for one in tracked.clauses
    ]


def reminders(tracked: Tracking) -> None:
    """Overdue, blocked and soon due tasks."""
    pressing = [one for one in tracked.reminders if one.state in LOOK_FIRST]
    if not pressing:
        return
    speech.table(
        speech.sentence("policy_cli.reminders_title", {}),
        speech.sentence("policy_cli.reminders_headings", {}).split("|"),
        [
            [
                one.document,
                one.task_id,
                one.title,
                one.unit or one.owner,
                None if one.due is None else one.due.isoformat(),
                speech.sentence(f"policy.task_{one.state}", {}),
                one.days,
            ]
            for one in pressing
        ],
    )


def spending(tracked: Tracking) -> None:
    """The last year of each series of all stages together, by basis."""
    last = {(one.area, one.basis): one for one in tracked.spending if not one.stage}
    if not last:
        return
    speech.table(
        speech.sentence("policy_cli.spending_title", {}),
        speech.sentence("policy_cli.spending_headings", {}).split("|"),
        [
            [
                one.area,
                speech.sentence(f"policy.basis_{one.basis}", {}),
                one.year,
                f"{float(one.spending):,.2f}",
                one.total_kept,
                one.per_pupil_kept,
                speech.sentence(f"policy.binds_{one.binds}", {}) if one.binds else None,
                None if one.least_next is None else f"{float(one.least_next):,.2f}",
            ]
            for one in last.values()
        ],
    )


def coverage_rows(tracked: Tracking) -> list[dict[str, Any]]:
    """One row a document: clauses by standing, targets by how they are measured and whether data are there."""
    targets = tracked.tables["policy_targets"]
    rows: list[dict[str, Any]] = []
    for document in tracked.documents.values():
        ours = targets.filter(targets["document"] == document.id)
        standing = [clause.standing for clause in document.clauses()]
        how = ours["measured_by"].to_list()
        rows.append(
            {
                "document": document.id,
                "clauses": len(standing),
                "delivered": standing.count("delivered"),
                "partly": standing.count("partly"),
                "tracked": standing.count("tracked"),
                "open": standing.count("open"),
                "targets": ours.height,
                "computed": how.count("computed"),
                "reported": how.count("reported"),
                "with_data": int(ours["has_data"].sum()),
                "conflicts": len(document.conflicts()),
            }
        )
    return rows


WORDED: dict[str, dict[str, str]] = {
    "policy_clauses": {
        "force": "policy.force_{}", "standing": "policy.standing_{}", "status": "policy.status_{}",
    },
    "policy_targets": {"force": "policy.force_{}", "unit": "policy.unit.{}"},
    "target_progress": {
        "status": "policy.target_{}", "reason": "{}", "unit": "policy.unit.{}", "short_unit": "policy.unit.{}",
    },
    "policy_reminders": {"state": "policy.task_{}"},
    "spending_rises": {"basis": "policy.basis_{}", "binds": "policy.binds_{}"},
}  # fmt: skip
"""Table -> column of codes -> the sentence of a code, for people who read the workbook."""


def worded(tracked: Tracking, law: Standards) -> dict[str, pl.DataFrame]:
    """The tables with their codes in words: statuses, reasons, units; indicators by their names."""
    import polars as pl

    names = {name: one.name(speech.language()) for name, one in law.indicators.items()}
    reasons = {(one.document, one.clause): why(tracked, one, law) for one in tracked.clauses}
    found: dict[str, pl.DataFrame] = {}
    for name, frame in tracked.tables.items():
        columns: list[pl.Series] = []
        for column, code in WORDED[name].items():
            said = [
                value and (speech.sentence(code.format(value), {}) if value != "share" else value)
                for value in frame[column]
            ]
            columns.append(pl.Series(column, said, dtype=pl.String))
        if "indicator" in frame.columns:
            columns.append(
                pl.Series("indicator", [names.get(one, one) for one in frame["indicator"]], dtype=pl.String)
            )
        if name == "policy_clauses":
            keys = zip(frame["document"], frame["clause"], strict=True)
            columns.append(pl.Series("reason", [reasons[key] for key in keys], dtype=pl.String))
        found[name] = frame.with_columns(columns).drop("reason_parameters", strict=False)
    return found


def last_forecast(opened: Workspace) -> pl.DataFrame | None:
    """`forecast_enrolment` of the workspace's last run that has one; None before the first."""
    from junheng.data import runs

    for run in reversed(runs.list_runs(opened)):
        if "forecast_enrolment" in run.record.outputs:
            return run.table("forecast_enrolment")
    return None
