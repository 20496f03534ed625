"""The board of an assessment: what is not met first, then the schools, then what is met."""

from __future__ import annotations

from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.web.balance.presenters import course, matrix, parts, warnings
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.balance.warning_queries import Warned
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

CONDITIONS = ("precondition", "veto")
OF_COUNTY = "county"


def page(held: Judged, over_years: course.Values, warned: Warned | None) -> Page:
    """What is met, what is not, and by how much; the county's items for those who see it, schools for all.
    `over_years` are the values of the county's coefficients."""
    scope, county = held.scope, held.county
    rows = _county_rows(held)
    return Page(
        title=say("balance.title", unit=held.named, assessment=held.result.assessment.name(scope.language)),
        headline=_headline(held),
        crumbs=crumbs(scope, "balance:board"),
        lights=(parts.light(held, county),) if county is not None else (),
        key_figures=_figures(held),
        downloads=parts.downloads(held),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        tabs=parts.tabs(scope, "board"),
        body=(
            *_open(held, rows),
            *course.sections(held, over_years),
            *matrix.sections(held),
            *warnings.first(warned),
            *_met(held, rows),
        ),
    )


def empty(scope: Scope, here: str = "board") -> Page:
    """The page before a run judged anything here."""
    data = Anchor(say("balance.to_data"), scope.url("data:index"))
    start = (Anchor(say("balance.to_start"), scope.url("forecast:start")),) if scope.may("forecast") else ()
    return Page(
        title=say("balance.none_title"),
        headline=say("balance.none_title"),
        crumbs=crumbs(scope, f"balance:{here}"),
        tabs=parts.tabs(scope, here),
        absent=Absent(say("balance.none_title"), say("balance.none_text"), (data, *start)),
    )


def unconcerned(scope: Scope) -> Page:
    """The page of a unit that no assessment judges by itself, as a kindergarten."""
    text = say("balance.unconcerned", unit=name_of(scope.unit, scope.language))
    actions = tuple(
        Anchor(say(f"balance.tab_{page}"), scope.url(f"balance:{page}"))
        for page in ("warnings", "indicators")
    )
    return Page(
        title=text,
        headline=text,
        crumbs=crumbs(scope, "balance:board"),
        tabs=parts.tabs(scope, "board"),
        absent=Absent(say("balance.unconcerned_title"), say("balance.unconcerned_text"), actions),
    )


def _headline(held: Judged) -> str:
    words, county, schools = held.words, held.county, matrix.results(held)
    counts = {
        "judged": len(schools),
        "met": sum(row.status == MET for row in schools),
        "unmet": sum(row.status == UNMET for row in schools),
    }
    named = {"unit": held.named, "assessment": held.result.assessment.name(held.scope.language)}
    if county is None:
        return say("balance.headline_schools", **named, **counts)
    verdict = words.say(f"verdict.{county.status}")
    text = say(
        "balance.headline",
        unit=held.named,
        year=fmt.school_year(held.result.year, held.scope.language),
        assessment=named["assessment"],
        verdict=verdict,
        items=county.n_items,
        unmet=county.n_unmet,
        unknown=county.n_unknown,
    )
    return text + (say("balance.headline_of_schools", **counts) if schools else "")


def _figures(held: Judged) -> tuple[KeyFigure, ...]:
    schools, county = matrix.results(held), held.county
    found: list[KeyFigure] = []
    if county is not None:
        counts = {"met": county.n_met, "unmet": county.n_unmet, "unknown": county.n_unknown}
        of = say("balance.figure_of", of=county.n_items)
        found += [
            KeyFigure(say(f"balance.figure_{name}"), fmt.count(count), of) for name, count in counts.items()
        ]
    if schools:
        passing = sum(row.status == MET for row in schools)
        of = say("balance.figure_of_schools", of=len(schools))
        found.append(KeyFigure(say("balance.figure_schools"), fmt.count(passing), of))
    return tuple(found)


def _county_rows(held: Judged) -> list[ItemRow]:
    groups = [group.id for group in held.result.assessment.groups]
    order = {name: place for place, name in enumerate((*groups, *CONDITIONS))}
    rows = [
        row
        for row in held.result.items
        if row.level == OF_COUNTY and not row.part and row.kind != "beside" and row.group in order
    ]
    items = {code: place for place, code in enumerate(dict.fromkeys(row.item for row in rows))}
    return sorted(rows, key=lambda row: (order[row.group], items[row.item], parts.stage_place(row.stage)))


def _open(held: Judged, rows: list[ItemRow]) -> tuple[Section, ...]:
    """What falls short first, then what is not known."""
    wanting = [row for row in rows if row.status != MET]
    wanting.sort(key=lambda row: row.status != UNMET)
    if held.county is None:
        return ()
    table = _items(held, "open", say("balance.open_items"), wanting, empty=say("balance.open_none"))
    return (Section("items", tables=(table,)),)


def _met(held: Judged, rows: list[ItemRow]) -> tuple[Section, ...]:
    met = [row for row in rows if row.status == MET]
    if not met:
        return ()
    tables = [
        _items(held, f"met-{group}", held.words.group(group), [row for row in met if row.group == group])
        for group in dict.fromkeys(row.group for row in met)
    ]
    return (Section("items", say("balance.met_items", count=len(met)), tables=tuple(tables)),)


def _items(held: Judged, key: str, caption: str, rows: list[ItemRow], empty: str = "") -> DataTable:
    """Rows of the county item by item, the line they are held against, and what is missing."""
    head = (
        Head(say("balance.col_item")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_why")),
    )
    return DataTable(key, caption, head, tuple(_item(held, row) for row in rows), empty=empty)


def _item(held: Judged, row: ItemRow) -> Row:
    words = held.words
    name = f"{row.item} {words.item(row.item)}"
    href = parts.address(held.scope, "balance:item", held.result.assessment.id, item=row.item)
    return Row(
        (
            Anchor(name, href),
            words.stage(row.stage) or fmt.BLANK,
            words.value(row),
            words.line(row),
            parts.light(held, row),
            Cell(words.note(row)),
        ),
        key=f"{row.item}-{row.stage}",
    )
