"""两个只增不减: spending of the general public budget on education, in total and for each pupil."""

from __future__ import annotations

from fractions import Fraction

from junheng.monitoring.spending_rises import Rise
from junheng.report import format as fmt
from junheng.report.wording import code_name
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Light, Method, Page, Row
from junheng.web.plan.presenters import parts, words
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say


def page(held: Ledger) -> Page:
    """All stages together, year by year; each stage below."""
    scope = held.scope
    rises = held.held.tracking.spending if held.whole else ()
    whole = [one for one in rises if not one.stage]
    stages = [one for one in rises if one.stage]
    tables = [_table(held, "spending", say("plan.spending_all"), whole)] if whole else []
    if stages:
        tables.append(_table(held, "stages", say("plan.spending_stages"), stages))
    return Page(
        title=say("plan.spending_title", unit=name_of(scope.unit, scope.language)),
        headline=_headline(held, whole),
        crumbs=crumbs(scope, "plan:spending"),
        tabs=parts.tabs(held, "spending"),
        method=_method(held),
        provenance=parts.provenance(held),
        absent=None if rises else _absent(held),
        body=parts.Body(tables=tuple(tables)),
    )


def _absent(held: Ledger) -> Absent:
    if not held.whole:
        return Absent(say("plan.no_spending_title"), say("plan.no_spending_unit"))
    to_data = Anchor(say("plan.to_data"), held.scope.url("data:index"))
    return Absent(say("plan.no_spending_title"), say("plan.no_spending_text"), (to_data,))


def _method(held: Ledger) -> Method:
    own = parts.method(held)
    entries = tuple(
        (say(f"plan.method_{one}"), say(f"plan.method_{one}_text")) for one in ("rises", "pupils", "least")
    )
    return Method(entries, own.sources, own.citations)


def _headline(held: Ledger, rises: list[Rise]) -> str:
    judged = [one for one in rises if one.total_kept is not None]
    if not judged:
        return say("plan.no_spending_title")
    year = max(one.year for one in judged)
    last = [one for one in judged if one.year == year]
    texts = [
        say(
            "plan.headline_series",
            area=_area(held, one),
            basis=reason(f"policy.basis_{one.basis}"),
            total=_verdict(one.total_kept),
            per_pupil=_verdict(one.per_pupil_kept),
        )
        for one in last
    ]
    language = held.scope.language
    told = "；".join(texts) if language == "zh" else "; ".join(texts)
    binds = next((one.binds for one in last if one.binds), "")
    ahead = sorted(
        (one for one in rises if one.least_next is not None), key=lambda one: (-one.year, one.basis)
    )
    fell = sorted({one.year for one in judged if False in (one.total_kept, one.per_pupil_kept)} - {year})
    return say(
        "plan.headline_spending",
        year=year,
        told=told,
        fell=say("plan.fell", years=fmt.listed([str(one) for one in fell], language)) if fell else "",
        binds=say("plan.binds", words=words.begun(reason(f"policy.binds_{binds}"))) if binds else "",
        least=_least(ahead[0]) if ahead else "",
    )


def _least(one: Rise) -> str:
    basis = reason(f"policy.basis_{one.basis}")
    return say("plan.least", year=one.year + 1, basis=basis, amount=_money(one.least_next))


def _verdict(kept: bool | None) -> str:
    return say("plan.kept_unknown" if kept is None else "plan.kept_yes" if kept else "plan.kept_no")


def _light(kept: bool | None) -> Light:
    return Light("none" if kept is None else "good" if kept else "bad", _verdict(kept))


def _money(value: Fraction | None) -> str:
    """Yuan, to the cent where there are cents."""
    if value is None:
        return fmt.BLANK
    return fmt.decimal(float(value), 0 if value.denominator == 1 else 2)


def _area(held: Ledger, one: Rise) -> str:
    unit = held.scope.register.by_code.get(one.area)
    return one.area if unit is None else name_of(unit, held.scope.language)


def _table(held: Ledger, key: str, caption: str, rises: list[Rise]) -> DataTable:
    staged = any(one.stage for one in rises)
    head = (
        Head(say("plan.col_year")),
        *((Head(say("plan.col_stage")),) if staged else ()),
        Head(say("plan.col_basis")),
        Head(say("plan.col_spending"), "right", say("plan.yuan")),
        Head(say("plan.col_total_kept")),
        Head(say("plan.col_pupils"), "right"),
        Head(say("plan.col_per_pupil"), "right", say("plan.yuan")),
        Head(say("plan.col_per_pupil_kept")),
        Head(say("plan.col_binds")),
        Head(say("plan.col_least"), "right", say("plan.yuan")),
    )
    ordered = sorted(rises, key=lambda one: (-one.year, one.area, one.stage, one.basis))
    rows = tuple(_row(held, one, staged) for one in ordered)
    return DataTable(key, caption, head, rows, note=say("plan.spending_note"), dense=True)


def _row(held: Ledger, one: Rise, staged: bool) -> Row:
    blend = say("plan.blend_differs") if one.blend_differs else ""
    verdict = _light(one.per_pupil_kept)
    each = one.spending / one.pupils if one.pupils else None
    return Row(
        (
            Cell(str(one.year), sub=_area(held, one)),
            *((code_name("stage", one.stage, held.scope.language),) if staged else ()),
            reason(f"policy.basis_{one.basis}"),
            _money(one.spending),
            _light(one.total_kept),
            fmt.BLANK if one.pupils is None else fmt.count(float(one.pupils)),
            fmt.BLANK if each is None else fmt.decimal(float(each), 2),
            Cell(verdict.text, sub=blend, light=verdict.kind),
            reason(f"policy.binds_{one.binds}") if one.binds else fmt.BLANK,
            _money(one.least_next),
        ),
        key=f"{one.area}-{one.stage}-{one.basis}-{one.year}",
    )
