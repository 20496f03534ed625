"""Versions: the list, one with its difference, the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junheng.report import format as fmt
from junheng.web.accounts.roles import EXPORT, IMPORT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import moment, page_number, paging, tabs, trail, unit_name, word
from junheng.web.data_centre.rows import value_word
from junheng.web.data_centre.versions.queries import Difference, Listed
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, Method, Page, Row
from junheng.web.house.scope import Scope

SHOWN = 50


def list_page(scope: Scope, held: Sequence[Listed], asked: str) -> Page:
    """Who brought what when."""
    number = page_number(asked, len(held), SHOWN)
    rows = tuple(
        Row(
            (
                Anchor(one.version.id, scope.url("data:version", version=one.version.id)),
                moment(one.version.at),
                one.upload.by.name if one.upload else fmt.BLANK,
                unit_name(scope, one.upload.unit) if one.upload else fmt.BLANK,
                Cell(_note(one), sub="、".join(name for name, _ in one.version.sources[:3])),
                fmt.count(sum(table.rows for table in one.version.tables.values())),
            )
        )
        for one in held[(number - 1) * SHOWN : number * SHOWN]
    )
    head = (
        Head(word("col_version")),
        Head(word("col_at")),
        Head(word("col_who")),
        Head(word("col_unit")),
        Head(word("col_note")),
        Head(word("col_rows"), "right", word("unit_rows")),
    )
    newest = held[0].version if held else None
    return Page(
        title=word("tab_versions"),
        headline=word(
            "versions_headline", version=newest.id, at=moment(newest.at), count=fmt.count(len(held))
        )
        if newest
        else word("versions_headline_none"),
        crumbs=trail(scope, Crumb(word("tab_versions"))),
        tabs=tabs(scope, "versions"),
        absent=None if newest else Absent(word("versions_none"), word("empty_text")),
        method=_method(),
        body={
            "table": DataTable(
                "versions",
                word("versions_caption"),
                head,
                rows,
                paging=paging(scope.url("data:versions") + "?", number, len(held), SHOWN),
            )
            if newest
            else None
        },
    )


def _note(one: Listed) -> str:
    if one.version.restores:
        return word("restored_from", version=one.version.restores)
    return one.version.note or fmt.BLANK


def _method() -> Method:
    return Method(
        entries=tuple((word(f"method_{n}"), word(f"method_{n}_text")) for n in ("version", "compare"))
    )


def version_page(
    scope: Scope, held: Difference, names: Mapping[str, str], whole: bool, fault: str = ""
) -> Page:
    """One version: what it changed against another, its tables as files, the way back to it."""
    version = held.listed.version
    changed = sum(c.added + c.changed + c.removed for c in held.counts.values())
    rows = tuple(
        Row((ours.name(name), fmt.count(c.added), fmt.count(c.changed), fmt.count(c.removed)))
        for name, c in held.counts.items()
    )
    head = tuple(
        Head(word(f"col_{name}"), "left" if name == "table" else "right")
        for name in ("table", "added", "changed", "removed")
    )
    cells = tuple(
        Row(
            (
                ours.name(table),
                " · ".join(_key(table, column, value, names) for column, value in key.items()),
                ours.column_name(table, column),
                _value(before, column),
                _value(after, column),
            )
        )
        for table, key, column, before, after in held.cells
    )
    cell_head = (
        Head(word("col_table")),
        Head(word("col_row")),
        Head(word("col_column")),
        Head(word("col_was"), "right"),
        Head(word("col_is"), "right"),
    )
    note = word("difference_note", count=fmt.count(len(cells))) if cells else ""
    export = scope.may(EXPORT) and version.tables
    code = "version_headline" if held.counts else "version_headline_same"
    if not held.against:
        code = "version_headline_first"
    return Page(
        title=word("version_title", version=version.id),
        headline=word(
            code,
            version=version.id,
            against=held.against or word("nothing_before"),
            rows=fmt.count(changed),
            tables=fmt.count(len(rows)),
        ),
        lead=word(
            "version_lead",
            at=moment(version.at),
            who=held.listed.upload.by.name if held.listed.upload else word("command_line"),
            note=_note(held.listed),
        ),
        crumbs=trail(scope, Crumb(word("tab_versions"), scope.url("data:versions")), Crumb(version.id)),
        tabs=tabs(scope, "versions"),
        method=_method(),
        body={
            "against": tuple((one, one == held.against) for one in held.known if one != version.id),
            "counts": DataTable(
                "difference",
                word("difference_caption", against=held.against or word("nothing_before")),
                head,
                rows,
                empty=word("no_difference"),
            ),
            "files": tuple(
                (
                    ours.name(name),
                    fmt.count(held.rows[name]),
                    scope.url("data:version_file", version=version.id, table=name),
                )
                for name in version.tables
                if held.rows.get(name)
            )
            if export
            else (),
            "cells": DataTable("cells", word("cells_caption"), cell_head, cells, note=note)
            if cells
            else None,
            "restore": scope.url("data:version_restore", version=version.id)
            if whole and scope.may(IMPORT) and version.id != held.newest
            else "",
            "newest": held.newest,
            "handed_in": fmt.count(held.handed_in) if held.handed_in else "",
            "fault": fault,
        },
    )


def _key(table: str, column: str, value: object, names: Mapping[str, str]) -> str:
    return names.get(str(value)) or value_word(table, column, value)


def _value(value: object, column: str) -> str:
    if value is None:
        return fmt.BLANK
    if isinstance(value, int) and not isinstance(value, bool) and "year" not in column:
        return fmt.count(value)
    return str(value)
