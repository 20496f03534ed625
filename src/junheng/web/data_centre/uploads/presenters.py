"""Bringing tables in: the form, what an upload would change, its faults, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.report import format as fmt
from junheng.web.accounts.roles import FORECAST, IMPORT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import may_upload, moment, span, tabs, trail, unit_name, upload_href, word
from junheng.web.data_centre.models import SavedMapping, Upload
from junheng.web.data_centre.rows import frame_table
from junheng.web.data_centre.uploads.queries import Shown
from junheng.web.house.page import (
    Absent,
    Anchor,
    Cell,
    Crumb,
    DataTable,
    Head,
    KeyFigure,
    Light,
    Method,
    Page,
    Row,
)
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import job_view
from junheng.web.wording import reason

LIGHTS: dict[str, Any] = {
    Upload.RECEIVED: "unseen",
    Upload.CHECKING: "unseen",
    Upload.FAULTY: "bad",
    Upload.READY: "yellow",
    Upload.COMMITTING: "unseen",
    Upload.COMMITTED: "good",
    Upload.FAILED: "bad",
}
SEVERITY: dict[str, Any] = {"error": "bad", "warning": "near", "note": "unseen"}
UNKNOWN_HEADINGS = ("intake.sheet_not_recognised", "intake.columns_missing", "intake.no_source_for_file")
"""Causes that a mapping mends."""
NO_VERSION = "none"
"""What the preview calls the base of a first import."""
MOST_CAUSES = 60
LONGEST_CRUMB = 40


def list_page(scope: Scope, uploads: Sequence[Upload]) -> Page:
    """Uploads of the scope, the newest first."""
    waiting = sum(one.now in (Upload.FAULTY, Upload.READY) for one in uploads)
    rows = tuple(
        Row(
            (
                Anchor(_files(one), scope.url("data:upload_one", upload=one.pk), sub=one.note),
                Light(LIGHTS[one.now], word(f"upload_{one.now}")),
                unit_name(scope, one.unit),
                one.by.name,
                moment(one.at),
                one.version_id or fmt.BLANK,
            )
        )
        for one in uploads
    )
    head = tuple(Head(word(f"col_{name}")) for name in ("files", "state", "unit", "who", "at", "version"))
    actions = (Anchor(word("bring"), upload_href(scope)),) if may_upload(scope) else ()
    return Page(
        title=word("tab_uploads"),
        headline=word(
            "uploads_headline" if uploads else "uploads_headline_none",
            count=fmt.count(len(uploads)),
            waiting=fmt.count(waiting),
            unit=unit_name(scope, scope.unit),
        ),
        crumbs=trail(scope, Crumb(word("tab_uploads"))),
        tabs=tabs(scope, "uploads"),
        absent=None if uploads else Absent(word("uploads_none"), word("uploads_none_text"), actions),
        method=_method(),
        body={
            "table": DataTable("uploads", word("uploads_caption"), head, rows) if uploads else None,
            "bring": actions[0] if actions and uploads else None,
            "mappings": Anchor(word("mappings"), scope.url("data:mappings")),
        },
    )


def _files(one: Upload) -> str:
    return "、".join(file["name"] for file in one.files)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CRUMB else f"{text[:LONGEST_CRUMB]}…"


def _method() -> Method:
    return Method(
        entries=tuple(
            (word(f"method_{name}"), word(f"method_{name}_text"))
            for name in ("whole", "key", "blank", "kept")
        )
    )


def form_page(
    scope: Scope,
    *,
    mappings: Sequence[SavedMapping],
    asked: Sequence[str],
    replace: bool,
    follows: Upload | None,
    fault: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Page:
    """Choose files, or take a template first."""
    shown = asked or (ours.school_tables()[:4] if scope.unit.level == "school" else ours.NEEDED)
    templates = tuple(Anchor(ours.name(name), scope.url("data:template", table=name)) for name in shown)
    query = "&".join(f"table={name}" for name in shown)
    return Page(
        title=word("bring"),
        headline=word(
            "bring_headline_again" if follows else "bring_headline", unit=unit_name(scope, scope.unit)
        ),
        crumbs=trail(scope, Crumb(word("tab_uploads"), scope.url("data:uploads")), Crumb(word("bring"))),
        tabs=tabs(scope, "uploads"),
        method=_method(),
        body={
            "action": upload_href(scope),
            "templates": templates,
            "all": Anchor(word("template_asked"), scope.url("data:template_all", query=query)),
            "filled": Anchor(
                word("template_filled"), scope.url("data:template_all", query=query + "&filled=1")
            ),
            "mappings": tuple((str(one.pk), one.name) for one in mappings),
            "replace": replace,
            "follows": follows,
            "follows_files": _files(follows) if follows else "",
            "fault": fault,
            "chosen": dict(chosen or {}),
        },
    )


def upload_page(scope: Scope, held: Shown, fault: str = "") -> Page:
    """One upload in whatever state it is."""
    one, summary = held.upload, held.upload.summary
    state = one.now
    errors = summary.get("errors", 0)
    body: dict[str, Any] = {
        "upload": one,
        "state": state,
        "fault": fault,
        "files": _file_table(scope, one),
        "again": upload_href(scope.on(one.unit), f"follows={one.pk}")
        if may_upload(scope.on(one.unit))
        else "",
        "recheck": scope.url("data:upload_check", upload=one.pk),
        "mapping": scope.url("data:upload_mapping", upload=one.pk),
        "mapping_name": one.mapping_name or (word("mapping_own") if one.mapping else ""),
    }
    if one.job is not None and state in (Upload.CHECKING, Upload.COMMITTING, Upload.FAILED):
        body["job"] = job_view(one.job, scope)
        body["progress"] = scope.url("data:upload_progress", upload=one.pk)
    if summary:
        body |= {
            "groups": _groups(scope, one),
            "units": _units(scope, held),
            "counts": _counts(scope, one, held.whole),
            "years": _pupils(scope, one) if held.whole else None,
            "samples": tuple(_samples(scope, held)),
            "unused": _unused(one),
            "marked": tuple(
                Anchor(
                    word("marked", file=m["file"]),
                    scope.url("data:upload_marked", upload=one.pk, file=m["name"]),
                )
                for m in summary.get("marked", ())
            ),
            "unknown": (unknown := any(g["code"] in UNKNOWN_HEADINGS for g in summary.get("groups", ()))),
            "drafted": unknown and bool(one.draft) and not one.mapping,
            "mappable": bool(unknown or one.mapping),
            "fitting": tuple((m.pk, m.name) for m in held.mappings[:5]),
            "use": scope.url("data:upload_use_mapping", upload=one.pk),
        }
    if state == Upload.READY:
        body["commit"] = scope.url("data:upload_commit", upload=one.pk)
        body["closed"] = fmt.listed([unit_name(scope, unit) for unit in held.closed[:8]], scope.language)
        body["closed_count"] = fmt.count(len(held.closed))
        body["vanish"] = _vanishing(scope, one) if one.mode == Upload.REPLACE else None
        body["nothing"] = (
            not any(t["new"] or t["changed"] for t in summary.get("tables", ()))
            and not summary.get("boundaries")
            and one.mode == Upload.MERGE
        )
    if state == Upload.COMMITTED:
        body["next"] = tuple(_next(scope, held))
    return Page(
        title=word("upload_title"),
        headline=word(
            f"upload_headline_{state}",
            files=_files(one),
            errors=fmt.count(errors),
            warnings=fmt.count(summary.get("warnings", 0)),
            causes=fmt.count(sum(g["severity"] == "error" for g in summary.get("groups", ()))),
            rows=fmt.count(sum(t["rows"] for t in summary.get("tables", ()))),
            version=one.version_id or fmt.BLANK,
            change=_change(summary),
        ),
        crumbs=trail(
            scope, Crumb(word("tab_uploads"), scope.url("data:uploads")), Crumb(_short(_files(one)))
        ),
        tabs=tabs(scope, "uploads"),
        lights=(Light(LIGHTS[state], word(f"upload_{state}")),),
        key_figures=_figures(summary) if summary else (),
        method=_method(),
        body=body,
    )


def _change(summary: Mapping[str, Any]) -> str:
    new = sum(t["new"] for t in summary.get("tables", ()))
    changed = sum(t["changed"] for t in summary.get("tables", ()))
    return word("change", new=fmt.count(new), changed=fmt.count(changed))


def _figures(summary: Mapping[str, Any]) -> tuple[KeyFigure, ...]:
    tables = summary.get("tables", ())
    sums = {name: sum(t[name] for t in tables) for name in ("rows", "new", "changed", "unchanged")}
    figures = [
        KeyFigure(word(f"figure_{name}"), fmt.count(value), word("unit_rows")) for name, value in sums.items()
    ]
    figures.append(KeyFigure(word("figure_errors"), fmt.count(summary.get("errors", 0)), word("unit_places")))
    figures.append(
        KeyFigure(word("figure_warnings"), fmt.count(summary.get("warnings", 0)), word("unit_places"))
    )
    return tuple(figures)


def _file_table(scope: Scope, one: Upload) -> DataTable:
    rows = tuple(
        Row(
            (
                Anchor(file["name"], scope.url("data:upload_original", upload=one.pk, number=number)),
                f"{fmt.decimal(file['size'] / 1024**2, 1)} MB"
                if file["size"] >= 1024**2
                else f"{fmt.count(max(file['size'] / 1024, 1))} KB",
                Cell(file["sha256"][:16]),
            )
        )
        for number, file in enumerate(one.files, 1)
    )
    head = (Head(word("col_file")), Head(word("col_size"), "right"), Head(word("col_digest")))
    note = word("files_note", who=one.by.name, at=moment(one.at), unit=unit_name(scope, one.unit))
    return DataTable("files", word("files_caption"), head, rows, note=note)


def _groups(scope: Scope, one: Upload) -> DataTable | None:
    """One line a cause: where, how often, how to mend it."""
    groups = one.summary.get("groups", ())
    if not groups:
        return None
    rows = tuple(
        Row(
            (
                Light(SEVERITY[g["severity"]], word(f"severity_{g['severity']}")),
                reason(g["code"], {**g["parameters"], "value": g["value"]}),
                Cell(
                    " · ".join(part for part in (g["sheet"], g["column"]) if part) or fmt.BLANK, sub=g["file"]
                ),
                _rows(g),
                fmt.count(g["count"]),
            )
        )
        for g in groups[:MOST_CAUSES]
    )
    head = (
        Head(word("col_severity")),
        Head(word("col_mend")),
        Head(word("col_place")),
        Head(word("col_rows_at"), "right"),
        Head(word("col_count"), "right", word("unit_places")),
    )
    more = one.summary.get("causes", len(groups)) - len(rows)
    note = word("more_causes", count=fmt.count(more)) if more > 0 else ""
    return DataTable("groups", word("groups_caption"), head, rows, note=note)


def _rows(group: Mapping[str, Any]) -> str:
    first, last = group["first_row"], group["last_row"]
    if first is None:
        return fmt.BLANK
    return fmt.count(first) if first == last else f"{fmt.count(first)}–{fmt.count(last)}"


def _units(scope: Scope, held: Shown) -> DataTable | None:
    """One line a unit whose rows are faulty; only where there are several."""
    if len({one["unit"] for one in held.by_unit}) < 2:
        return None
    rows = tuple(
        Row(
            (
                Cell(held.names.get(one["unit"], one["unit"]), sub=one["unit"]),
                ours.name(one["table"]),
                Light(SEVERITY[one["severity"]], word(f"severity_{one['severity']}")),
                _rows(one),
                fmt.count(one["count"]),
            )
        )
        for one in held.by_unit[:MOST_CAUSES]
    )
    head = (
        Head(word("col_unit")),
        Head(word("col_table")),
        Head(word("col_severity")),
        Head(word("col_rows_at"), "right"),
        Head(word("col_count"), "right", word("unit_places")),
    )
    return DataTable("units", word("units_caption"), head, rows)


def _counts(scope: Scope, one: Upload, whole: bool) -> DataTable | None:
    """Rows by table; those of the whole table only where the upload is the region's."""
    tables = one.summary.get("tables", ())
    if not tables:
        return None
    counted = ["rows", "new", "changed", "unchanged", *(["before", "after"] if whole else [])]
    rows = tuple(
        Row(
            (
                ours.name(t["table"]),
                *(fmt.count(t[name]) for name in counted),
                span(t["first_year"], t["last_year"]),
            )
        )
        for t in tables
    )
    names = ("table", "in_file", *counted[1:], "years")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "table" else "right") for name in names)
    done = one.state == Upload.COMMITTED
    first = one.base_version == NO_VERSION
    code = "upload_counts_first" if first else "upload_counts_done" if done else "upload_counts_caption"
    caption = word(code, version=one.base_version)
    return DataTable("counts", caption, head, rows)


def _pupils(scope: Scope, one: Upload) -> DataTable | None:
    """Pupils of the whole region by year before and after, the last years and all that change."""
    years = one.summary.get("pupils", ())
    kept = [y for at, y in enumerate(years) if y["before"] != y["after"] or at >= len(years) - 3]
    if not kept:
        return None
    held = {y["year"]: y["after"] for y in years}
    rows = []
    for y in kept[-12:]:
        before, after, last = y["before"], y["after"], held.get(y["year"] - 1)
        changed = fmt.signed(after - before) if before is not None and after is not None else fmt.BLANK
        yearly = fmt.signed(after - last) if last is not None and after is not None else fmt.BLANK
        rows.append(
            Row(
                (
                    fmt.school_year(y["year"], scope.language),
                    fmt.count(before),
                    fmt.count(after),
                    changed,
                    yearly,
                )
            )
        )
    names = ("school_year", "pupils_before", "pupils_after", "change", "change_year")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "school_year" else "right") for name in names)
    return DataTable("pupils", word("pupils_caption"), head, tuple(rows))


def _samples(scope: Scope, held: Shown) -> list[DataTable]:
    found: list[DataTable] = []
    for name, rows in held.sample.items():
        if name in INPUTS and rows:
            frame = pl.DataFrame(rows, infer_schema_length=None)
            caption = word("sample_caption", table=ours.name(name), count=fmt.count(len(rows)))
            found.append(frame_table(name, frame, scope, held.names, caption=caption))
    return found


def _unused(one: Upload) -> tuple[str, ...]:
    return tuple(
        word(
            "unused",
            place=" · ".join(part for part in (u["file"], u["sheet"]) if part),
            headings="、".join(u["headings"][:20]),
        )
        for u in one.summary.get("unused", ())
    )


def _vanishing(scope: Scope, one: Upload) -> DataTable:
    """Replacing whole tables: rows that would be there no more."""
    rows = tuple(
        Row(
            (
                ours.name(t["table"]),
                fmt.count(t["before"]),
                fmt.count(t["after"]),
                fmt.count(t["before"] - t["changed"] - t["unchanged"]),
            )
        )
        for t in one.summary.get("tables", ())
    )
    names = ("table", "before", "after", "vanishing")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "table" else "right") for name in names)
    return DataTable("vanish", word("vanish_caption"), head, rows)


def _next(scope: Scope, held: Shown) -> list[Anchor]:
    """What one does after an import: hand in, forecast, look at the version."""
    found = [
        Anchor(
            word("next_submit", name=one.collection.name),
            scope.on(held.upload.unit).url("data:submission", submission=one.pk),
        )
        for one in held.submissions
    ]
    if scope.may(FORECAST):
        found.append(Anchor(word("next_forecast"), scope.url("forecast:start")))
    if held.upload.version_id:
        found.append(Anchor(word("next_version"), scope.url("data:version", version=held.upload.version_id)))
    found.append(Anchor(word("next_index"), scope.url("data:index")))
    return found


def mappings_page(scope: Scope, saved: Sequence[SavedMapping]) -> Page:
    """Saved mappings of the region."""
    rows = tuple(
        Row(
            (
                Anchor(one.name, scope.url("data:mapping_file", mapping=one.pk)),
                fmt.count(len(one.headings)) if one.headings else fmt.BLANK,
                one.by.name,
                moment(one.at),
            )
        )
        for one in saved
    )
    head = (
        Head(word("col_mapping")),
        Head(word("col_headings"), "right"),
        Head(word("col_who")),
        Head(word("col_at")),
    )
    return Page(
        title=word("mappings"),
        headline=word(
            "mappings_headline" if saved else "mappings_headline_none", count=fmt.count(len(saved))
        ),
        lead=word("mappings_lead"),
        crumbs=trail(scope, Crumb(word("tab_uploads"), scope.url("data:uploads")), Crumb(word("mappings"))),
        tabs=tabs(scope, "uploads"),
        body={
            "table": DataTable("mappings", word("mappings"), head, rows, empty=word("mappings_none")),
            "action": scope.url("data:mapping_add") if scope.may(IMPORT) else "",
            "may": scope.may(IMPORT),
        },
    )
