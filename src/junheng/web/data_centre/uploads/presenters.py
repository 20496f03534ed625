"""Bringing tables in: the form, what an upload would change, its faults, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.roles import FORECAST, IMPORT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import may_upload, moment, tabs, trail, unit_name, upload_href, word
from junheng.web.data_centre.models import SavedMapping, Upload
from junheng.web.data_centre.uploads import report_tables
from junheng.web.data_centre.uploads.queries import Shown
from junheng.web.house.page import (
    Absent,
    Anchor,
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

LIGHTS: dict[str, Any] = {
    Upload.RECEIVED: "unseen",
    Upload.CHECKING: "unseen",
    Upload.FAULTY: "bad",
    Upload.READY: "yellow",
    Upload.COMMITTING: "unseen",
    Upload.COMMITTED: "good",
    Upload.FAILED: "bad",
}
UNKNOWN_HEADINGS = ("intake.sheet_not_recognised", "intake.columns_missing", "intake.no_source_for_file")
"""Causes that a mapping mends."""
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
        "files": report_tables.file_table(scope, one),
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
            "groups": report_tables.groups(scope, one),
            "units": report_tables.units(scope, held),
            "counts": report_tables.counts(scope, one, held.whole),
            "years": report_tables.pupils(scope, one) if held.whole else None,
            "samples": tuple(report_tables.samples(scope, held)),
            "unused": report_tables.unused(one),
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
        body["vanish"] = report_tables.vanishing(scope, one) if one.mode == Upload.REPLACE else None
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
