"""What is shown, in which order, and what is said when something is missing."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import polars as pl
import pytest
from tests.unit.report import example

from junheng.report.annual_report import assemble
from junheng.report.content import Figure, Grid, Report, Section, Table, Text
from junheng.report.reading import ReportInput
from junheng.report.suppression import Protection

OUTPUTS = (
    "forecast_enrolment",
    "seat_outlook",
    "seat_horizon",
    "seat_warnings",
    "class_size_room",
    "forecast_drivers",
    "forecast_findings",
    "forecast_accuracy",
)


@pytest.fixture(scope="module")
def county() -> ReportInput:
    return example.county(60)


def section(report: Report, key: str) -> Section:
    return next(one for one in report.sections if one.key == key)


def tables(report: Report) -> dict[str, Table]:
    return {block.key: block for one in report.sections for block in one.blocks if isinstance(block, Table)}


def figures(report: Report) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for one in report.sections:
        for block in one.blocks:
            for figure in (
                (block,) if isinstance(block, Figure) else block.figures if isinstance(block, Grid) else ()
            ):
                found[figure.key] = figure
    return found


def without(source: ReportInput, *names: str) -> ReportInput:
    return replace(source, tables={k: v for k, v in source.tables.items() if k not in names})


def test_order_is_the_leaders(county: ReportInput) -> None:
    keys = [one.key for one in assemble(county).sections]
    assert keys == ["pupils", "seats", "warnings", "idle", "drivers", "schools", "data", "method"]


def test_headline_gives_children_now_peak_shortage_and_warnings(county: ReportInput) -> None:
    report = assemble(county)
    enrolment = county.tables["enrolment"].filter(pl.col("year") == example.ORIGIN)
    total = f"{enrolment['pupils'].sum():,}"
    warnings = county.tables["seat_warnings"].height
    assert total in report.headline
    assert f"<b>{warnings} 条</b>" in report.headline
    assert re.search(r"80% 区间 [\d,]+–[\d,]+", report.headline)
    assert "缺口最大在" in report.headline


def test_shortage_in_the_headline_is_the_sum_of_town_medians(county: ReportInput) -> None:
    outlook = county.tables["seat_outlook"].filter(
        (pl.col("unit_kind") == "area") & (pl.col("gap_p50") > 0.5)
    )
    by_year = outlook.group_by("year").agg(pl.col("gap_p50").sum()).sort("gap_p50", descending=True)
    assert f"<b>{round(by_year['gap_p50'][0]):,}</b> 个" in assemble(county).headline


def test_every_stage_has_a_fan_whose_strip_covers_every_year(county: ReportInput) -> None:
    drawn = figures(assemble(county))
    for stage in ("kindergarten", "primary", "junior", "senior", "special"):
        spec = drawn[f"fan-{stage}"].spec
        assert len(spec.bands) == len(spec.years) == example.HORIZON
        assert spec.actual[-1][0] == example.ORIGIN


def test_warnings_go_by_level_and_year_and_carry_reason_and_remedy(county: ReportInput) -> None:
    rows = tables(assemble(county))["warnings"].rows
    levels = [cell.text for cell, *_ in rows]  # type: ignore[union-attr]
    assert levels == sorted(levels, key="红橙黄".index)
    assert all(row[6] and row[7] for row in rows)


def test_schools_are_in_order_of_town_and_code_not_of_size(county: ReportInput) -> None:
    rows = tables(assemble(county))["schools"].rows
    schools = dict(county.tables["schools"].select("name", "school_id").iter_rows())
    codes = [schools[row[1]] for row in rows if row[0] == example.TOWNS[0]]  # type: ignore[index]
    assert codes == sorted(codes)
    towns = [row[0] for row in rows]
    assert towns == sorted(towns, key=example.TOWNS.index)  # type: ignore[arg-type]


def test_under_twenty_children_only_the_range_is_shown(county: ReportInput) -> None:
    forecast = county.tables["forecast_enrolment"]
    small = forecast.with_columns(
        pl.when(pl.col("unit_kind") == "school")
        .then(pl.col("p50") * 0 + 12.0)
        .otherwise(pl.col("p50"))
        .alias("p50"),
        pl.when(pl.col("unit_kind") == "school").then(pl.lit(8.0)).otherwise(pl.col("p10")).alias("p10"),
        pl.when(pl.col("unit_kind") == "school").then(pl.lit(17.0)).otherwise(pl.col("p90")).alias("p90"),
    )
    report = assemble(replace(county, tables={**county.tables, "forecast_enrolment": small}))
    assert {row[5] for row in tables(report)["schools"].rows} == {"8–17"}


def test_the_public_form_hides_small_schools_and_their_line(county: ReportInput) -> None:
    enrolment = county.tables["enrolment"]
    tiny = county.tables["schools"].filter(pl.col("kind") == "218")["school_id"][0]
    shrunk = enrolment.with_columns(
        pl.when(pl.col("school_id") == tiny).then(pl.lit(1)).otherwise(pl.col("pupils")).alias("pupils")
    )
    source = replace(county, tables={**county.tables, "enrolment": shrunk})
    name = county.tables["schools"].filter(pl.col("school_id") == tiny)["name"][0]
    row = next(
        r for r in tables(assemble(source, "zh", Protection("public")))["schools"].rows if r[1] == name
    )
    assert row[3] == "<10"
    assert not row[-2].spark  # type: ignore[union-attr]
    open_row = next(r for r in tables(assemble(source))["schools"].rows if r[1] == name)
    assert open_row[3] == "6"


def test_the_public_form_shows_no_borders_without_an_approval_number(county: ReportInput) -> None:
    public = Protection("public")
    assert "map" not in figures(assemble(county, "zh", public))
    approved = figures(assemble(replace(county, map_approval="示例审图号"), "zh", public))
    assert "示例审图号" in approved["map"].note


def test_synthetic_figures_are_declared_and_real_ones_are_not(county: ReportInput) -> None:
    assert "合成" in assemble(county).declared
    assert assemble(county).footer.startswith("合成数据")
    real = assemble(replace(county, region=replace(county.region, synthetic=False)))
    assert real.declared == ""
    assert "合成" not in real.footer


@pytest.mark.parametrize(
    "missing", [(name,) for name in (*OUTPUTS, "areas", "schools", "enrolment", "seats")]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_missing_table_leaves_a_readable_report(
    county: ReportInput, missing: tuple[str, ...], language: str
) -> None:
    report = assemble(without(county, *missing), language)  # type: ignore[arg-type]
    assert report.headline
    assert all(one.blocks for one in report.sections)


def test_boundaries_alone_draw_a_map_and_name_what_to_bring(county: ReportInput) -> None:
    bare = ReportInput(
        region=county.region,
        tables={name: county.tables[name] for name in ("areas", "schools")},
        boundaries=county.boundaries,
    )
    report = assemble(bare)
    assert "places" in figures(report)
    assert "没有预测" in report.headline
    absent = [
        b.text for s in report.sections for b in s.blocks if isinstance(b, Text) and b.style == "absent"
    ]
    assert any("enrolment" in text for text in absent)
    assert any("seats" in text for text in absent)


def test_nothing_at_all_is_still_a_report() -> None:
    source = ReportInput(region=example.county(12).region, tables={})
    for language in ("zh", "en"):
        report = assemble(source, language)  # type: ignore[arg-type]
        assert report.headline
        assert not figures(report)


def test_english_has_no_chinese_but_names(county: ReportInput) -> None:
    names = "".join([*example.TOWNS, *county.tables["schools"]["name"].to_list(), "云州县教育局"])
    report = assemble(county, "en")
    words = [report.title, report.headline, report.declared, report.period, report.provenance, report.footer]
    words += [figure.label + figure.detail + figure.unit for figure in report.key_figures]
    for one in report.sections:
        words.append(one.title)
        for block in one.blocks:
            words += [block.text] if isinstance(block, Text) else []
    for table in tables(report).values():
        words += [table.caption, table.note, *(head.text for head in table.head)]
    words += [figure.title + figure.alt + figure.note for figure in figures(report).values()]
    left = {c for c in "".join(words) if "\u4e00" <= c <= "\u9fff"} - set(names)
    assert not left


def test_many_units_are_capped_with_a_pointer_to_the_workbook() -> None:
    report = assemble(example.county(520))
    table = tables(report)["schools"]
    assert len(table.rows) == 400
    assert "tables.xlsx" in table.more


def yellow(county: ReportInput, count: int, **changes: object) -> ReportInput:
    """`count` yellow warnings about schools beside the county's own."""
    own = county.tables["seat_warnings"]
    schools = county.tables["schools"]["school_id"].to_list()
    row = own.row(0, named=True) | {"level": "yellow", "kind": "underuse", "unit_kind": "school"} | changes
    rows = [row | {"warning_id": f"Y{i:03d}", "unit_code": schools[i % len(schools)]} for i in range(count)]
    more = pl.concat([own, pl.DataFrame(rows, schema=own.schema)])
    return replace(county, tables={**county.tables, "seat_warnings": more})


def test_many_yellow_warnings_are_grouped_and_few_are_listed(county: ReportInput) -> None:
    few = tables(assemble(county))
    assert "warnings-yellow" not in few
    many = tables(assemble(yellow(county, 30)))
    assert all(row[0].light in ("red", "orange") for row in many["warnings"].rows)  # type: ignore[union-attr]
    counts = {(row[1], row[2]): row[3] for row in many["warnings-yellow"].rows}
    stage = county.tables["seat_warnings"]["stage"][0]
    names = {"kindergarten": "学前", "primary": "小学", "junior": "初中", "senior": "高中"}
    assert counts[("学位闲置", names[stage])] == "30"


def test_a_reason_names_its_causes_and_hides_small_counts_from_the_public(county: ReportInput) -> None:
    told = {
        "year": 2026,
        "line": 50.0,
        "pupils": 4,
        "drivers": [{"component": "births", "pupils": -120}, {"component": "housing", "pupils": 0}],
    }
    source = yellow(county, 1, reason_code="seats.small_school", reason_parameters=json.dumps(told))
    reasons = [row[6] for row in tables(assemble(source))["warnings"].rows]
    assert "2026 年起不足 50 人，最少 4 人。主因：出生 −120" in reasons
    public = [row[6] for row in tables(assemble(source, "zh", Protection("public")))["warnings"].rows]
    assert "2026 年起不足 50 人，最少 <10 人。主因：出生 −120" in public


def test_use_of_seats_is_measured_against_the_seats_gaps_are_taken_from(county: ReportInput) -> None:
    outlook = county.tables["seat_outlook"].with_columns(pl.col("seats_standard") / 2)
    source = replace(county, tables={**county.tables, "seat_outlook": outlook})
    assert tables(assemble(source))["idle"].rows == tables(assemble(county))["idle"].rows


def test_each_document_is_cited_once_and_marked_when_not_checked(county: ReportInput) -> None:
    assert assemble(county).standards == ("《示例办法》", "《示例规程》（待核）")
