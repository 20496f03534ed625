"""Which table a sheet is by its headings, and the draft of a mapping file for one that is not ours yet."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from junheng.data.coercion import clean, half_width
from junheng.data.mapping import Source
from junheng.data.reading import read_file
from junheng.data.sheets import SheetTable, find_table
from junheng.data.vocabulary import TOTALS, grade_columns, headings, label, names_of_codes
from junheng.model import INPUTS, Column, Table

_YEARS_AT_END = ("end_year", "endyear", "year_end", "学年末", "截止年份")
_SPAN = re.compile(r"^\d{4}\s*[-/—–~至]\s*\d{2,4}")
_DAY = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_UNIT = re.compile(
    r"[（(]\s*(?:单位\s*[:：])?\s*(?:(万|千|百)\s*(?:人|个|所|套|元|平方米|㎡|m2|m²)?|(亩|公顷))\s*[)）]"
)
_FACTORS: dict[str, float] = {"万": 10_000, "千": 1_000, "百": 100, "亩": 2000 / 3, "公顷": 10_000}
_OF_AREA = ("亩", "公顷")


def by_headings(sheet: SheetTable) -> tuple[Source | None, list[str], str]:
    """The table whose headings the sheet carries, ready to read without a mapping file.

    Returns (source, [], table) when every required column of one table is there; else (None, missing
    columns, the nearest table), or (None, [], "") when nothing is like ours.
    """
    best: tuple[float, str, dict[str, str]] = (0.0, "", {})
    for name, table in INPUTS.items():
        found = _columns(sheet.headings, headings(name))
        required = [column for column in table.required if column in found]
        whole = len(required) == len(table.required)
        named = label(sheet.sheet) in {label(table.zh), label(table.en), label(name)}
        score = len(found) / len(table.columns) + len(required) / len(table.required) + 2 * whole + 3 * named
        score += 0.1 * len(found)
        if found and score > best[0]:
            best = (score, name, found)
    _, name, found = best
    if not name:
        return None, [], ""
    missing = [column for column in INPUTS[name].required if column not in found]
    if not missing:
        return Source(name, columns=found), [], name
    return None, missing, name if len(found) >= 2 else ""


def _columns(theirs: Sequence[str], words: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading in theirs:
        column = words.get(label(heading))
        if column and column not in found:
            found[column] = heading
    return found


def factor_of_heading(heading: str, column: Column) -> float | None:
    """What a number under this heading must be multiplied by to be in the column's unit: 10,000 for （万元）
    or （万人）, 666.67 for an area （亩）. None when the heading names no other unit."""
    if column.kind not in ("integer", "number") or not (unit := _UNIT.search(heading)):
        return None
    word = unit[1] or unit[2]
    return _FACTORS[word] if word not in _OF_AREA or column.unit.startswith("㎡") else None


@dataclass(slots=True)
class Draft:
    """What is known of one source before it is written down."""

    table: str
    columns: dict[str, str] = field(default_factory=dict[str, str])
    grades: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    year: tuple[str, str] | None = None
    factors: dict[str, float] = field(default_factory=dict[str, float])
    unsure: dict[str, str] = field(default_factory=dict[str, str])
    missing: list[str] = field(default_factory=list[str])
    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    total: str = ""
    area_by_name: str = ""
    school_by_name: str = ""


def draft(files: Sequence[Path]) -> str:
    """A mapping file for every sheet with rows of these files; BadData when a file cannot be read."""
    tables = [find_table(raw) for path in files for raw in read_file(path).sheets if not raw.hidden]
    return suggest([table for table in tables if table is not None and table.frame.height])


def suggest(sheets: Sequence[SheetTable]) -> str:
    """A mapping file in TOML for the given sheets, with Chinese comments where the user must decide."""
    lines = [
        "# 映射文件草稿：由表头与数值形态推测而成，请逐项核对后使用。",
        "# A draft guessed from headings and values: check every line before use.",
        "# 左边是 Junheng 的列名，右边是您表中的表头。",
        "format = 1",
    ]
    for sheet in sheets:
        for draft in _drafts(sheet):
            lines += ["", *_written(sheet, draft)]
    return "\n".join(lines) + "\n"


def _drafts(sheet: SheetTable) -> list[Draft]:
    grades = _grade_columns(sheet)
    if sum(len(columns) for columns in grades.values()) >= 2:
        enrolment = _draft(sheet, "enrolment", grades)
        named = _columns(sheet.headings, headings("schools"))
        return (
            [_draft(sheet, "schools", {}), enrolment] if {"name", "school_id"} <= set(named) else [enrolment]
        )
    scores = {name: _likeness(sheet, table) for name, table in INPUTS.items()}
    best = max(scores, key=lambda name: scores[name])
    return [_draft(sheet, best, {})]


def _likeness(sheet: SheetTable, table: Table) -> float:
    draft = _draft(sheet, table.name, {})
    unknown = [name for name in draft.missing if not _code_in_name(sheet, table.column(name))]
    required = 1 - len(unknown) / len(table.required)
    found = len(draft.columns) - 0.2 * len(draft.unsure) + (draft.year is not None)
    named = any(
        word and word in label(sheet.sheet + sheet.file) for word in (label(table.zh), label(table.name))
    )
    return required + 0.1 * found + 0.5 * named


def _draft(sheet: SheetTable, name: str, grades: dict[str, dict[str, str]]) -> Draft:
    table = INPUTS[name]
    draft = Draft(name, grades=grades)
    taken = {heading for columns in grades.values() for heading in columns.values()}
    free = [heading for heading in sheet.headings if heading not in taken]
    draft.columns = _columns(free, headings(name))
    for column in table.columns:
        if column.name in draft.columns or (grades and column.name in {"grade", *grades}):
            continue
        near = _nearest(column.name, table, [h for h in free if h not in draft.columns.values()])
        if near:
            draft.columns[column.name] = near
            draft.unsure[column.name] = "表头相近"
    _look_for_year(sheet, draft, free)
    _look_for_area_names(sheet, draft, free)
    _look_for_school_names(draft, free)
    given = {
        *draft.columns,
        *({"school_id"} if draft.school_by_name else ()),
        *({"area_code"} if draft.area_by_name else ()),
        *({"grade", *grades} if grades else ()),
    } | ({"year"} if draft.year else set())
    draft.missing = [column for column in table.required if column not in given]
    for column in table.columns:
        heading = draft.columns.get(column.name, "")
        if heading and column.codes:
            there = clean(sheet.frame[heading]).drop_nulls().unique(maintain_order=True).head(30).to_list()
            unknown = [value for value in there if label(value) not in names_of_codes(column.codes)]
            if unknown:
                draft.values[column.name] = unknown
        if factor := factor_of_heading(heading, column):
            draft.factors[column.name] = factor
    if grades:
        pupils = {"", *(word for word, column in headings("enrolment").items() if column == "pupils")}
        totals = [
            h for h in free if label(h.split()[0]) in TOTALS and label("".join(h.split()[1:])) in pupils
        ]
        draft.total = totals[0] if totals else ""
    return draft


def _nearest(column: str, table: Table, free: Sequence[str]) -> str:
    words = [word for word, name in headings(table.name).items() if name == column and len(word) > 1]
    for heading in free:
        plain = label(heading)
        if difflib.get_close_matches(plain, words, n=1, cutoff=0.75) or any(
            len(word) > 2 and (plain.endswith(word) or plain.startswith(word)) for word in words
        ):
            return heading
    return ""


def _grade_columns(sheet: SheetTable) -> dict[str, dict[str, str]]:
    """Headings that are grades, by the count they hold: 一年级, 一年级 学生数, 一年级 班数, g01, K …"""
    words = grade_columns()
    found: dict[str, dict[str, str]] = {}
    for heading in sheet.headings:
        parts = heading.split()
        grade = words.get(label(heading)) or next((words[label(p)] for p in parts if label(p) in words), "")
        if not grade or not _is_numeric(sheet.frame[heading], counts=True):
            continue
        rest = label("".join(p for p in parts if label(p) not in words))
        column = headings("enrolment").get(rest, "classes" if "班" in rest and "数" in rest else "pupils")
        if column not in {"pupils", "classes", "boarders", "migrant_pupils"}:
            column = "pupils"
        found.setdefault(column, {}).setdefault(grade, heading)
    if "pupils" in found:  # the main count leads
        found = {"pupils": found.pop("pupils"), **found}
    return {
        column: dict(sorted(columns.items(), key=lambda item: _progression(item[0])))
        for column, columns in found.items()
    }


def _progression(grade: str) -> tuple[bool, str]:
    return grade.startswith("G"), grade


def _is_numeric(values: pl.Series, *, counts: bool = False) -> bool:
    """Whether a column holds numbers. Under the name of a grade `counts` are expected: a few words among them
    (195人, 缺, 约86) are faults to be shown, no reason to leave the grade out."""
    some = half_width(clean(values.drop_nulls().head(200)).drop_nulls())
    if counts:
        return some.len() == 0 or float(some.str.contains(r"\d").mean() or 0) >= 0.5  # type: ignore[arg-type]
    return some.len() == 0 or float(some.str.contains(r"^[\d.,]+$").mean() or 0) > 0.8  # type: ignore[arg-type]


def _look_for_year(sheet: SheetTable, draft: Draft, free: Sequence[str]) -> None:
    if "year" not in INPUTS[draft.table].names:
        return
    school_year = INPUTS[draft.table].column("year").zh == "学年"
    for heading in [draft.columns.get("year", ""), *free]:
        if not heading:
            continue
        some = half_width(clean(sheet.frame[heading].drop_nulls().head(50)).drop_nulls()).to_list()
        if not some:
            continue
        kind = ""
        if label(heading) in {label(word) for word in _YEARS_AT_END}:
            kind = "end_year"
        elif all(_SPAN.match(value) and not _DAY.match(value) for value in some):
            kind = "range"
        elif school_year and all(_DAY.match(value) for value in some) and "year" not in draft.columns:
            kind = "date"
        if kind:
            draft.year = (heading, kind)
            draft.columns.pop("year", None)
            draft.unsure.pop("year", None)
            return


def _look_for_area_names(sheet: SheetTable, draft: Draft, free: Sequence[str]) -> None:
    """A street or town given by name needs a lookup, not a column."""
    if draft.table == "areas" or "area_code" not in INPUTS[draft.table].names:
        return
    named = [h for h in free if headings("areas").get(label(h)) == "name" and h not in draft.columns.values()]
    for heading in [draft.columns.get("area_code", ""), *named]:
        if heading and clean(sheet.frame[heading].head(50)).str.contains(r"[\p{Han}]").any():
            draft.area_by_name = heading
            draft.columns.pop("area_code", None)
            draft.unsure.pop("area_code", None)
            return


def _look_for_school_names(draft: Draft, free: Sequence[str]) -> None:
    """A table that needs the id of a school and tells only its name."""
    if draft.table == "schools" or "school_id" not in INPUTS[draft.table].required:
        return
    if "school_id" not in draft.columns:
        words = headings("schools")
        named = [h for h in free if words.get(label(h)) == "name" and h not in draft.columns.values()]
        draft.school_by_name = named[0] if named else ""


WHOLE = {"month": ("0", "全年合计"), "sex": ("0", "不分性别")}
"""What a table without the column mostly means."""


def _written(sheet: SheetTable, draft: Draft) -> list[str]:
    table = INPUTS[draft.table]
    lines = ["[[source]]", f"table = {_quote(draft.table)}  # {table.zh}", f"file = {_quote(sheet.file)}"]
    if sheet.sheet:
        lines.append(f"sheet = {_quote(sheet.sheet)}")
    if draft.table == "schools" and _several_rows(sheet, draft):
        lines.append('distinct = "last"  # 同一学校出现多行时取最后一行')
    if draft.table == "enrolment" and not draft.grades and _several_rows(sheet, draft):
        lines.append("# 同一学校、学年、年级有多行（如一行一个班）时启用下一行：")
        lines.append('# aggregate = { sum = ["pupils"], count = "classes" }')
    lines.append("[source.columns]")
    for name, heading in draft.columns.items():
        doubt = f"  # 请核对：{draft.unsure[name]}" if name in draft.unsure else ""
        lines.append(f"{name} = {_quote(heading)}{doubt}")
    if draft.year:
        heading, kind = draft.year
        meaning = {
            "end_year": "学年末的年份，减一年",
            "range": "如 2024-2025，取前一年",
            "date": "按日期归入学年",
        }[kind]
        lines += ["[source.year]", f"from = {_quote(heading)}", f"label = {_quote(kind)}  # {meaning}"]
    if draft.area_by_name:
        lines += [
            "[source.lookup.area_code]  # 按名称查区域代码",
            f"from = {_quote(draft.area_by_name)}",
            'in = "areas"',
            'match = "name"',
            'give = "area_code"',
        ]
    if draft.school_by_name:
        lines += [
            "[source.lookup.school_id]  # 按名称查学校代码",
            f"from = {_quote(draft.school_by_name)}",
            'in = "schools"',
            'match = "name"',
            'give = "school_id"',
        ]
    if draft.missing:
        lines.append("[source.constants]")
        for name in draft.missing:
            column = table.column(name)
            if name in WHOLE:
                lines.append(f"{name} = {_quote(WHOLE[name][0])}  # 请核对：{WHOLE[name][1]}")
                continue
            if guess := _code_in_name(sheet, column):
                lines.append(f"{name} = {_quote(guess)}  # 请核对：由文件名推测")
                continue
            lines.append(
                f'# {name} = ""  # 必填“{column.zh}”没有找到：整表同值写在这里，否则在 columns 中指明表头'
            )
    for name, unknown in draft.values.items():
        codes = list(dict.fromkeys(names_of_codes(table.column(name).codes).values()))[:5]
        lines.append(f"[source.values.{name}]  # 您的写法 = 代码，如 {'、'.join(codes)}")
        lines += [f'# {_quote(value)} = ""' for value in unknown]
    if draft.factors:
        lines += [
            "[source.factors]  # 单位换算",
            *(f"{name} = {factor}" for name, factor in draft.factors.items()),
        ]
    if draft.grades:
        lines += ["[source.unpivot]  # 年级在列上：转成行", 'into = "grade"']
        if draft.total:
            lines.append(f"total = {_quote(draft.total)}  # 与各年级之和核对")
        lines.append("# zero_is_blank = true  # 若 0 表示不设该年级")
        for column, grades in draft.grades.items():
            inside = ", ".join(f"{grade} = {_quote(heading)}" for grade, heading in grades.items())
            lines.append(f"{column} = {{ {inside} }}")
    unused = [
        h
        for h in sheet.headings
        if h not in draft.columns.values() and (not draft.year or h != draft.year[0])
    ]
    unused = [
        h
        for h in unused
        if not any(h in columns.values() for columns in draft.grades.values()) and h != draft.total
    ]
    if unused:
        lines.append("# 未用到的表头：" + "、".join(unused))
    return lines


def _code_in_name(sheet: SheetTable, column: Column) -> str:
    """A code named by the file's or the sheet's name (普通小学基本情况 is about primary schools), if just
    one is."""
    if not column.codes:
        return ""
    name = label(f"{sheet.file} {sheet.sheet}")
    named = {code for word, code in names_of_codes(column.codes).items() if len(word) > 1 and word in name}
    return named.pop() if len(named) == 1 else ""


def _several_rows(sheet: SheetTable, draft: Draft) -> bool:
    key = [draft.columns[name] for name in INPUTS[draft.table].key if name in draft.columns]
    key += [draft.year[0]] if draft.year and "year" in INPUTS[draft.table].key else []
    return bool(key) and bool(sheet.frame.select(pl.struct(key).is_duplicated().any()).item())


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
