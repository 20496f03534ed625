"""The mapping as a form: each heading of theirs with the column of ours it is, and what stands for all rows.

The form covers what most tables need. What it does not show (filters, lookups, joins …) is kept as it stands
in the text, which can be edited beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.data.mapping import YEAR_LABELS
from junheng.model import INPUTS
from junheng.model.errors import BadData
from junheng.web.data_centre.mappings import reading
from junheng.web.data_centre.mappings.toml_text import written

_UNUSED = re.compile(r"^# [^：\"=]+：(.+)$")
_WORD = re.compile(r"^# \"((?:[^\"\\]|\\.)*)\" = \"\"$")
_SECTION = re.compile(r"^\[source\.values\.(\w+)\]")
SHOWN_ELSEWHERE = {
    "table", "file", "sheet", "columns", "constants", "year", "unpivot", "values", "aggregate", "distinct",
    "kind_from_grades",
}  # fmt: skip
YEAR = "@year"
"""What a heading is called that says the school year in a form of its own."""
MOST_SOURCES, MOST_HEADINGS, MOST_WORDS = 12, 150, 40


@dataclass(frozen=True, slots=True)
class Words:
    """Their words in a column of codes, each with ours ("" while nobody has said)."""

    column: str
    codes: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One [[source]] as a form. `headings`: (theirs, ours or "", grades it is read for); `constants`:
    (column, value) of what is given once for all rows and what is required and not given yet; `twice`:
    (column, heading) of headings that are read for a further column; `kept` entries stand in the
    text only."""

    number: int
    table: str
    file: str
    sheet: str
    headings: tuple[tuple[str, str, str], ...]
    constants: tuple[tuple[str, str], ...]
    twice: tuple[tuple[str, str], ...]
    year_label: str
    words: tuple[Words, ...]
    grades: bool
    zero_is_blank: bool
    by_class: bool
    last_row: bool
    kind_from_grades: bool
    may_tell_kind: bool
    kept: tuple[str, ...]


def sources(text: str, draft: str) -> tuple[Source, ...]:
    """The form of a mapping; headings nobody reads yet come from the `draft`. BadData where it is no TOML."""
    content = reading.content(text)
    known = _known_headings(draft)
    waiting = _waiting_words(text) or _waiting_words(draft)  # a text of ours carries no remarks
    entries = content.get("source", [])
    entries = (
        [entry for entry in entries if isinstance(entry, dict)][:MOST_SOURCES]
        if isinstance(entries, list)
        else []
    )
    grades = {str(entry.get("file", "*")) for entry in entries if _grades(entry)}
    return tuple(
        _source(number, entry, known, waiting.get(number, {}), str(entry.get("file", "*")) in grades)
        for number, entry in enumerate(entries)
    )


def _source(
    number: int,
    entry: Mapping[str, Any],
    known: Mapping[tuple[str, str], list[str]],
    waiting: Mapping[str, list[str]],
    may_tell_kind: bool,
) -> Source:
    table = str(entry.get("table", ""))
    columns, constants = _dict(entry, "columns"), _dict(entry, "constants")
    year, values, unpivot = _dict(entry, "year"), _dict(entry, "values"), _dict(entry, "unpivot")
    place = (str(entry.get("file", "*")), str(entry.get("sheet", "")))
    ours = {str(heading): column for column, heading in columns.items()}
    if year.get("from"):
        ours[str(year["from"])] = YEAR
    spread = _grades(entry)
    twice = tuple((column, str(h)) for column, h in columns.items() if ours.get(str(h)) != column)
    headings = [*ours, *(h for h in spread if h not in ours)]
    headings += [h for h in known.get(place, ()) if h not in headings]
    given = {
        *columns,
        *(["year"] if year else []),
        *(c for c in unpivot if c not in ("total", "zero_is_blank", "into")),
    }
    given |= {
        str(unpivot.get("into", "")),
        *_dict(entry, "lookup"),
        *_dict(entry, "templates"),
        *_dict(entry, "sums"),
    }
    kind = entry.get("kind_from_grades")
    given |= {"kind"} if kind else set()
    required = (
        [c for c in INPUTS[table].required if c not in given and c not in constants]
        if table in INPUTS
        else []
    )
    words = []
    for column in {**values, **waiting}:
        if table in INPUTS and column in INPUTS[table].names and INPUTS[table].column(column).codes:
            pairs = {
                **dict.fromkeys(waiting.get(column, []), ""),
                **{str(k): str(v) for k, v in _dict(values, column).items()},
            }
            words.append(Words(column, INPUTS[table].column(column).codes, tuple(pairs.items())[:MOST_WORDS]))
    return Source(
        number=number,
        table=table,
        file=place[0],
        sheet=place[1],
        headings=tuple((h, ours.get(h, ""), spread.get(h, "")) for h in headings[:MOST_HEADINGS]),
        constants=tuple((c, str(constants.get(c, ""))) for c in [*constants, *required]),
        twice=twice,
        year_label=str(year.get("label", "start_year")),
        words=tuple(words),
        grades=bool(spread),
        zero_is_blank=bool(unpivot.get("zero_is_blank")),
        by_class=bool(entry.get("aggregate")),
        last_row=bool(entry.get("distinct")),
        kind_from_grades=bool(kind),
        may_tell_kind=table == "schools" and (may_tell_kind or bool(kind)),
        kept=tuple(sorted(set(entry) - SHOWN_ELSEWHERE)),
    )


def _dict(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _grades(entry: Mapping[str, Any]) -> dict[str, str]:
    """Headings that become rows: heading → "G01" or "G01 classes"."""
    found: dict[str, str] = {}
    for column, by_code in _dict(entry, "unpivot").items():
        if isinstance(by_code, dict):
            found |= {str(heading): f"{code} {column}" for code, heading in by_code.items()}
    return found


def _known_headings(draft: str) -> dict[tuple[str, str], list[str]]:
    """Headings of each (file, sheet) of a draft: those it reads, and those its remarks name as not used."""
    try:
        entries = reading.content(draft).get("source", []) if draft else []
    except BadData:
        return {}
    remarks: list[list[str]] = []
    for line in draft.splitlines():
        if line == "[[source]]":
            remarks.append([])
        elif remarks and (found := _UNUSED.match(line)):
            remarks[-1] += found[1].split("、")
    known: dict[tuple[str, str], list[str]] = {}
    for entry, unused in zip(entries, remarks, strict=False):
        held = known.setdefault((str(entry.get("file", "*")), str(entry.get("sheet", ""))), [])
        year = _dict(entry, "year").get("from")
        total = _dict(entry, "unpivot").get("total")
        read = [*_dict(entry, "columns").values(), year, *_grades(entry), total, *unused]
        held += [str(h) for h in dict.fromkeys(read) if h and str(h) not in held]
    return known


def headings_of(draft: str) -> list[str]:
    """Every heading of a draft, once."""
    return list(dict.fromkeys(h for some in _known_headings(draft).values() for h in some))


def _waiting_words(text: str) -> dict[int, dict[str, list[str]]]:
    """Words a draft could not tell, by source and column."""
    found: dict[int, dict[str, list[str]]] = {}
    number, column = -1, ""
    for line in text.splitlines():
        if line == "[[source]]":
            number, column = number + 1, ""
        elif match := _SECTION.match(line):
            column = match[1]
        elif line.startswith("["):
            column = ""
        elif column and (word := _WORD.match(line)):
            found.setdefault(number, {}).setdefault(column, []).append(word[1].replace('\\"', '"'))
    return found


def changed(text: str, draft: str, form: Mapping[str, str]) -> str:
    """The mapping as the form says: names begin with `s<number>-`. BadData where the text is no TOML."""
    content = reading.content(text)
    entries = content.get("source", [])
    for source in sources(text, draft):
        if source.table in INPUTS:
            entries[source.number] = _entry(entries[source.number], source, entries, form)
    kept = [entry for number, entry in enumerate(entries) if form.get(f"s{number}-drop") != "on"]
    if (table := form.get("add_table", "")) in INPUTS and len(kept) < MOST_SOURCES:
        like = entries[0] if entries else {}
        at = form.get("add_from", "0")
        if at.isdecimal() and len(at) < 4 and int(at) < len(entries):
            like = entries[int(at)]
        place: dict[str, Any] = {name: like[name] for name in ("file", "sheet", "header") if name in like}
        shared = {c: h for c, h in _dict(like, "columns").items() if c in INPUTS[table].key}
        place |= {"columns": shared} if shared else {}
        kept.append(
            {"table": table, **place, **({"distinct": "last"} if table in ("schools", "areas") else {})}
        )
    content["source"] = kept
    return written(content)


def _entry(entry: Mapping[str, Any], source: Source, entries: Any, form: Mapping[str, str]) -> dict[str, Any]:
    """One source with what the form changes."""
    made = {name: value for name, value in entry.items() if name in ("table", "file", "sheet", "header")}
    made |= {name: value for name, value in entry.items() if name not in SHOWN_ELSEWHERE and name != "header"}
    at = f"s{source.number}-"
    columns: dict[str, str] = {}
    year: dict[str, Any] = {}
    for index, (heading, _, spread) in enumerate(source.headings):
        chosen = form.get(f"{at}h{index}", "")
        if chosen == YEAR:
            label = form.get(f"{at}year_label", "start_year")
            year = {"from": heading, "label": label if label in YEAR_LABELS else "start_year"}
        elif chosen in INPUTS[source.table].names and chosen not in columns and not spread:
            columns[chosen] = heading
    theirs = {heading for heading, _, _ in source.headings}
    for column in INPUTS[source.table].names:
        if column not in columns and form.get(f"{at}f-{column}", "") in theirs:
            columns[column] = form[f"{at}f-{column}"]
    constants = {c: form.get(f"{at}c-{c}", "").strip() for c in INPUTS[source.table].names}
    made["columns"] = columns
    made["constants"] = {c: v for c, v in constants.items() if v and c not in columns}
    if year:
        made["year"] = {**_dict(entry, "year"), **year}
        made["constants"].pop("year", None)
    values = {
        words.column: {
            theirs: ours
            for index, (theirs, _) in enumerate(words.pairs)
            if (ours := form.get(f"{at}w-{words.column}-{index}", ""))
        }
        for words in source.words
    }
    made["values"] = {column: pairs for column, pairs in values.items() if pairs}
    if unpivot := _dict(entry, "unpivot"):
        rest = {name: value for name, value in unpivot.items() if name != "zero_is_blank"}
        made["unpivot"] = {**rest, **({"zero_is_blank": True} if form.get(f"{at}zero") == "on" else {})}
    if form.get(f"{at}class") == "on" and "pupils" in columns:
        made["aggregate"] = {"sum": ["pupils"], "count": "classes"}
    if form.get(f"{at}last") == "on":
        made["distinct"] = str(entry.get("distinct") or "last")
    if form.get(f"{at}kind") == "on":
        made["kind_from_grades"] = _dict(entry, "kind_from_grades") or _kinds(entry, entries)
        made["constants"].pop("kind", None)
    return {name: value for name, value in made.items() if value not in ({}, [])}


def _kinds(entry: Mapping[str, Any], entries: Any) -> dict[str, str]:
    """Grades by heading of another source of the same file, by which a school's kind is told."""
    for other in entries:
        if other.get("file") == entry.get("file"):
            pupils = _dict(_dict(other, "unpivot"), "pupils")
            if pupils:
                return {str(code): str(heading) for code, heading in pupils.items()}
    return {}
