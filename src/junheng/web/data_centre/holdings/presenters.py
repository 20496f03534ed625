"""The room's first page, the page of one table, and the doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from junheng.model import INPUTS, Column
from junheng.model.codes import CODE_LISTS
from junheng.report import format as fmt
from junheng.web.accounts.roles import COLLECT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.presenters import progress_map, progress_table
from junheng.web.data_centre.collecting.queries import Standing
from junheng.web.data_centre.frame import (
    SHOWN,
    may_upload,
    moment,
    page_number,
    paging,
    span,
    tabs,
    trail,
    unit_name,
    upload_href,
    word,
)
from junheng.web.data_centre.holdings.queries import SHOWN_ROWS, Doubt, Holding
from junheng.web.data_centre.rows import frame_table
from junheng.web.house.page import (
    Absent,
    Anchor,
    Cell,
    Crumb,
    DataTable,
    Download,
    Head,
    Light,
    Method,
    Page,
    Row,
)
from junheng.web.house.scope import Scope
from junheng.web.wording import reason, say


def index_page(scope: Scope, held: Sequence[Holding], standings: Sequence[Standing], polygons: str) -> Page:
    """Is it complete, is it right? Share handed in, what is missing, every table with what it is for."""
    missing = [one for one in held if not one.rows and one.table.name in ours.NEEDED]
    headline, links = _headline(scope, held, missing, standings)
    return Page(
        title=say("house.page_data"),
        headline=headline,
        links=links,
        crumbs=trail(scope),
        tabs=tabs(scope, "index"),
        lights=_lights(scope, held, standings),
        downloads=_templates(scope),
        absent=_empty(scope, held),
        method=_method(held),
        body={
            "tables": _tables(scope, held),
            "upload": upload_href(scope) if may_upload(scope) else "",
            "progress": progress_table(scope, standings),
            "map": progress_map(scope, standings, polygons),
            "collect": scope.url("data:collection_new") if scope.may(COLLECT) and not standings else "",
        },
    )


def _headline(
    scope: Scope, held: Sequence[Holding], missing: Sequence[Holding], standings: Sequence[Standing]
) -> tuple[str, tuple[str, ...]]:
    filled = sum(one.rows > 0 for one in held)
    lacking = fmt.listed([ours.name(one.table.name) for one in missing], scope.language)
    if not filled:
        return word("headline_empty", unit=unit_name(scope, scope.unit)), ()
    if standings and (some := [one for one in standings if one.submissions]):
        first = some[0]
        href = scope.url("data:collection", collection=first.collection.pk)
        late = scope.url("data:collection", collection=first.collection.pk, query="show=late")
        if scope.unit.level == "school":
            one = first.submissions[0]
            where = scope.url("data:submission", submission=one.pk)
            return word(
                "headline_school_late" if first.is_late(one) else "headline_school",
                name=first.collection.name,
                state=word(f"state_{one.state}"),
                due=_day(first.collection.due),
            ), (where,)
        return word(
            "headline_collecting_late" if first.late else "headline_collecting",
            name=first.collection.name,
            all=fmt.count(len(first.submissions)),
            done=fmt.count(first.handed_in),
            share=fmt.percent(first.handed_in / len(first.submissions)),
            late=fmt.count(len(first.late)),
            due=_day(first.collection.due),
        ), (href, late)
    code = "headline_lacking" if missing else "headline_complete"
    return word(code, filled=fmt.count(filled), all=fmt.count(len(held)), lacking=lacking), ()


def _day(day: Any) -> str:
    return day.strftime("%Y-%m-%d")


def _lights(scope: Scope, held: Sequence[Holding], standings: Sequence[Standing]) -> tuple[Light, ...]:
    lights: list[Light] = []
    for one in standings[1:]:
        if one.submissions and scope.unit.level != "school":
            kind = "bad" if one.late else "good" if not one.waiting else "unseen"
            done, every = fmt.count(one.handed_in), fmt.count(len(one.submissions))
            lights.append(
                Light(kind, word("light_collection", name=one.collection.name, done=done, all=every))
            )
    for one in held:
        if not one.rows and one.table.name in ours.NEEDED and scope.unit.level != "school":
            lights.append(Light("near", word("light_missing", table=ours.name(one.table.name))))
    return tuple(lights)


def _templates(scope: Scope) -> tuple[Download, ...]:
    return (Download(word("template_usual"), scope.url("data:template_all")),)


def _empty(scope: Scope, held: Sequence[Holding]) -> Absent | None:
    if any(one.rows for one in held):
        return None
    actions = [Anchor(word("template_usual"), scope.url("data:template_all"))]
    if may_upload(scope):
        actions.append(Anchor(word("bring"), upload_href(scope)))
    return Absent(word("empty_title"), word("empty_text"), tuple(actions))


def _tables(scope: Scope, held: Sequence[Holding]) -> tuple[DataTable, ...]:
    """Every table under the heading of its group; groups a school gives nothing for are left out."""
    shown = [one for one in held if scope.unit.level != "school" or one.table.name in ours.school_tables()]
    found: list[DataTable] = []
    for code, name, tables in ours.groups():
        own = [one for one in shown if one.table.name in tables]
        if own:
            found.append(_group(scope, code, name, own))
    return tuple(found)


def _group(scope: Scope, code: str, name: str, shown: Sequence[Holding]) -> DataTable:
    rows = [
        Row(
            (
                Anchor(
                    ours.name(one.table.name),
                    scope.url("data:table", table=one.table.name),
                    sub=_use(one),
                ),
                Cell(fmt.count(one.rows)) if one.rows else _lacking(one),
                span(one.first_year, one.last_year),
                Cell(one.version, sub=moment(one.at)[:10]) if one.version else fmt.BLANK,
                Anchor(word("template"), scope.url("data:template", table=one.table.name)),
            ),
            key=one.table.name,
        )
        for one in shown
    ]
    head = (
        Head(word("col_table_use")),
        Head(word("col_rows"), "right", word("unit_rows")),
        Head(word("col_years"), "right"),
        Head(word("col_version")),
        Head(word("col_template")),
    )
    caption = word("tables_caption", group=name, count=fmt.count(len(rows)))
    return DataTable(f"tables-{code}", caption, head, tuple(rows))


def _use(one: Holding) -> str:
    """What the table is for; where it is missing, also what cannot be told without it."""
    purpose = word("use", purpose=ours.purpose(one.table.name))
    return purpose if one.rows else f"{purpose}{ours.without(one.table.name)}"


def _lacking(one: Holding) -> Light:
    needed = one.table.name in ours.NEEDED
    return Light("near" if needed else "unseen", word("missing" if needed else "not_given"))


def _method(held: Sequence[Holding]) -> Method:
    return Method(
        entries=(
            (word("method_year"), word("method_year_text")),
            (word("method_rows"), word("method_rows_text")),
            *((ours.name(one.table.name), ours.about(one.table.name)) for one in held),
        ),
        sources=tuple(
            (ours.name(one.table.name), one.version, moment(one.at)) for one in held if one.version
        ),
    )


def table_page(
    scope: Scope, table: str, rows: pl.DataFrame, count: int, number: int, names: Mapping[str, str]
) -> Page:
    """One table: what it is for, its rows here, what each column counts."""
    declared, zh = INPUTS[table], scope.language == "zh"
    title = ours.name(table)
    years = "year" in declared.names
    shown_year = bool(rows.height) and years and int(rows["year"][0]) == scope.year
    headline = word(
        "table_headline_year" if years and shown_year else "table_headline",
        table=title,
        rows=fmt.count(count),
        year=fmt.school_year(scope.year, scope.language),
        unit=unit_name(scope, scope.unit),
    )
    absent = None
    if not count:
        actions = [Anchor(word("template"), scope.url("data:template", table=table))]
        if may_upload(scope):
            actions.append(Anchor(word("bring"), upload_href(scope)))
        absent = Absent(word("table_empty", table=title), ours.without(table), tuple(actions))
    columns = DataTable(
        "columns",
        word("columns_caption"),
        (
            Head(word("col_column")),
            Head(word("col_about")),
            Head(word("col_kind")),
            Head(word("col_required")),
        ),
        tuple(
            Row(
                (
                    Cell(one.zh if zh else one.en, sub=one.name),
                    one.about_zh if zh else one.about_en,
                    _kind(one, zh),
                    word("required") if one.required else fmt.BLANK,
                )
            )
            for one in declared.columns
        ),
    )
    downloads = [Download(word("template"), scope.url("data:template", table=table))]
    if count:
        downloads.append(Download(word("download_rows"), scope.url("data:table_file", table=table)))
    return Page(
        title=title,
        headline=headline,
        lead=ours.purpose(table),
        crumbs=trail(scope, Crumb(title)),
        tabs=tabs(scope, "index"),
        downloads=tuple(downloads),
        absent=absent,
        method=Method(
            entries=(
                (title, ours.about(table)),
                (
                    word("method_key"),
                    fmt.listed([ours.column_name(table, k) for k in declared.key], scope.language),
                ),
                (word("method_year"), word("method_year_text")),
            )
        ),
        body={
            "rows": frame_table(
                table,
                rows,
                scope,
                names,
                paging(scope.url("data:table", table=table) + "?", number, count, SHOWN_ROWS),
            )
            if count
            else None,
            "columns": columns,
        },
    )


def _kind(column: Column, zh: bool) -> str:
    text = word(f"kind_{column.kind}")
    if column.codes:
        text = CODE_LISTS[column.codes].zh if zh else CODE_LISTS[column.codes].en
    chinese, _, english = column.unit.partition(" ")
    unit = chinese if zh else english or chinese
    return f"{text} · {unit}" if unit else text


def doubts_page(scope: Scope, found: Sequence[Doubt], asked: Mapping[str, str]) -> Page:
    """What the checks doubt, with filters by table, gravity and cause."""
    counts = Counter(one.finding.severity for one in found)
    kept = [
        one
        for one in found
        if asked.get("table", "") in ("", one.finding.table)
        and asked.get("severity", "") in ("", one.finding.severity)
        and asked.get("cause", "") in ("", one.finding.code)
    ]
    number = page_number(asked.get("page", ""), len(kept))
    rows = [
        Row(
            (
                Light(
                    "bad"
                    if one.finding.severity == "error"
                    else "near"
                    if one.finding.severity == "warning"
                    else "unseen",
                    word(f"severity_{one.finding.severity}"),
                ),
                ours.name(one.finding.table) if one.finding.table in INPUTS else fmt.BLANK,
                Anchor(unit_name(scope, one.unit), scope.on(one.unit).url("data:doubts"))
                if one.unit is not None
                else fmt.BLANK,
                reason(one.finding.code, {"value": one.finding.value, **one.finding.parameters}),
            )
        )
        for one in kept[(number - 1) * SHOWN : number * SHOWN]
    ]
    query = "&".join(f"{name}={asked[name]}" for name in ("table", "severity", "cause") if asked.get(name))
    href = scope.url("data:doubts") + (f"?{query}&" if query else "?")
    head = tuple(Head(word(f"col_{name}")) for name in ("severity", "table", "unit", "doubt"))
    code = "doubts_headline" if found else "doubts_headline_none"
    return Page(
        title=word("tab_doubts"),
        headline=word(
            code,
            errors=fmt.count(counts["error"]),
            warnings=fmt.count(counts["warning"]),
            notes=fmt.count(counts["note"]),
            unit=unit_name(scope, scope.unit),
        ),
        crumbs=trail(scope, Crumb(word("tab_doubts"))),
        tabs=tabs(scope, "doubts"),
        method=Method(entries=((word("method_doubts"), word("method_doubts_text")),)),
        body={
            "table": DataTable(
                "doubts",
                word("doubts_caption", count=fmt.count(len(kept))),
                head,
                tuple(rows),
                empty=word("doubts_none_here"),
                paging=paging(href, number, len(kept)),
            ),
            "filters": (
                _choice(
                    "table",
                    word("col_table"),
                    {o.finding.table: ours.name(o.finding.table) for o in found if o.finding.table in INPUTS},
                    asked,
                ),
                _choice(
                    "severity",
                    word("col_severity"),
                    {o.finding.severity: word(f"severity_{o.finding.severity}") for o in found},
                    asked,
                ),
            )
            if found
            else (),
        },
    )


def _choice(name: str, label: str, options: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, Any]:
    """A field of a filter: its name, label and options (value, word, chosen)."""
    chosen = asked.get(name, "")
    every = (("", word("all"), not chosen),)
    return {
        "name": name,
        "label": label,
        "options": (*every, *((value, text, value == chosen) for value, text in options.items())),
    }
