"""Strings into the declared types. Every value that will not go is a fault at its own row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.data import faults
from junheng.data.faults import PROVENANCE
from junheng.data.vocabulary import MISSING, label, names_of_codes
from junheng.model import Column, Table
from junheng.model.codes import CODE_LISTS

TEXT = "__text"
LOST = "\u0000lost"
"""Stands in a cell whose lookup failed and was reported, so that the same cell is not called empty as
well."""
_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_SCIENTIFIC = r"^\d(?:\.\d+)?[eE]\+\d+$"
_UNITS = r"(?:人|名|个|所|班|间|套|户|张|岁|周岁|元|分钟|分)$"
_INVISIBLE = r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
_SPACES = r"[\s\u00a0\u3000]+"
_ARITHMETIC = 1e-12
_MONTHS = {"全年": 0, "合计": 0, "年": 0, "all": 0, "total": 0}
_YES = ("是", "有", "true", "1", "yes", "y", "t", "√", "✓", "对")
_NO = ("否", "无", "false", "0", "no", "n", "f", "×", "✗", "没有")


@dataclass(frozen=True, slots=True)
class Coerced:
    """`frame` holds the declared columns in their types and the provenance columns; cells that could not be
    read are null and stand in `faults`, one each."""

    frame: pl.DataFrame
    faults: pl.DataFrame


def clean(values: pl.Series) -> pl.Series:
    """Text without invisible marks and outer spaces; null for every mark that means "not counted"."""
    cleaned = values.cast(pl.String)
    if cleaned.str.contains(r"[^\x20-\x7e]").any():
        cleaned = cleaned.str.replace_all(_INVISIBLE, "").str.replace_all(_SPACES, " ")
    cleaned = cleaned.str.strip_chars()
    return _without(cleaned, sorted(MISSING))


def half_width(values: pl.Series) -> pl.Series:
    """Full-width digits and letters to half width (Unicode NFKC); only for values that are not plain text."""
    return (
        values.str.normalize("NFKC").str.strip_chars()
        if values.str.contains(r"[^\x00-\x7f]").any()
        else values
    )


def _without(values: pl.Series, marks: Sequence[str]) -> pl.Series:
    blank = values.str.len_chars().is_between(
        0, max(len(m) for m in marks)
    ) & values.str.to_lowercase().is_in(list(marks))
    return values.set(blank.fill_null(False), None) if blank.any() else values


def coerce(
    table: Table,
    raw: pl.DataFrame,
    *,
    headings: Mapping[str, str] | None = None,
    places: Sequence[tuple[str, str]] = (("", ""),),
    factors: Mapping[str, float] | None = None,
) -> Coerced:
    """Give every column of `raw` (strings named as the table's columns) its declared type.

    `headings` gives the user's own heading of each column for the faults; `factors` multiply a number and
    round it to the declared type (万人 × 10,000). Raises nothing.
    """
    found: list[pl.DataFrame] = []
    columns: list[pl.Series] = []
    kept = [name for name in PROVENANCE if name in raw.columns]
    for column in table.columns:
        if column.name not in raw.columns:
            columns.append(pl.Series(column.name, [None], column.polars_type).new_from_index(0, raw.height))
            continue
        source = raw[column.name]
        text = clean(source)
        lost = (text == LOST).fill_null(False)
        text = text.set(lost, None) if lost.any() else text
        typed, bad = _read(column, text, (factors or {}).get(column.name))
        if column.required:
            code = (
                "intake.births_without_basis"
                if (table.name, column.name) == ("births", "basis")
                else "intake.required_empty"
            )
            bad = [(code, "error", text.is_null() & ~lost), *bad]
        columns.append(typed.alias(column.name))
        heading = (headings or {}).get(column.name, column.zh)
        for code, severity, mask in bad:
            if not mask.any():
                continue
            rows = pl.DataFrame([source.alias(TEXT)]).hstack(raw.select(kept)).filter(mask)
            parameters: dict[str, str | int] = dict(_parameters(column))
            if severity == "note":  # one word for the whole column is enough
                parameters["count"] = rows.height
                rows = rows.head(1)
            found.append(
                faults.of_rows(
                    rows,
                    code,
                    severity,
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    value=pl.col(TEXT),
                    parameters=parameters,
                )
            )
    frame = pl.DataFrame(columns).hstack(raw.select(kept)) if columns else raw
    return Coerced(frame, faults.gather(found))


def _parameters(column: Column) -> dict[str, str]:
    parameters = {"column_zh": column.zh, "column_en": column.en}
    if column.codes:
        entries = CODE_LISTS[column.codes].entries
        parameters["allowed"] = "、".join(zh for zh, _ in list(entries.values())[:6]) + (
            "…" if len(entries) > 6 else ""
        )
        parameters["allowed_en"] = ", ".join(list(entries)[:6]) + (" …" if len(entries) > 6 else "")
    return parameters


Bad = list[tuple[str, str, pl.Series]]


def _read(column: Column, text: pl.Series, factor: float | None) -> tuple[pl.Series, Bad]:
    if column.kind == "text":
        return text, []
    if column.codes:
        return _code_of_list(column, text)
    plain = half_width(text)
    if column.kind == "code":
        return _identifier(plain)
    if column.kind == "flag":
        return _flag(plain)
    if column.kind == "date":
        return _date(plain)
    if column.kind == "year":
        plain = _year_text(plain)
    if column.kind == "month":
        plain = plain.str.replace(r"月份?$", "").replace(list(_MONTHS), [str(m) for m in _MONTHS.values()])
    return _number(column, plain, factor)


def _code_of_list(column: Column, text: pl.Series) -> tuple[pl.Series, Bad]:
    words = names_of_codes(column.codes)
    distinct = text.drop_nulls().unique()
    known = {value: code for value in distinct.to_list() if (code := words.get(label(_no_tail(value))))}
    typed = text.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
    return typed, [("intake.unknown_code", "error", text.is_not_null() & typed.is_null())]


def _no_tail(value: str) -> str:
    """ "211.0" is 211 to whoever typed it."""
    return value[:-2] if value.endswith(".0") and value[:-2].isdigit() else value


def _identifier(plain: pl.Series) -> tuple[pl.Series, Bad]:
    became_number = plain.str.contains(_SCIENTIFIC).fill_null(False)
    cut_off = plain.str.contains(r"^\d{15}0+$").fill_null(False) & (plain.str.len_chars() > 16)
    tailed = plain.str.contains(r"^\d+\.0+$").fill_null(False)
    typed = plain.str.replace(r"^(\d+)\.0+$", "$1") if tailed.any() else plain
    typed = typed.set(became_number, None) if became_number.any() else typed
    return typed, [
        ("intake.identifier_is_number", "error", became_number),
        ("intake.identifier_cut_off", "warning", cut_off),
        ("intake.identifier_tail", "note", tailed),
    ]


def _flag(plain: pl.Series) -> tuple[pl.Series, Bad]:
    words = [*_YES, *_NO]
    truth = [True] * len(_YES) + [False] * len(_NO)
    typed = plain.str.to_lowercase().replace_strict(words, truth, default=None, return_dtype=pl.Boolean)
    return typed, [("intake.not_a_flag", "error", plain.is_not_null() & typed.is_null())]


def _year_text(plain: pl.Series) -> pl.Series:
    """2025, 2025年, 2025学年, 2025-2026学年, 2025/26, 2025.0, 2025-09-01 all mean the year they begin
    with."""
    first = plain.str.extract(r"^(\d{4})(?:\.0+)?(?:\s*年?(?:度|学年|学年度)?)$")
    spans = plain.str.extract(r"^(\d{4})\s*(?:年)?\s*[-/—–~至]\s*\d{2,4}\s*年?(?:度|学年|学年度)?$")
    dates = plain.str.extract(r"^(\d{4})[-/.年]\d{1,2}[-/.月]\d{1,2}")
    return pl.select(pl.coalesce(first, spans, dates, plain)).to_series()


def _number(column: Column, plain: pl.Series, factor: float | None) -> tuple[pl.Series, Bad]:
    bare = plain
    if plain.str.contains(r"[^0-9.+-]").any():
        bare = plain.str.replace_all(r"(\d)[,，'](\d{3})", "$1$2").str.replace_all(
            r"(\d)[,，'](\d{3})", "$1$2"
        )
        bare = bare.str.replace_all(r"(\d) (\d{3})\b", "$1$2").str.replace(_UNITS, "").str.strip_chars()
        bare = bare.str.replace("^[−–﹣]", "-")
    percent = bare.str.ends_with("%").fill_null(False)
    if percent.any():
        bare = bare.str.strip_suffix("%")
    readable = bare.str.contains(_NUMBER).fill_null(False)
    value = bare.cast(pl.Float64, strict=False)
    value = value.set(~(readable & value.is_finite().fill_null(False)), None)
    bad: Bad = [("intake.not_a_number", "error", plain.is_not_null() & value.is_null())]
    if percent.any():
        value = pl.select(pl.when(percent).then(value / 100).otherwise(value)).to_series()
    if factor is not None:
        value = value * factor
        if column.decimals is not None:
            value = value.round(column.decimals)
    if column.polars_type == pl.Float64:
        return value, bad
    whole = value.round()
    if factor is None:  # 3.0000000000000004 is what a spreadsheet's own arithmetic makes of 3
        near = value.abs().clip(1.0) * _ARITHMETIC
        fractional = ((value - whole).abs() > near).fill_null(False)
        bad.append(("intake.fractional", "error", fractional))
        whole = whole.set(fractional, None) if fractional.any() else whole
    too_far = (
        (whole.abs() > 2**31 - 1).fill_null(False)
        if column.polars_type == pl.Int32
        else (whole.abs() > 2**53).fill_null(False)
    )
    if too_far.any():
        bad.append(("intake.not_a_number", "error", too_far))
        whole = whole.set(too_far, None)
    return whole.cast(column.polars_type), bad


def _date(plain: pl.Series) -> tuple[pl.Series, Bad]:
    typed = dates(plain)
    return typed, [("intake.not_a_date", "error", plain.is_not_null() & typed.is_null())]


def dates(plain: pl.Series) -> pl.Series:
    """Dates from 2025-09-01, 2025/9/1, 2025.9.1, 2025年9月1日, 20250901, with or without a time, or Excel's
    day number; null where the text is none of these."""
    parts = plain.str.extract_groups(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
    packed = plain.str.extract_groups(r"^(\d{4})(\d{2})(\d{2})$")
    serial = plain.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int64, strict=False)

    def joined(groups: pl.Series) -> pl.Expr:
        fields = [groups.struct.field(str(i)) for i in (1, 2, 3)]
        text = pl.concat_str(
            pl.lit(fields[0]), pl.lit(fields[1].str.zfill(2)), pl.lit(fields[2].str.zfill(2)), separator="-"
        )
        return text.str.to_date("%Y-%m-%d", strict=False)

    by_number = pl.lit(serial.cast(pl.Int32)) - 25_569  # Excel counts days from 1899-12-30
    serial_date = pl.when(pl.lit(serial).is_between(14_000, 80_000)).then(by_number).cast(pl.Date)
    return pl.select(pl.coalesce(joined(parts), joined(packed), serial_date)).to_series()
