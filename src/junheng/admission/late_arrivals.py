"""Late arrivals (补登): children who come after the draw, read from one table with a row for each child.

Particulars, facts and choices stand side by side, with the document and the two people who answer for it.
Each child takes the next unused spare receipt, published before the draw, so nobody chooses a ticket; a child
who is known under another number does not get a second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng.admission.announcement import moment
from junheng.admission.receipts import plain_identity
from junheng.data import faults
from junheng.data.vocabulary import headings, label
from junheng.model import INPUTS
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan, Condition

if TYPE_CHECKING:
    from junheng.admission.plain_columns import Sheet

TABLE = "late"
ARRIVAL = {
    "applicant_id": pl.String,
    "receipt": pl.String,
    "document_no": pl.String,
    "by": pl.String,
    "approved_by": pl.String,
    "at": pl.String,
}
"""Who came late: her receipt, the document, the two people and when."""
TABLES = ("applicants", "applicant_facts", "applications", "address_uses", "admission_travel")
"""Tables a late arrival brings rows of."""
_SIGNED = {
    **dict.fromkeys(("document_no", "文号", "依据文号", "document"), "document_no"),
    **dict.fromkeys(("by", "经办人", "办理人"), "by"),
    **dict.fromkeys(("approved_by", "复核人", "批准人", "审批人"), "approved_by"),
    **dict.fromkeys(("at", "办理时间", "时刻", "时间"), "at"),
}
_CHOICE = re.compile(r"(?P<private>private|民办志愿|民办)?(?:choice|志愿)?(?P<rank>\d{1,2})")
_METRES = re.compile(r"(?:distance|metres|距离)(?P<rank>\d{1,2})")
_NEEDED = ("applicant_id", "identity_code", "document_no", "by", "approved_by", "at")


@dataclass(frozen=True, slots=True)
class LateRows:
    """Rows of the model's tables for children who came late, and who answers for them (`ARRIVAL`, receipts
    still blank), in the order of the file: receipts are given out in that order."""

    tables: Mapping[str, pl.DataFrame]
    arrivals: pl.DataFrame


def read_late(path: Path, plan: AdmissionPlan, plan_id: str) -> LateRows:
    """The children of a table. Headings are columns of `applicants` and facts of the plan by their names in
    either language, `choice_1`, … and `private_1`, … for programmes, `distance_1`, … for metres, and
    `document_no, by, approved_by, at`. Facts count as verified. BadData `admission.bad_late` with every
    fault."""
    from junheng.admission.plain_columns import read  # noqa: PLC0415 - files: the web's pages do without

    sheet = read(path, TABLE)
    columns, found = _columns(sheet, plan)
    rows = [_plain(row, columns) for row in sheet.frame.iter_rows(named=True)]
    found += [one for row in rows for one in _faults(row, sheet, plan)]
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row["applicant_id"], row["row"])
        if row["applicant_id"] and first != row["row"]:
            about = {"value": row["applicant_id"], "first": first}
            found.append(_finding(sheet, row, "admission.repeated_id", "applicant_id", **about))
    if not rows:
        found.append(Finding("admission.late_empty", "error", TABLE, file=sheet.file))
    if found:
        raise BadData("admission.bad_late", {"count": len(found)}, found)
    return rows_of([_child(row, plan) for row in rows], plan_id)


def rows_of(children: Sequence[Mapping[str, Any]], plan_id: str) -> LateRows:
    """Children as rows of the model's tables. Each has `row` (columns of `applicants`, dates as ISO text),
    `facts` (name to text), `choices` (batch to programmes in order), `metres` ((batch, rank) to metres),
    and the columns of `ARRIVAL` but the receipt."""
    people: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    wishes: list[dict[str, Any]] = []
    for one in children:
        who = {"plan_id": plan_id, "applicant_id": one["applicant_id"]}
        own = {name: value for name, value in one["row"].items() if value not in ("", None)}
        checked = {"checked_by": one["by"], "checked_on": one["at"][:10]}
        people.append({**own, **who, **checked})
        facts += [
            {**who, "fact": name, "value": value, "state": "verified", **checked}
            for name, value in sorted(one["facts"].items())
            if value not in ("", None)
        ]
        for batch, programs in sorted(one["choices"].items()):
            for rank, program in enumerate(programs, start=1):
                metres = one.get("metres", {}).get((batch, rank))
                wishes.append({**who, "batch": batch, "program_id": program, "choice_rank": rank,
                               "distance_m": metres})  # fmt: skip
    tables = {
        name: _frame(name, rows)
        for name, rows in (("applicants", people), ("applicant_facts", facts), ("applications", wishes))
    }
    arrivals = [{name: one.get(name, "") for name in ARRIVAL} for one in children]
    return LateRows(tables, pl.DataFrame(arrivals, schema=ARRIVAL))


def with_receipts(
    rows: LateRows, spare: Sequence[str], used: Sequence[str], known: pl.DataFrame, plan_title: str
) -> LateRows:
    """Children with the next unused of the announced `spare` receipts; `used` are those given out before,
    `known` (applicant_id, identity_code) everybody registered. Refused `admission.spare_used_up`; BadData
    `admission.bad_late` for a child who is known already, under whatever number."""
    found: list[Finding] = []
    identities = {plain_identity(code): one for one, code in known.iter_rows() if code}
    ids = set(known["applicant_id"])
    people = dict(rows.tables["applicants"].select("applicant_id", "identity_code").iter_rows())
    mine: dict[str, str] = {}
    for one in rows.arrivals["applicant_id"]:
        code = plain_identity(people[one] or "")
        other = identities.get(code) or mine.get(code)
        about = {"applicant": one, "other": other or ""}
        if one in ids:
            found.append(Finding("admission.late_known", "error", TABLE, value=one, parameters=about))
        elif other is not None:
            found.append(Finding("admission.late_identity", "error", TABLE, value=one, parameters=about))
        mine[code] = one
    if found:
        raise BadData("admission.bad_late", {"count": len(found)}, found)
    left = [one for one in spare if one not in set(used)]
    if len(left) < rows.arrivals.height:
        counts = {"spare": len(spare), "left": len(left), "count": rows.arrivals.height}
        raise Refused("admission.spare_used_up", {"plan": plan_title, **counts})
    taken = pl.Series("receipt", left[: rows.arrivals.height], dtype=pl.String)
    return LateRows(rows.tables, rows.arrivals.with_columns(taken))


def facts_of(plan: AdmissionPlan) -> tuple[str, ...]:
    """Facts of a child the plan decides by that are no particulars of hers."""
    own = set(INPUTS["applicants"].names)
    named = dict.fromkeys([*plan.facts(), *(one.trait for one in plan.reserves if one.trait)])
    return tuple(one for one in named if one not in own)


def _columns(sheet: Sheet, plan: AdmissionPlan) -> tuple[dict[str, tuple[str, ...]], list[Finding]]:
    """What each heading stands for: ("own", column), ("fact", name), ("signed", column), ("choice", batch,
    rank), ("metres", rank)."""
    facts = {label(name): name for name in facts_of(plan)}
    facts |= {label(plan.words[name]): name for name in facts_of(plan) if name in plan.words}
    signed = {label(word): column for word, column in _SIGNED.items()}
    own = headings("applicants")
    held: dict[str, tuple[str, ...]] = {}
    found: list[Finding] = []
    for name in (one for one in sheet.frame.columns if one not in faults.PROVENANCE):
        word = label(name)
        choice, metres = _CHOICE.fullmatch(word), _METRES.fullmatch(word)
        if word in signed:
            held[name] = ("signed", signed[word])
        elif word in facts:
            held[name] = ("fact", facts[word])
        elif word in own:
            held[name] = ("own", own[word])
        elif choice:
            held[name] = ("choice", "private" if choice["private"] else "public", choice["rank"])
        elif metres:
            held[name] = ("metres", metres["rank"])
        else:
            known = ", ".join([*_NEEDED, "choice_1", *facts_of(plan)])
            about = {"heading": name, "known": known}
            found.append(
                Finding("admission.late_heading", "error", TABLE, file=sheet.file, column=name,
                        value=name, parameters=about)
            )  # fmt: skip
    there = {one[1] for one in held.values() if one[0] in ("own", "signed")}
    wanted = [*_NEEDED, *(["birth_date"] if plan.age is not None else [])]
    for name in wanted:
        if name not in there:
            about = {"heading": name, "there": ", ".join(sheet.frame.columns[2:])[:200]}
            found.append(
                Finding("admission.column_missing", "error", TABLE, file=sheet.file, parameters=about)
            )
    return held, found


def _plain(cells: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """A row sorted into its parts."""
    row: dict[str, Any] = dict.fromkeys((*_NEEDED, "birth_date"), "")
    row |= {"row": int(cells[faults.ROW]), "own": {}, "facts": {}, "wishes": {}, "metres": {}}
    for heading, place in columns.items():
        value = (cells[heading] or "").strip()
        if place[0] == "choice":
            row["wishes"][place[1], int(place[2])] = value
        elif place[0] == "metres":
            row["metres"][int(place[1])] = value
        elif place[0] == "fact":
            row["facts"][place[1]] = value
        else:
            value = _day(value) if place[1] in ("birth_date", "checked_on") else value
            row[place[1]] = value
            if place[0] == "own":
                row["own"][place[1]] = value
    return row


def _faults(row: Mapping[str, Any], sheet: Sheet, plan: AdmissionPlan) -> Iterator[Finding]:
    for name in (*_NEEDED, *(["birth_date"] if plan.age is not None else [])):
        if not row[name]:
            yield _finding(sheet, row, "admission.late_blank", name, field=name)
    if row["birth_date"]:
        try:
            date.fromisoformat(row["birth_date"])
        except ValueError:
            yield _finding(sheet, row, "admission.fact_day", "birth_date", field="birth_date",
                           value=row["birth_date"])  # fmt: skip
    if row["at"]:
        try:
            moment(row["at"])
        except Refused as error:
            yield _finding(sheet, row, error.code, "at", **error.parameters)
    if row["by"] and row["by"] == row["approved_by"]:
        yield _finding(sheet, row, "admission.change_alone", "approved_by", value=row["applicant_id"])
    for rank, text in row["metres"].items():
        if text and not (text.isascii() and text.isdecimal()):
            yield _finding(sheet, row, "admission.not_whole", f"distance_{rank}", value=text)
    for batch in ("public", "private"):
        ranks = sorted(rank for (of, rank), program in row["wishes"].items() if of == batch and program)
        if ranks != list(range(1, len(ranks) + 1)):
            yield _finding(sheet, row, "admission.late_gap", batch, applicant=row["applicant_id"])


def _finding(sheet: Sheet, row: Mapping[str, Any], code: str, column: str, **about: Any) -> Finding:
    value = str(about.get("value", ""))
    return Finding(
        code, "error", TABLE, file=sheet.file, sheet=sheet.name, row=row["row"], column=column, value=value,
        parameters={"applicant": row["applicant_id"], **about},
    )  # fmt: skip


def _child(row: Mapping[str, Any], plan: AdmissionPlan) -> dict[str, Any]:
    words = {label(plan.words[value]): value for value in _values(plan) if value in plan.words}
    choices: dict[str, list[str]] = {}
    for (batch, _), program in sorted(row["wishes"].items()):
        if program:
            choices.setdefault(batch, []).append(program)
    metres = {("public", rank): int(text) for rank, text in row["metres"].items() if text}
    facts = {name: words.get(label(value), value) for name, value in row["facts"].items()}
    signed = {name: row[name] for name in ("applicant_id", "document_no", "by", "approved_by")}
    return {**signed, "at": moment(row["at"]), "row": row["own"], "facts": facts, "choices": choices,
            "metres": metres}  # fmt: skip


def _values(plan: AdmissionPlan) -> set[str]:
    """Words the plan's conditions test for."""
    found: set[str] = set()

    def look(condition: Condition) -> None:
        for part in condition.parts:
            look(part)
        found.update(value for value in condition.values if isinstance(value, str))

    for one in plan.identities:
        look(one.when)
    return found


def _day(text: str) -> str:
    """A day as ISO text where it is written with slashes or dots."""
    parts = re.split(r"[-/.年月日T ]", text)
    numbers = [part for part in parts[:3] if part.isascii() and part.isdecimal()]
    return "-".join(part.zfill(2) for part in numbers) if len(numbers) == 3 else text


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows in the schema of a table of the model; a column it does not have is left out."""
    columns: list[pl.Series] = []
    for column, kind in INPUTS[name].empty().schema.items():
        values = [row.get(column) for row in rows]
        if kind == pl.Date:
            text = pl.Series(column, values, dtype=pl.String)
            columns.append(text.str.to_date("%Y-%m-%d"))
        else:
            columns.append(pl.Series(column, values, dtype=kind, strict=False))
    return INPUTS[name].conform(pl.DataFrame(columns))
