"""The page of a mapping: the form, the text beside it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.data.mapping import YEAR_LABELS
from junheng.model import INPUTS
from junheng.model.codes import CODE_LISTS
from junheng.model.errors import BadData
from junheng.report import format as fmt
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import tabs, trail, word
from junheng.web.data_centre.mappings.editor import YEAR, Source
from junheng.web.data_centre.models import SavedMapping, Upload
from junheng.web.house.page import Crumb, Page
from junheng.web.house.scope import Scope
from junheng.web.wording import language, reason
from junheng.web.workspace import region

Options = tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: name, label, what is chosen or written, and options where one chooses."""

    name: str
    label: str
    value: str = ""
    options: Options = ()
    hint: str = ""
    required: bool = False
    others: Options = ()
    """Headings it may be read from as well, under the name `other`."""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One source as it is shown."""

    number: int
    title: str
    headings: tuple[Field, ...]
    constants: tuple[Field, ...]
    words: tuple[tuple[str, tuple[Field, ...]], ...]
    year: Field | None
    switches: tuple[tuple[str, str, bool], ...]
    kept: str


def page(
    scope: Scope,
    upload: Upload,
    sources: Sequence[Source],
    text: str,
    saved: Sequence[SavedMapping],
    faults: Sequence[str] = (),
) -> Page:
    """列对应 of one upload."""
    name = "、".join(file["name"] for file in upload.files)
    lacking = sum(not value for source in sources for _, value in source.constants)
    code = (
        "mapping_headline_none" if not text else "mapping_headline_lacking" if lacking else "mapping_headline"
    )
    return Page(
        title=word("mapping_title"),
        headline=word(code, files=name, sources=fmt.count(len(sources)), lacking=fmt.count(lacking)),
        lead=word("mapping_lead"),
        crumbs=trail(
            scope,
            Crumb(word("tab_uploads"), scope.url("data:uploads")),
            Crumb(name[:40], scope.url("data:upload_one", upload=upload.pk)),
            Crumb(word("mapping_title")),
        ),
        tabs=tabs(scope, "uploads"),
        body={
            "parts": tuple(_part(source) for source in sources),
            "text": text,
            "faults": tuple(faults),
            "action": scope.url("data:upload_mapping", upload=upload.pk),
            "draft": scope.url("data:upload_draft", upload=upload.pk),
            "file": scope.url("data:upload_mapping_file", upload=upload.pk) if text else "",
            "back": scope.url("data:upload_one", upload=upload.pk),
            "saved": tuple((str(one.pk), one.name) for one in saved),
            "use": scope.url("data:upload_use_mapping", upload=upload.pk),
            "name": upload.mapping_name,
            "groups": tuple(
                (name, tuple((table, ours.name(table)) for table in tables))
                for _, name, tables in ours.groups()
            ),
            "from": tuple((str(source.number), _title(source)) for source in sources),
        },
    )


def _title(source: Source) -> str:
    place = " · ".join(part for part in (source.file, source.sheet) if part and part != "*")
    return word(
        "mapping_part", table=ours.name(source.table) if source.table in INPUTS else source.table, place=place
    )


def _part(source: Source) -> Part:
    at = f"s{source.number}-"
    table = source.table
    if table not in INPUTS:
        return Part(source.number, _title(source), (), (), (), None, (), "")
    headings = tuple(
        Field(
            f"{at}h{index}",
            heading,
            options=() if spread else _columns(table, chosen),
            hint=_spread(table, spread) if spread else "",
        )
        for index, (heading, chosen, spread) in enumerate(source.headings)
    )
    constants = (
        *(_constant(at, source, column, value, "") for column, value in source.constants),
        *(_constant(at, source, column, "", heading) for column, heading in source.twice),
    )
    year = None
    if _by_school_year(table):
        options = tuple((one, word(f"year_{one}"), one == source.year_label) for one in YEAR_LABELS)
        year = Field(f"{at}year_label", word("year_label"), options=options, hint=word("year_hint"))
    switches = [
        (f"{at}zero", word("switch_zero"), source.zero_is_blank) if source.grades else None,
        (f"{at}class", word("switch_class"), source.by_class)
        if table == "enrolment" and not source.grades
        else None,
        (f"{at}last", word("switch_last"), source.last_row)
        if table in ("schools", "areas", "campuses")
        else None,
        (f"{at}kind", word("switch_kind"), source.kind_from_grades) if source.may_tell_kind else None,
    ]
    words = tuple(
        (
            ours.column_name(table, held.column),
            tuple(
                Field(f"{at}w-{held.column}-{index}", theirs, options=_codes(held.codes, chosen))
                for index, (theirs, chosen) in enumerate(held.pairs)
            ),
        )
        for held in source.words
    )
    kept = word("mapping_kept", entries="、".join(source.kept)) if source.kept else ""
    return Part(
        source.number, _title(source), headings, constants, words, year, tuple(s for s in switches if s), kept
    )


def _by_school_year(table: str) -> bool:
    """Whether the table's year is a school year, which is written in many ways."""
    return "year" in INPUTS[table].names and INPUTS[table].column("year") == INPUTS["enrolment"].column(
        "year"
    )


def _columns(table: str, chosen: str) -> Options:
    declared = INPUTS[table].columns
    years = ((YEAR, word("column_year"), chosen == YEAR),) if _by_school_year(table) else ()
    return (
        ("", word("column_none"), not chosen),
        *(
            (c.name, ours.column_name(table, c.name) + (" *" if c.required else ""), c.name == chosen)
            for c in declared
        ),
        *years,
    )


def _codes(code_list: str, chosen: str) -> Options:
    at = 0 if language() == "zh" else 1
    entries = CODE_LISTS[code_list].entries
    return (("", word("choose"), not chosen), *((c, names[at], c == chosen) for c, names in entries.items()))


def _constant(at: str, source: Source, column: str, value: str, heading: str) -> Field:
    """A column that no heading of its own gives: one value for all rows, or a heading read once more."""
    table = source.table
    others = (
        ("", word("column_other"), not heading),
        *((theirs, theirs, theirs == heading) for theirs, _, spread in source.headings if not spread),
    )
    declared = INPUTS[table].column(column)
    label = ours.column_name(table, column)
    hint = declared.about_zh if language() == "zh" else declared.about_en
    if declared.references == "areas.area_code":
        hint = word("hint_own_area", about=hint, own=region().code, name=region().name)
    options: Options = ()
    if declared.codes:
        options = _codes(declared.codes, value)
        if value and not any(code == value for code, _, _ in options):
            options = (*options, (value, value, True))
    lacking = declared.required and not value and not heading
    return Field(f"{at}c-{column}", label, value, options, hint, lacking, others, f"{at}f-{column}")


def _spread(table: str, spread: str) -> str:
    code, _, column = spread.partition(" ")
    grade = CODE_LISTS["grade"].entries.get(code, (code, code))[0 if language() == "zh" else 1]
    return word("column_spread", grade=grade, column=ours.column_name(table, column))


def faults_of(error: BadData) -> tuple[str, ...]:
    """Everything wrong with a mapping, in words."""
    if error.findings:
        return tuple(reason(one.code, {"value": one.value, **one.parameters}) for one in error.findings)
    return (reason(error.code, error.parameters),)
