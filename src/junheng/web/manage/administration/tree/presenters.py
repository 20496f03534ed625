"""The page of the unit tree."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.frame import span, tabs, where
from junheng.web.manage.administration.tree.queries import Around
from junheng.web.units.models import Unit
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class TreeBody:
    """Lineage above, units below."""

    above: DataTable
    below: DataTable


def tree(scope: Scope, held: Around, paging: Paging, *, sought: bool) -> Page:
    """A unit with its lineage and what is below it."""
    above_head = ("unit", "level", "unit_code", "staff", "do")
    below_head = ("unit", "level", "unit_code", "exists", "units_below", "staff")
    body = TreeBody(
        DataTable(
            "above",
            say("admin.tree_above"),
            _head(above_head),
            tuple(_above(scope, held, unit) for unit in held.above),
        ),
        DataTable(
            "below",
            say(
                "admin.tree_found" if sought else "admin.tree_below", unit=name_of(scope.unit, scope.language)
            ),
            _head(below_head),
            tuple(_below(scope, held, unit) for unit in held.below),
            empty=say("admin.tree_none_found" if sought else "admin.tree_none"),
            paging=paging,
        ),
    )
    headline = say(
        "admin.tree_headline",
        unit=name_of(scope.unit, scope.language),
        count=fmt.count(held.children[scope.unit.path]),
        all=fmt.count(held.existing),
    )
    return Page(
        say("admin.tab_tree"),
        headline,
        crumbs=where(scope, "tree"),
        lead=say("admin.tree_lead"),
        tabs=tabs(scope, "tree"),
        body=body,
    )


def _head(columns: tuple[str, ...]) -> tuple[Head, ...]:
    numbers = ("units_below", "staff")
    return tuple(Head(say(f"admin.head_{name}"), "right" if name in numbers else "left") for name in columns)


def _above(scope: Scope, held: Around, unit: Unit) -> Row:
    named_here = unit.path != held.region_path and held.region_path.startswith(unit.path)
    rename = (
        Anchor(say("admin.act_name"), scope.url("manage:unit_name", code=unit.code)) if named_here else ""
    )
    name = name_of(unit, scope.language)
    shown = Cell(name, bold=True) if unit.pk == scope.unit.pk else name
    return Row(
        (shown, say(f"house.level_{unit.level}"), unit.code, fmt.count(held.people[unit.path]), rename)
    )


def _below(scope: Scope, held: Around, unit: Unit) -> Row:
    children = held.children[unit.path]
    name = name_of(unit, scope.language)
    shown = Anchor(name, scope.on(unit).url("manage:tree")) if children else name
    return Row(
        (
            shown,
            say(f"house.level_{unit.level}"),
            unit.code,
            _exists(unit),
            fmt.count(children) if children else fmt.BLANK,
            fmt.count(held.people[unit.path]),
        )
    )


def _exists(unit: Unit) -> str:
    if unit.valid_from is None and unit.valid_to is None:
        return say("admin.exists_always")
    if unit.valid_from is None:
        return say("admin.span_until", last=unit.valid_to.isoformat() if unit.valid_to else "")
    return span(unit.valid_from, unit.valid_to)


def name(scope: Scope, unit: Unit) -> Page:
    """Naming a unit above the region."""
    return Page(
        say("admin.act_name"),
        say("admin.name_headline", code=unit.code),
        crumbs=where(scope, "tree", Crumb(say("admin.act_name"))),
        lead=say("admin.name_lead"),
    )
