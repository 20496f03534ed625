"""What the self-evaluation report shows, in the order an evaluator asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report.assessment.notes import noted
from junheng.report.assessment.sources import exceptions, sources
from junheng.report.assessment.words import Words
from junheng.report.content import Block, Cell, Head, Section, Table, Text

OF_COUNTY, OF_SCHOOL = "county", "school"
MOST_FAILING = 25
DRIVERS = 2
CONDITIONS = ("precondition", "veto")


def whole(words: Words, group: str) -> list[ItemRow]:
    """The county's rows of a group, item by item."""
    return [
        row
        for row in words.result.items
        if row.level == OF_COUNTY and row.group == group and not row.part and row.kind != "beside"
    ]


def sections(words: Words) -> tuple[Section, ...]:
    """All sections; one that has nothing to say is left out."""
    assessment = words.result.assessment
    school_group = assessment.school_rule.group if assessment.school_rule else ""
    made = [_overview(words)]
    if school_group:
        made.append(_schools(words, school_group))
    for group in assessment.groups:
        if group.id == school_group:
            continue
        rows = whole(words, group.id)
        if rows and all(row.kind == "balance" for row in rows):
            made.append(_balance(words, group.id, rows))
        elif rows:
            made.append(_items(words, group.id))
    if any(whole(words, group) for group in CONDITIONS):
        made.append(_conditions(words))
    made += [exceptions(words), sources(words)]
    return tuple(made)


def status_cell(words: Words, row: ItemRow) -> Cell:
    """The result with a sign besides its colour."""
    light = {MET: "", UNMET: "red"}.get(row.status, "absent")
    return Cell(words.status(row), light=light, bold=row.status == UNMET)


def _overview(words: Words) -> Section:
    say, result = words.say, words.result
    groups = [group.id for group in result.assessment.groups] + list(CONDITIONS)
    rows: list[tuple[str | Cell, ...]] = []
    for group in groups:
        held = whole(words, group)
        if not held:
            continue
        counts = words.counts(held)
        bad = [row for row in held if row.status == UNMET]
        open_ = [row for row in held if row.status not in (MET, UNMET)]
        named = [
            words.numbered(f"{row.item}:{row.stage}" if row.stage else row.item) for row in (*bad, *open_)
        ]
        rows.append(
            (
                words.group(group),
                str(counts["items"]),
                str(counts["met"]),
                Cell(str(counts["unmet"]), light="red" if bad else ""),
                Cell(str(counts["unknown"]), light="absent" if counts["unknown"] else ""),
                fmt.listed(named) if words.language == "zh" else ", ".join(named),
            )
        )
    head = (
        Head(say("col.group"), width=2.2),
        Head(say("col.items"), "right", width=1.1),
        Head(say("col.met"), "right", width=1),
        Head(say("col.unmet"), "right", width=1.1),
        Head(say("col.unknown"), "right", width=1.5),
        Head(say("col.which"), width=5),
    )
    about = result.assessment.about_zh if words.language == "zh" else result.assessment.about_en
    blocks: tuple[Block, ...] = (
        Text(noted(about + say("card.stop"), result.assessment.source.doc)),
        Table("overview", say("overview"), head, tuple(rows)),
        Text(say("honest"), "note"),
    )
    return Section("overview", say("section.overview"), blocks)


def _schools(words: Words, group: str) -> Section:
    say, result = words.say, words.result
    rule = result.assessment.school_rule
    items = [item for item in result.assessment.items if item.group == group]
    least = rule.at_least.of() if rule and rule.at_least else None
    share = rule.floor.of() if rule and rule.floor else None
    if least is not None and share is not None:
        text = say("rule", of=len(items), wanted=int(least.number), floor=fmt.percent(share.number))
        text = noted(text, least.source)
    else:
        text = say("rule_all")
    blocks: list[Block] = [Text(_school_counts(words) + text)]
    head = (
        Head(say("col.number"), width=0.8),
        Head(say("col.item"), width=3.8),
        Head(say("col.stage"), width=_stage_width(words)),
        Head(say("col.requirement"), "right", width=1.5),
        Head(say("col.floor"), "right", width=1.5),
        Head(say("col.short_schools"), "right", width=1.4),
        Head(say("col.floor_schools"), "right", width=1.4),
        Head(say("col.missing"), "right", width=2.6),
    )
    rows: list[tuple[str | Cell, ...]] = []
    before = ""
    for row in whole(words, group):
        repeated, before = row.item == before, row.item
        under = sum(
            one.floor_status == UNMET
            for one in result.items
            if (one.item, one.stage, one.level) == (row.item, row.stage, OF_SCHOOL)
        )
        rows.append(
            (
                "" if repeated else row.item,
                "" if repeated else words.item(row.item),
                words.stage(row.stage),
                words.line(row),
                words.floor(row) if share is not None else "",
                Cell(f"{row.n_unmet or 0}/{row.n_units or 0}", light="orange" if row.n_unmet else ""),
                (
                    Cell(f"{under}/{row.n_units or 0}", light="red" if under else "")
                    if share is not None
                    else ""
                ),
                words.missing(row.missing_full, row.missing_unit),
            )
        )
    blocks.append(Table("by_item", say("by_item"), head, tuple(rows)))
    blocks += _failing(words)
    blocks.append(_annex(words, items=[item.id for item in items]))
    return Section("schools", say("section.schools"), tuple(blocks))


def _school_counts(words: Words) -> str:
    schools = [row for row in words.result.results if row.level == OF_SCHOOL]
    return words.say(
        "headline_schools",
        judged=len(schools),
        met=sum(row.status == MET for row in schools),
        unmet=sum(row.status == UNMET for row in schools),
        unknown=sum(row.status not in (MET, UNMET) for row in schools),
    ).strip() + (" " if words.language == "en" else "")


def _failing(words: Words) -> list[Block]:
    say = words.say
    order = {UNMET: 0}
    rows = [row for row in words.result.results if row.level == OF_SCHOOL and row.status != MET]
    rows.sort(key=lambda row: (order.get(row.status, 1), -(row.pupils or 0), row.area, row.stage))
    if not rows:
        return [Text(say("no_failing"))]
    head = (
        Head(say("col.school"), width=3.2),
        Head(say("col.stage"), width=_stage_width(words)),
        Head(say("col.pupils"), "right", width=1.1),
        Head(say("col.passed"), "right", width=1.2),
        Head(say("col.result"), width=1.8),
        Head(say("col.why"), width=4.1),
    )
    listed = tuple(
        (
            words.unit(row.area),
            words.stage(row.stage),
            fmt.count(row.pupils),
            f"{row.n_met}/{row.n_items}",
            Cell(words.status(row), light="red" if row.status == UNMET else "absent"),
            words.why(row),
        )
        for row in rows[:MOST_FAILING]
    )
    left = len(rows) - MOST_FAILING
    more = say("failing_more", count=left) if left > 0 else ""
    return [Table("failing", say("failing"), head, listed, more=more)]


def _annex(words: Words, items: Sequence[str]) -> Table:
    say, result = words.say, words.result
    held = {(row.area, row.stage, row.item): row for row in result.items if row.level == OF_SCHOOL}
    head = (
        Head(say("col.school"), width=2.7),
        Head(say("col.stage"), width=_stage_width(words)),
        Head(say("col.pupils"), "right", width=1.15),
        *(Head(code, "right", width=_width(words, code)) for code in items),
        Head(say("col.result"), width=1.7),
    )
    rows: list[tuple[str | Cell, ...]] = []
    for row in result.results:
        if row.level != OF_SCHOOL:
            continue
        values = [held.get((row.area, row.stage, code)) for code in items]
        rows.append(
            (
                words.unit(row.area),
                words.stage(row.stage),
                fmt.count(row.pupils),
                *(_school_value(words, value) for value in values),
                Cell(words.status(row), light={MET: "", UNMET: "red"}.get(row.status, "absent")),
            )
        )
    return Table("schools", say("annex"), head, tuple(rows), note=say("annex_note"))


def _stage_width(words: Words) -> float:
    """小学 and 初中 are short, their English names are not."""
    return 0.9 if words.language == "zh" else 2.0


def _width(words: Words, code: str) -> float:
    """Room for an item's values: whole numbers such as yuan are longer than ratios."""
    indicator = words.indicators.get(words.result.of(code).parts[0].indicator)
    return 1.45 if indicator is not None and indicator.display.decimals == 0 else 1.2


def _school_value(words: Words, row: ItemRow | None) -> str | Cell:
    if row is None or row.value is None:
        return fmt.BLANK
    light = ""
    if row.floor_status == UNMET:
        light = "red"
    elif row.status == UNMET:
        light = "orange"
    return Cell(words.value(row), light=light)


def _balance(words: Words, group: str, rows: Sequence[ItemRow]) -> Section:
    say = words.say
    stages = list(dict.fromkeys(row.stage for row in rows))
    by_item = list(dict.fromkeys(row.item for row in rows))
    held = {(row.item, row.stage): row for row in rows}
    limits = {stage: next((words.line(row) for row in rows if row.stage == stage), "") for stage in stages}
    head = [Head(say("col.number"), width=0.8), Head(say("col.item"), width=4)]
    head += [Head(words.beside(words.stage(stage), limits[stage]), "right", width=1.8) for stage in stages]
    head.append(Head(say("col.driver"), width=4.4))
    listed: list[tuple[str | Cell, ...]] = []
    for code in by_item:
        cells: list[Cell] = []
        for stage in stages:
            row = held[code, stage]
            light = {MET: "", UNMET: "red"}.get(row.status, "absent")
            cells.append(Cell(words.value(row), light=light, bold=row.status == UNMET))
        over = [held[code, stage] for stage in stages if held[code, stage].status == UNMET]
        listed.append((code, words.item(code), *cells, _drivers(words, over)))
    table = Table("balance", say("balance"), tuple(head), tuple(listed), note=say("balance_note"))
    source = words.result.assessment.source.doc
    return Section(
        "balance", words.heading(words.group(group)), (Text(noted(_lead(words, rows), source)), table)
    )


def _lead(words: Words, rows: Sequence[ItemRow]) -> str:
    return words.say("headline_items", **words.counts(rows)).strip()


def _drivers(words: Words, rows: Sequence[ItemRow]) -> str:
    frame = words.result.measured.get("indicator_worst")
    if frame is None or not rows:
        return ""
    parts: list[str] = []
    for row in rows:
        for one in frame.iter_rows(named=True):
            named = (one["indicator"], one["level"], one["area"], one["stage"])
            if named == (row.indicator, OF_COUNTY, row.area, row.stage) and one["rank"] <= DRIVERS:
                code = str(one["school"]).split("/")[0]
                share = fmt.percent(one["contribution"]) if one["contribution"] is not None else ""
                parts.append(f"{words.unit(code)} {share}".strip())
    return fmt.listed(parts) if words.language == "zh" else ", ".join(parts)


def _items(words: Words, group: str) -> Section:
    say = words.say
    rows = whole(words, group)
    head = (
        Head(say("col.number"), width=0.8),
        Head(say("col.item"), width=3.8),
        Head(say("col.requirement"), "right", width=1.75),
        Head(say("col.value"), "right", width=1.75),
        Head(say("col.result"), width=1.7),
        Head(say("col.why"), width=4.2),
    )
    listed: list[tuple[str | Cell, ...]] = []
    for row in rows:
        name = words.item(row.item)
        if row.stage:
            name = words.beside(name, words.stage(row.stage))
        why = "" if row.kind == "all" else words.note(row)
        name = noted(name, _own_source(words, row))
        listed.append((row.item, name, words.line(row), _value(words, row), status_cell(words, row), why))
        for part in _parts(words, row):
            label = words.part(part) or words.stage(part.stage)
            if part.stage and words.stage(part.stage) not in label:
                label = f"{label} {words.stage(part.stage)}".strip()
            beside = part.kind == "beside"
            result: str | Cell = say("beside") if beside else status_cell(words, part)
            listed.append(("", f"— {label}", words.line(part), _value(words, part), result, words.note(part)))
    table = Table(group, say("items_of", group=words.group(group)), head, tuple(listed))
    source = words.result.assessment.source.doc
    return Section(group, words.heading(words.group(group)), (Text(noted(_lead(words, rows), source)), table))


def _own_source(words: Words, row: ItemRow) -> str:
    """The document an item's line comes from, where it is not the assessment's own."""
    cited = {value.rule_id: value.source for value in words.result.citations}
    own = words.result.assessment.source.doc
    return next((cited[one] for one in row.rule_ids.split(";") if one in cited and own not in cited[one]), "")


def _parts(words: Words, row: ItemRow) -> list[ItemRow]:
    """Rows of an item's parts; a part judged stage by stage is shown by its stages."""
    held = [
        one
        for one in words.result.items
        if one.item == row.item
        and one.level == OF_COUNTY
        and one.part
        and (not row.stage or one.stage == row.stage)
    ]
    staged = {one.part for one in held if one.stage and not row.stage}
    return [one for one in held if one.stage or one.part not in staged]


def _value(words: Words, row: ItemRow) -> str:
    if row.value is None and "of" in row.reason_parameters:
        code = {MET: "met_of", UNMET: "unmet_of"}.get(row.status, "unknown_of")
        return words.say(code, count=row.reason_parameters["count"], of=row.reason_parameters["of"])
    return "" if row.kind in ("evidence", "all") else words.value(row)


def _conditions(words: Words) -> Section:
    say = words.say
    rows: list[tuple[str | Cell, ...]] = []
    for group in CONDITIONS:
        for row in whole(words, group):
            result = status_cell(words, row)
            rows.append((words.group(group), row.item, words.item(row.item), result, words.note(row)))
    head = (
        Head(say("col.group"), width=1.6),
        Head(say("col.number"), width=0.8),
        Head(say("col.item"), width=4.6),
        Head(say("col.result"), width=1.6),
        Head(say("col.why"), width=4),
    )
    table = Table("conditions", say("conditions"), head, tuple(rows))
    return Section("conditions", say("section.conditions"), (table,))
