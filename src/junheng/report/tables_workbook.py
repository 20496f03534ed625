"""Every output table as a sheet of one workbook, with Chinese headings, units, notes and a cover."""

from __future__ import annotations

import datetime
import io
import re

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from junheng.model import OUTPUTS, TABLES
from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report.reading import Reading, ReportInput
from junheng.report.sections.evidence import standard_name, sureness, unit
from junheng.report.suppression import Audience, Protection
from junheng.report.worksheet import Sheet, Styles, shortened

SHEET_NAME_LENGTH = 31
NEVER = ("forecast_paths",)
"""Tables for other rooms, of no use to a reader; they stay in the run's folder."""
PRIVATE = ("forecast_findings",)
"""Tables that speak of single schools' counts in words: not in the public form."""
_UNSAFE_IN_NAME = re.compile(r"[\[\]:*?/\\']")


def workbook(
    source: ReportInput,
    *,
    language: Language = "zh",
    audience: Audience = "bureau",
    minimum: int = 10,
) -> bytes:
    """tables.xlsx: a cover, then one sheet per output table present. Same input, same bytes.

    Text is written as text (never a formula, never a link), identifiers too. In the public form counts of
    children below `minimum` at school and town level are shown as "<10", ranges about them left out.
    """
    reading = Reading(source, language)
    protection = Protection(audience, minimum)
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(held, options)
    when = datetime.datetime(reading.origin or 2000, 9, 1)
    book.set_properties(
        {"title": reading.say("title", region=reading.region_name), "author": "Junheng", "created": when}
    )
    styles = Styles(book)
    left_out = (*NEVER, *(PRIVATE if protection.active else ()))
    names = [name for name in OUTPUTS if name not in left_out and reading.table(name) is not None]
    cover = book.add_worksheet(_sheet_name(reading.say("book.cover"), set()))
    used: set[str] = {reading.say("book.cover")}
    sheets: list[tuple[str, str, int]] = []
    for name in names:
        table = TABLES[name]
        title = _sheet_name(table.zh if language == "zh" else table.en, used)
        used.add(title)
        frame = reading.table(name)
        assert frame is not None
        kept = shortened(frame).height
        Sheet(book.add_worksheet(title), styles, reading, protection).write(table, frame)
        about = table.about_zh if language == "zh" else table.about_en
        if kept < frame.height:
            about += reading.say("book.left", rows=fmt.count(frame.height - kept), table=name)
        sheets.append((title, about, kept))
    if source.citations:
        title = _sheet_name(reading.say("book.standards"), used)
        _standards(book.add_worksheet(title), styles, reading)
        sheets.append((title, reading.say("std.caption"), len(source.citations)))
    _cover(cover, styles, reading, protection, sheets)
    book.close()
    return held.getvalue()


def _sheet_name(wanted: str, used: set[str]) -> str:
    """A name Excel accepts: no forbidden character, 31 characters, unique without regard to case."""
    base = _UNSAFE_IN_NAME.sub(" ", wanted).strip()[:SHEET_NAME_LENGTH] or "sheet"
    name, number = base, 2
    while name.lower() in {one.lower() for one in used}:
        name = f"{base[: SHEET_NAME_LENGTH - 3]} {number}"
        number += 1
    return name


def _standards(sheet: Worksheet, styles: Styles, reading: Reading) -> None:
    heads = [reading.say(f"col.{name}") for name in ("standard", "value", "document", "sure")]
    for place, (head, width) in enumerate(zip([*heads, "rule_id"], (28, 16, 60, 12, 36), strict=True)):
        sheet.write_string(0, place, head, styles.head)
        sheet.set_column(place, place, width)
    ordered = sorted(reading.source.citations, key=lambda one: (one.verified == "ours", one.rule_id))
    for line, one in enumerate(ordered, start=1):
        cells = (
            standard_name(reading, one),
            f"{fmt.plain(one.value)} {unit(one, reading.language)}".strip(),
            one.citation(reading.language),
            sureness(reading, one),
            one.rule_id,
        )
        for place, text in enumerate(cells):
            sheet.write_string(line, place, text, styles.wrapped)
    sheet.freeze_panes(1, 0)


def _cover(
    sheet: Worksheet,
    styles: Styles,
    reading: Reading,
    protection: Protection,
    sheets: list[tuple[str, str, int]],
) -> None:
    say, run = reading.say, reading.source.run
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 84)
    sheet.set_column(2, 2, 12)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, say("title", region=reading.region_name), styles.title)
    line = 1
    if reading.source.region.synthetic:
        sheet.merge_range(line, 0, line, 2, "", styles.declared)
        sheet.write_string(line, 0, say("declared", region=reading.region_name), styles.declared)
        sheet.set_row(line, 30)
        line += 1
    line += 1
    for name in ("id", "origin_year", "seed", "draws", "software", "rules_digest"):
        if run.get(name) not in (None, ""):
            sheet.write_string(line, 0, say(f"run.{name}"), styles.head)
            sheet.write_string(line, 1, str(run[name]), styles.text)
            line += 1
    for table, digest in sorted((run.get("inputs") or {}).items()):
        known = TABLES.get(table)
        name = (known.zh if reading.language == "zh" else known.en) if known else str(table)
        if table == "boundaries":
            name = say("data.boundaries")
        sheet.write_string(line, 0, say("run.input", table=name), styles.head)
        sheet.write_string(line, 1, str(digest), styles.text)
        line += 1
    line += 1
    for place, head in enumerate((say("book.sheets"), say("book.about"), say("col.rows"))):
        sheet.write_string(line, place, head, styles.head)
    for title, about, rows in sheets:
        line += 1
        safe = title.replace("'", "''")
        sheet.write_url(line, 0, f"internal:'{safe}'!A1", styles.text, title)
        sheet.write_string(line, 1, about, styles.wrapped)
        sheet.write_number(line, 2, rows, styles.integer)
    notes = [say("book.units_cover"), *([say("public_note")] if protection.active else [])]
    for note in notes:
        line += 2
        sheet.write_string(line, 0, note, styles.quiet)
