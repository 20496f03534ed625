"""Reads indicator declarations (a list in YAML) into unresolved Indicators, with every fault placed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, cast

from junheng.model.reason import Finding
from junheng.rules.conditions_reader import Reading, condition, quantity, standard
from junheng.rules.grains import GRAINS
from junheng.rules.indicator import (
    DIRECTIONS,
    OPS,
    PANELS,
    RANGES,
    SUBJECTS,
    VERBS,
    Base,
    Display,
    Exclusion,
    Indicator,
    Measured,
    Missing,
    Privacy,
    Source,
    Standard,
    Threshold,
    Verb,
    Warn,
)
from junheng.rules.reader import Mapping as Read
from junheng.rules.value import VERIFIED

_FIELDS = (
    "id", "name", "why", "source", "grain", "report", "measure", "value", "weight", "where", "exclude",
    "threshold", "compare_at", "display", "missing", "privacy", "warn", "base", "q", "range", "split",
    "from", "until",
)  # fmt: skip
_NEEDED = ("id", "name", "why", "source", "grain", "report", "measure")
_FORMS: dict[Verb, tuple[tuple[str, ...], ...]] = {
    "sum": (("column",),),
    "count": ((), ("condition",)),
    "ratio": (("num", "den"),),
    "share": (("condition",),),
    "mean": (("column",), ("num", "den")),
    "cv": (("num", "den"), ("column",)),
    "gini": (("num", "den"), ("column",)),
    "theil": (("num", "den"), ("column",)),
    "quantile": (("num", "den"), ("column",)),
    "range_ratio": (("num", "den"), ("column",)),
    "change": (("column",), ("num", "den")),
    "lookup": (("column",),),
}
"""Which parts of `value` each verb takes."""
_OWN: dict[str, Verb] = {"base": "change", "q": "quantile", "range": "range_ratio", "split": "theil"}
"""Fields that belong to one verb; all but `split` are needed there."""
_SMALL = "small_counts.min_n"
_ID_LENGTH = 64


def words(given: Any) -> tuple[str, str]:
    """(zh, en) of text or of {zh, en}."""
    if isinstance(given, Read):
        zh = str(given.get("zh") or "")
        return zh, str(given.get("en") or zh)
    text = "" if given is None else str(given)
    return text, text


def indicator(
    given: Read, file: str, topics: Mapping[str, Collection[str]]
) -> tuple[Indicator | None, list[Finding]]:
    """One declaration; None with its faults when it cannot be used."""
    name = given.get("id")
    reading = Reading(file, str(name or "?"), topics)
    reading.fields(given, _FIELDS)
    for field in _NEEDED:
        if given.get(field) in (None, "", []):
            reading.fault("field_missing", given.line, field=field)
    if name is not None and not is_id(name):
        reading.fault("bad_id", given.lines["id"], value=name)
    grain = GRAINS.get(str(given.get("grain")))
    if grain is None and given.get("grain"):
        reading.unknown("unknown_grain", given.lines["grain"], str(given["grain"]), GRAINS)
    reading.columns = None if grain is None else grain.columns()
    measure = str(given.get("measure") or "")
    if measure and measure not in VERBS:
        reading.unknown("unknown_verb", given.lines["measure"], measure, VERBS)
    zh, en = words(given.get("name"))
    why_zh, why_en = words(given.get("why"))
    begins, ends = validity(reading, given)
    made = Indicator(
        id=str(name),
        zh=zh,
        en=en,
        why_zh=why_zh,
        why_en=why_en,
        source=source(reading, given),
        grain=str(given.get("grain")),
        report=_report(reading, given),
        measure=measure if measure in VERBS else "count",
        value=_value(reading, given, measure),
        weight=quantity(reading, given["weight"], given.lines["weight"]) if "weight" in given else (),
        where=condition(reading, given["where"], given.lines["where"]) if "where" in given else None,
        exclude=exclusions(reading, given),
        threshold=_threshold(reading, given),
        compare_at=_compare_at(reading, given),
        display=_display(reading, given),
        missing=_missing(reading, given),
        privacy=_privacy(reading, given),
        warn=_warn(reading, given),
        base=_base(reading, given),
        q=_number(reading, given, "q", lambda q: 0 < q < 1),
        range=_one_of(reading, given, "range", RANGES, None),
        split=reading.column(given["split"], given.lines["split"]) if "split" in given else "",
        valid_from=begins,
        valid_until=ends,
        file=file,
        line=given.line,
    )
    _own_fields(reading, given, measure)
    return (None if reading.findings else made), reading.findings


def is_id(name: Any) -> bool:
    """Lower snake_case, beginning with a letter."""
    return (
        isinstance(name, str)
        and name.isascii()
        and name[:1].isalpha()
        and name == name.lower()
        and name.replace("_", "").isalnum()
        and len(name) <= _ID_LENGTH
    )


def source(reading: Reading, given: Read, needed: bool = True) -> Source:
    """Document, clause and how sure; a missing document or sureness is a fault where it is `needed`."""
    held: Any = given.get("source")
    if held is None:
        return Source("")  # said by the list of needed fields
    line = given.lines["source"]
    if not isinstance(held, Read):
        reading.fault("source_form", line)
        return Source("")
    reading.fields(held, ("doc", "clause", "verified"))
    if needed and (not held.get("doc") or not held.get("verified")):
        reading.fault("source_form", line)
    verified: Any = held.get("verified", "unverified")
    if verified not in VERIFIED:
        reading.unknown("unknown_sureness", line, str(verified), VERIFIED)
        verified = "unverified"
    return Source(str(held.get("doc") or ""), str(held.get("clause") or ""), verified)


def validity(reading: Reading, given: Read) -> tuple[date | None, date | None]:
    """(from, until) of a declaration, both belonging to it."""
    days: list[date | None] = []
    for field in ("from", "until"):
        day: Any = given.get(field)
        if day is not None and not isinstance(day, date):
            reading.fault("bad_day", given.lines[field], value=day)
            day = None
        days.append(day)
    if days[0] and days[1] and days[1] < days[0]:
        reading.fault("ends_before", given.lines["until"], value=days[1].isoformat())
    return days[0], days[1]


def exclusions(reading: Reading, given: Read) -> tuple[Exclusion, ...]:
    """The list under `exclude`; each needs `when`, `reason` and where it is said (`cite` or `source`)."""
    listed: Any = given.get("exclude")
    if listed is None:
        return ()
    found: list[Exclusion] = []
    for item in cast("list[Any]", listed) if isinstance(listed, list) else [listed]:
        if not isinstance(item, Read):
            reading.fault("exclusion_form", given.lines["exclude"])
            continue
        reading.fields(item, ("when", "reason", "name", "cite", "source"))
        when = condition(reading, item.get("when"), item.lines.get("when", item.line))
        cite = standard(reading, item["cite"], item.lines["cite"]) if "cite" in item else None
        cited = source(reading, item) if "source" in item else None
        if not is_id(item.get("reason")):
            reading.fault("exclusion_form", item.line)
        elif cite is None and cited is None and "cite" not in item:
            reading.fault("citation_missing", item.line, value=item["reason"])
        if when is not None:
            zh, en = words(item.get("name"))
            found.append(Exclusion(when, str(item.get("reason")), zh, en, cite, cited))
    return tuple(found)


def _report(reading: Reading, given: Read) -> tuple[str, ...]:
    listed: Any = given.get("report")
    names = cast("list[Any]", listed) if isinstance(listed, list) else [] if listed is None else [listed]
    grain = GRAINS.get(str(given.get("grain")))
    if grain is None:
        return tuple(str(name) for name in names)
    allowed = grain.groups()
    finer = {name for other in GRAINS.values() for name in (*other.fine, *other.key)} - allowed
    for name in map(str, names):
        if name in allowed:
            continue
        line = given.lines["report"]
        if name in finer:
            reading.fault(
                "report_finer", line, value=name, grain=grain.name, known=", ".join(sorted(allowed))
            )
        else:
            reading.unknown("unknown_column", line, name, allowed)
    return tuple(str(name) for name in names)


def _value(reading: Reading, given: Read, measure: Any) -> Measured:
    held: Any = given.get("value")
    line = given.lines.get("value", given.line)
    if held is not None and not isinstance(held, Read):
        reading.fault("value_form", line, value=measure, known="num, den, factor, column, condition")
        return Measured()
    parts = held if held is not None else Read()
    if held is not None:
        reading.fields(held, ("num", "den", "factor", "column", "condition"))
    given_parts = {name for name in parts if name != "factor"}
    forms = _FORMS.get(measure, ())
    if forms and given_parts not in [set(form) for form in forms]:
        shown = " | ".join("+".join(form) or "–" for form in forms)
        reading.fault("value_form", line, value=measure, known=shown)
    factor = _number(reading, parts, "factor", lambda one: one > 0)

    def terms(name: str) -> Any:
        return quantity(reading, parts[name], parts.lines[name]) if name in parts else ()

    when = condition(reading, parts["condition"], parts.lines["condition"]) if "condition" in parts else None
    return Measured(terms("num"), terms("den"), 1 if factor is None else factor, terms("column"), when)


def _threshold(reading: Reading, given: Read) -> Threshold | None:
    held: Any = given.get("threshold")
    if held is None:
        return None
    line = given.lines["threshold"]
    if not isinstance(held, Read) or "rule" not in held:
        reading.fault(
            "literal_threshold", line, value=held if not isinstance(held, Read) else held.get("value", "–")
        )
        return None
    reading.fields(held, ("rule", "op", "by"))
    op: Any = held.get("op")
    if op not in OPS:
        reading.unknown("unknown_comparator", held.lines.get("op", line), str(op), OPS)
        return None
    by: Any = held.get("by", "")
    listed: Any = given.get("report")
    if by and by not in (cast("list[Any]", listed) if isinstance(listed, list) else [listed]):
        reading.fault("by_not_reported", held.lines["by"], value=by)
    rule: Any = held["rule"]
    if not isinstance(rule, str):
        reading.fault("literal_threshold", held.lines["rule"], value=rule)
        return None
    line_of = standard(reading, rule, held.lines["rule"], str(by))
    return None if line_of is None else Threshold(op, line_of)


def _compare_at(reading: Reading, given: Read) -> int | None:
    held: Any = given.get("compare_at", "exact")
    if held == "exact":
        return None
    if isinstance(held, int) and not isinstance(held, bool) and 0 <= held <= 9:
        return held
    reading.fault("compare_form", given.lines["compare_at"], value=held)
    return None


def _display(reading: Reading, given: Read) -> Display:
    held = _part(reading, given, "display", ("decimals", "unit", "direction"))
    decimals = _number(reading, held, "decimals", lambda one: one in range(10))
    direction = _one_of(reading, held, "direction", DIRECTIONS, "none")
    return Display(2 if decimals is None else int(decimals), str(held.get("unit", "1")), direction)


def _missing(reading: Reading, given: Read) -> Missing:
    held = _part(reading, given, "missing", ("max_share_of_weight", "else"))
    if held.get("else", "not_computable") != "not_computable":
        reading.unknown("unknown_word", held.lines["else"], str(held["else"]), ("not_computable",))
    share = _number(reading, held, "max_share_of_weight", lambda one: 0 <= one <= 1)
    return Missing(share or 0.0)


def _privacy(reading: Reading, given: Read) -> Privacy:
    held = _part(reading, given, "privacy", ("subject",))
    subject = _one_of(reading, held, "subject", SUBJECTS, "none")
    return Privacy(subject, None if subject == "none" else Standard(_SMALL))


def _warn(reading: Reading, given: Read) -> Warn:
    held = _part(reading, given, "warn", ("within", "worse_years"))
    years = _number(reading, held, "worse_years", lambda one: one in range(1, 30))
    return Warn(_number(reading, held, "within", lambda one: one >= 0), None if years is None else int(years))


def _base(reading: Reading, given: Read) -> Base | None:
    if "base" not in given:
        return None
    held = _part(reading, given, "base", ("years", "year", "as", "panel"))
    years = _number(reading, held, "years", lambda one: one in range(1, 100))
    year = _number(reading, held, "year", lambda one: one in range(1949, 2200))
    shown = _one_of(reading, held, "as", ("difference", "percent"), "difference")
    return Base(
        1 if years is None else int(years),
        None if year is None else int(year),
        shown == "percent",
        _one_of(reading, held, "panel", PANELS, "all"),
    )


def _own_fields(reading: Reading, given: Read, measure: Any) -> None:
    for field, verb in _OWN.items():
        if field in given and measure != verb:
            reading.fault("field_of_other_verb", given.lines[field], field=field, verb=verb)
        elif field not in given and measure == verb and field != "split":
            reading.fault("field_missing", given.line, field=field)


def _part(reading: Reading, given: Read, name: str, known: tuple[str, ...]) -> Read:
    held: Any = given.get(name)
    if isinstance(held, Read):
        reading.fields(held, known)
        return held
    if held is not None:
        reading.fault("map_expected", given.lines[name], field=name, known=", ".join(known))
    empty = Read()
    empty.lines = {}
    return empty


def _number(reading: Reading, given: Read, name: str, good: Callable[[float], bool]) -> float | None:
    held: Any = given.get(name)
    if held is None:
        return None
    if isinstance(held, int | float) and not isinstance(held, bool) and good(held):
        return held
    reading.fault("bad_number", given.lines[name], field=name, value=held)
    return None


def _one_of(reading: Reading, given: Read, name: str, known: tuple[str, ...], otherwise: Any) -> Any:
    held: Any = given.get(name)
    if held is None or held in known:
        return otherwise if held is None else held
    reading.unknown("unknown_word", given.lines[name], str(held), known)
    return otherwise
