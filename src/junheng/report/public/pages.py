"""From protected slices to the pages, tables and manifest of one edition. Same input, same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from junheng.model.reason import Language
from junheng.report import drawing, fonts, wording
from junheng.report import format as fmt
from junheng.report.content import Figure
from junheng.report.html_page import characters
from junheng.report.public.attributes import without_styles
from junheng.report.public.data_files import FIELDS, as_json, data_files
from junheng.report.public.tables import OTHER, WHOLE_REGION, Count, Seat, Slices, slices
from junheng.report.reading import Reading, ReportInput
from junheng.report.sections import pupils, seats
from junheng.report.sections.headline import turns
from junheng.report.suppression import Protection

FIGURE_WIDTH = 3.4
"""Inches by nature: on a phone's width the type of a drawing is still read."""
FAMILY = "Junheng Public"
FIVE = 5
_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M4 26h24M16 6v20M6 12h20" '
    b'stroke="#1F5F8B" stroke-width="3" fill="none"/></svg>\n'
)
PAGES: dict[Language, str] = {"zh": "index.html", "en": "en/index.html"}


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table on a page: heads with their alignment, rows of text; the first cell names the row."""

    key: str
    caption: str
    head: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    last_is_total: bool = True


def bundle(source: ReportInput, *, published: date, minimum: int = 10) -> dict[str, bytes]:
    """Every file of an edition by its path: a page in each language, style, type, CSV and JSON, manifest.

    Every count passes the public protection with `minimum`. Refused when the packaged fonts are missing.
    """
    protection = Protection("public", minimum)
    held = slices(Reading(source, "zh"), protection)
    files: dict[str, bytes] = {"style.css": _style(), "icon.svg": _ICON}
    drawn: list[str] = []
    for language, path in PAGES.items():
        body = _page(Reading(source, language), held, protection, published)
        files[path] = body.encode()
        drawn.append(body)
    regular, bold = characters("".join(drawn))
    files["type-400.woff2"] = base64.b64decode(fonts.woff2(regular, 400))
    files["type-700.woff2"] = base64.b64decode(fonts.woff2(bold, 700))
    files |= data_files(Reading(source, "zh"), held)
    methods = {language: _method(held, protection, _say(language)) for language in PAGES}
    files["data/method.json"] = as_json(methods)
    about = {"run": str(source.run.get("id", "")), "region": source.region.code, "minimum": minimum}
    files["manifest.json"] = manifest(files, published, about)
    return dict(sorted(files.items()))


def manifest(files: Mapping[str, bytes], published: date, about: Mapping[str, Any]) -> bytes:
    """Digests of every file, and one of them all (`head`): SHA-256 of the lines "digest  path"."""
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    lines = "".join(f"{digest}  {path}\n" for path, digest in digests.items())
    content = {
        "format": 1,
        "published": published.isoformat(),
        **about,
        "files": digests,
        "head": hashlib.sha256(lines.encode()).hexdigest(),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@cache
def _style() -> bytes:
    return (Path(__file__).parent / "public.css").read_bytes()


def _page(reading: Reading, held: Slices, protection: Protection, published: date) -> str:
    say = _say(reading.language)
    region = reading.source.region
    courses = {turn.stage: turn for turn in turns(reading)}
    fans = [
        fan for stage in held.stages if (fan := pupils.fan(reading, stage, courses.get(stage))) is not None
    ]
    number = region.map_approval or reading.source.map_approval
    body = _template().render(
        language=reading.language,
        base="" if reading.language == "zh" else "../",
        other="en/index.html" if reading.language == "zh" else "../index.html",
        say=say,
        bureau=region.bureau or say("bureau", region=reading.region_name),
        title=say("title", region=reading.region_name),
        declared=say("declared", region=reading.region_name) if region.synthetic else "",
        published=say("published", day=_day(published, say)),
        headline=_headline(reading, held, say),
        figures=_figures(reading, held, say),
        tight=_tight(reading, held, say),
        fans=[(fan.title, _drawn(fan)) for fan in fans],
        maps=[(one.title, _drawn(one)) for one in _maps(reading, protection)] if number else [],
        approval=say("approval", number=number) if number else say("no_map"),
        pupils=_pupil_tables(reading, held, say),
        seats=_seat_tables(reading, held, say),
        counts=_count_table(reading, held, say),
        schools=_directory(reading, held),
        method=_method(held, protection, say),
        files=_files(say),
        run=say("run", run=reading.source.run.get("id", "")),
        marked=_marked,
    )
    return "\n".join(line for line in body.splitlines() if line.strip()) + "\n"


Say = Callable[..., str]


def _say(language: Language) -> Say:
    def say(code: str, **parameters: Any) -> str:
        return wording.say(f"public.{code}", language, **parameters)

    return say


def _day(day: date, say: Say) -> str:
    return say("day", year=day.year, month=day.month, day=day.day)


def _marked(text: str) -> Markup:
    safe = str(escape(text)).replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    return Markup(safe)  # noqa: S704 - escaped the line before


def _drawn(figure: Figure) -> Markup:
    return Markup(without_styles(drawing.svg(figure, FIGURE_WIDTH)))  # noqa: S704 - labels are escaped


def _maps(reading: Reading, protection: Protection) -> list[Figure]:
    return [one for one in seats.section(reading, protection).blocks if isinstance(one, Figure)]


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("public.html.j2")


def _total(held: Slices, year: int) -> Count | None:
    """All stages together; None when one is missing or hidden."""
    parts = [held.count(WHOLE_REGION, stage, year) for stage in held.stages]
    known = [one for one in parts if one is not None and one.value is not None]
    if not known or len(known) != len([one for one in parts if one is not None]):
        return None
    low = sum(one.low for one in known if one.low is not None)
    high = sum(one.high for one in known if one.high is not None)
    return Count(
        WHOLE_REGION, "", year, known[0].expected, sum(one.value or 0 for one in known), low, high, ""
    )


def _headline(reading: Reading, held: Slices, say: Say) -> str:
    language = reading.language
    now, ahead = _total(held, held.counted), _total(held, held.counted + FIVE)
    parts: list[str] = []
    if now is not None:
        schools = {(one.area, one.name) for one in held.schools}
        parts.append(
            say(
                "head",
                year=fmt.school_year(held.counted, language),
                pupils=fmt.spoken(now.value, language),
                schools=fmt.count(len(schools)),
            )
        )
    if now is not None and ahead is not None and now.value and ahead.value is not None:
        share = ahead.value / now.value - 1
        code = "head_less" if share < 0 else "head_more"
        parts.append(say(code, pupils=fmt.spoken(ahead.value, language), share=fmt.percent(abs(share))))
    if held.years:
        year = fmt.school_year(held.years[0], language)
        count = sum(one.first <= held.years[0] <= one.last for one in held.tight)
        parts.append(say("head_tight", year=year, count=count) if count else say("head_enough", year=year))
    return (" " if language == "en" else "").join(parts)


def _figures(reading: Reading, held: Slices, say: Say) -> list[tuple[str, str, str]]:
    """(label, number, detail) of the figures set large."""
    language = reading.language
    found: list[tuple[str, str, str]] = []
    when = say("counted_in", year=fmt.school_year(held.counted, language))
    if (now := _total(held, held.counted)) is not None:
        found.append((say("key_pupils"), fmt.count(now.value), when))
    if held.schools:
        found.append((say("key_schools"), fmt.count(len(held.schools)), when))
    if held.years:
        rows = [one for one in held.seats if one.area == WHOLE_REGION and one.seats is not None]
        total = sum(one.seats or 0 for one in rows)
        used = sum((one.seats or 0) + one.balance for one in rows if one.balance is not None)
        if total and all(one.balance is not None for one in rows):
            year = fmt.school_year(held.years[0], language)
            detail = say("seats_in", year=year, share=fmt.percent(used / total))
            found.append((say("key_seats"), fmt.count(total), detail))
    if (ahead := _total(held, held.counted + FIVE)) is not None:
        detail = say("expected_in", year=held.counted + FIVE, range=fmt.between(ahead.low, ahead.high))
        found.append((say("key_ahead"), fmt.count(ahead.value), detail))
    return found


def _tight(reading: Reading, held: Slices, say: Say) -> PublicTable | None:
    if not held.tight:
        return None
    head = ((say("col_place"), "left"), (say("col_when"), "left"), (say("col_most"), "right"))
    rows = tuple(
        (
            say("tight_row", area=reading.name("area", one.area), stage=reading.stage(one.stage)),
            say("tight_year", first=one.first)
            if one.first == one.last
            else say("tight_years", first=one.first, last=one.last),
            one.hidden or say("seats_word", count=fmt.count(one.most)),
        )
        for one in held.tight
    )
    return PublicTable("tight", say("tight"), head, rows, last_is_total=False)


def _place(reading: Reading, area: str, say: Say) -> str:
    return reading.name("area", area) if area else say("all_areas")


def _pupil_tables(reading: Reading, held: Slices, say: Say) -> list[PublicTable]:
    tables: list[PublicTable] = []
    for stage in held.stages:
        years = (held.counted, *held.years)
        head = [(say("col_area"), "left"), (say("col_now", year=held.counted), "right")]
        head += [(say("col_year", year=year), "right") for year in held.years]
        rows = [
            (_place(reading, area, say), *(_count(held.count(area, stage, year)) for year in years))
            for area in (*held.areas, WHOLE_REGION)
            if any(held.count(area, stage, year) is not None for year in years)
        ]
        caption = say("pupils_of", stage=reading.label(stage))
        tables.append(PublicTable(f"pupils-{stage}", caption, tuple(head), tuple(rows)))
    return tables


def _count(one: Count | None) -> str:
    if one is None:
        return fmt.BLANK
    return one.hidden or fmt.count(one.value)


def _seat_tables(reading: Reading, held: Slices, say: Say) -> list[PublicTable]:
    tables: list[PublicTable] = []
    if not held.years:
        return tables
    head = (
        (say("col_area"), "left"),
        (say("col_seats"), "right"),
        (say("col_use"), "right"),
        (say("col_balance"), "right"),
    )
    for stage in held.stages:
        rows = [
            (_place(reading, area, say), *_seat(seat))
            for area in (*held.areas, WHOLE_REGION)
            if (seat := held.seat(area, stage)) is not None
        ]
        if rows:
            year = fmt.school_year(held.years[0], reading.language)
            caption = say("seats_of", stage=reading.label(stage), year=year)
            tables.append(PublicTable(f"seats-{stage}", caption, head, tuple(rows)))
    return tables


def _seat(one: Seat) -> tuple[str, str, str]:
    return (
        fmt.count(one.seats),
        one.hidden or fmt.percent(one.utilisation),
        one.hidden or fmt.signed(one.balance),
    )


def _count_table(reading: Reading, held: Slices, say: Say) -> PublicTable:
    head = ((say("col_area"), "left"), *((reading.label(stage), "right") for stage in held.stages))
    known = {(area, stage): count for area, stage, count in held.school_counts}
    rows = tuple(
        (_place(reading, area, say), *(fmt.count(known.get((area, stage))) for stage in held.stages))
        for area in (*held.areas, WHOLE_REGION)
    )
    year = fmt.school_year(held.counted, reading.language)
    return PublicTable("schools", say("schools_count", year=year), head, rows)


def _directory(reading: Reading, held: Slices) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """(area, [(name, kind, ownership)]) in the order of codes."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in held.schools:
        kind = wording.code_name("school_kind", one.kind or None, reading.language)
        owner = wording.code_name("ownership", one.ownership or None, reading.language)
        found.setdefault(one.area, []).append((one.name, kind, owner))
    return [(reading.name("area", area), rows) for area, rows in found.items()]


def _method(held: Slices, protection: Protection, say: Say) -> list[str]:
    small = say("method_small", minimum=protection.minimum, mark=protection.mark, other=OTHER)
    ahead = ["method_ahead"] if held.years else []
    seated = ["method_seats"] if held.seats else []
    return [*(say(code) for code in ("method_pupils", *ahead, *seated)), small, say("method_rank")]


def _files(say: Say) -> list[tuple[str, str]]:
    names = {
        "pupils": "pupils",
        "seats": "seats",
        "tight": "tight",
        "school_counts": "schools",
        "schools": "schools",
    }
    return [(f"data/{table}.csv", say(names[table])) for table in FIELDS]


__all__: Sequence[str] = ("PAGES", "bundle", "manifest")
