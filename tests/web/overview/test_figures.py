"""The map page says what the tables say, and only of units inside the scope."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

YEAR = 2026


def frame(desk: Any, name: str) -> pl.DataFrame:
    """A table of the workspace or of its run, straight from its file."""
    (path,) = [
        *desk.workspace.glob(f"data/{name}-*.parquet"),
        *desk.workspace.glob(f"runs/year-*/tables/{name}.parquet"),
    ]
    return pl.read_parquet(path)


def shown(desk: Any, role: str, unit: str, query: str = "", year: int = YEAR) -> Any:
    response = desk.client(role).get(f"/{desk.units.get(unit, unit)}/{year}/overview/{query}")
    assert response.status_code == 200
    return response.context["page"]


def numbers(page: Any) -> dict[str, str]:
    return {figure.label: figure.value for figure in page.key_figures}


def whole(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-").replace("+", ""))


def test_key_figures_are_those_of_the_tables(desk: Any) -> None:
    found = numbers(shown(desk, "leader", "region"))
    enrolment = frame(desk, "enrolment").filter(pl.col("year") == 2025)
    outlook = frame(desk, "seat_outlook").filter(pl.col("year") == YEAR)
    areas = outlook.filter(pl.col("unit_kind") == "area", pl.col("gap_p50") > 0.5)
    region = outlook.filter(pl.col("unit_kind") == "region")
    forecast = frame(desk, "forecast_enrolment").filter(
        pl.col("year") == YEAR, pl.col("unit_kind") == "region", pl.col("grade") == "all"
    )
    reds = frame(desk, "seat_warnings").filter(pl.col("level") == "red").height
    assert whole(found["在校生"]) == enrolment["pupils"].sum()
    assert whole(found["学校"]) == enrolment.filter(pl.col("pupils") > 0)["school_id"].n_unique()
    assert whole(found["学位"]) == round((region["demand_p50"] - region["gap_p50"]).sum())
    assert whole(found["预计缺学位"]) == round(areas["gap_p50"].sum())
    assert whole(found["预计在校生"]) == round(forecast["p50"].sum())
    assert whole(found["红色预警"]) == reds


def test_every_row_is_its_area(desk: Any) -> None:
    page = shown(desk, "leader", "region", "?stage=primary")
    schools = frame(desk, "schools").select("school_id", "area_code", "kind", "school_system")
    last = pl.when(pl.col("school_system") == "54").then(pl.lit("G05")).otherwise(pl.lit("G06"))
    pupils = (
        frame(desk, "enrolment")
        .filter(pl.col("year") == 2025)
        .join(schools, on="school_id")
        .filter(pl.col("grade").str.starts_with("G"), pl.col("grade") <= last)
        .filter(~pl.col("kind").str.starts_with("51"))
        .group_by("area_code")
        .agg(pl.col("pupils").sum())
    )
    gaps = frame(desk, "seat_outlook").filter(
        pl.col("year") == YEAR, pl.col("unit_kind") == "area", pl.col("stage") == "primary"
    )
    expected = dict(pupils.iter_rows())
    balance = dict(gaps.select("unit_code", "gap_p50").iter_rows())
    rows = [row for row in page.body.table.rows if row.key]
    assert {row.key for row in rows} == set(balance)
    for row in rows:
        assert whole(row.cells[1]) == expected[row.key]
        assert whole(row.cells[5].text) == round(balance[row.key])


def test_map_table_and_breadcrumb_are_one_link(desk: Any) -> None:
    page = shown(desk, "leader", "region", "?stage=primary&measure=change")
    rows = {row.key: row.cells[0].href for row in page.body.table.rows if row.key}
    values = {value["code"]: value["href"] for value in page.body.map.spec["values"]}
    assert rows == values
    town = shown(desk, "leader", "town", "?stage=primary")
    assert town.crumbs[-2].href == f"/{desk.units['region']}/{YEAR}/overview/?stage=primary"


def test_a_school_clerk_sees_her_school_and_no_other(desk: Any) -> None:
    client = desk.client("school_clerk")
    own = shown(desk, "school_clerk", "school")
    pupils = (
        frame(desk, "enrolment")
        .filter(pl.col("year") == 2025, pl.col("school_id") == desk.units["school"])["pupils"]
        .sum()
    )
    assert whole(numbers(own)["在校生"]) == pupils
    for other in ("other_school", "town", "region", "above"):
        assert client.get(f"/{desk.units[other]}/{YEAR}/overview/").status_code == 404


def test_a_town_clerk_gets_her_own_polygon(desk: Any) -> None:
    client, town = desk.client("town_clerk"), desk.units["town"]
    answer = client.get(f"/{town}/{YEAR}/overview/areas.geojson")
    features = json.loads(answer.content)["features"]
    assert [one["properties"]["code"] for one in features] == [town]
    assert {frozenset(one["properties"]) for one in features} == {frozenset({"code", "name"})}
    assert client.get(f"/{desk.units['region']}/{YEAR}/overview/areas.geojson").status_code == 404


def test_polygons_are_light_and_tagged(desk: Any) -> None:
    client, address = desk.client("leader"), f"/{desk.units['region']}/{YEAR}/overview/areas.geojson"
    first = client.get(address)
    assert len(first.content) <= 1_000_000
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    codes = {one["properties"]["code"] for one in json.loads(first.content)["features"]}
    drawn = json.loads((desk.workspace / "maps" / "areas.geojson").read_text(encoding="utf-8"))
    assert codes == {one["properties"]["area_code"] for one in drawn["features"]}


def test_whoever_stands_above_sees_the_county_as_a_row(desk: Any) -> None:
    page = shown(desk, "superior", "above")
    assert [row.key for row in page.body.table.rows if row.key] == [desk.units["region"]]
    county = shown(desk, "leader", "region")
    assert numbers(page) == numbers(county)
    features = json.loads(
        desk.client("superior").get(f"/{desk.units['above']}/{YEAR}/overview/areas.geojson").content
    )["features"]
    assert [one["properties"]["code"] for one in features] == [desk.units["region"]]


def test_the_year_asked_for_is_the_year_shown(desk: Any) -> None:
    outlook = frame(desk, "seat_outlook").filter(
        pl.col("unit_kind") == "area", pl.col("gap_p50") > 0.5, pl.col("year") == 2031
    )
    assert whole(numbers(shown(desk, "leader", "region", year=2031))["预计缺学位"]) == round(
        outlook["gap_p50"].sum()
    )
    counted = frame(desk, "enrolment").filter(pl.col("year") == 2020)["pupils"].sum()
    assert whole(numbers(shown(desk, "leader", "region", year=2020))["在校生"]) == counted


def test_a_school_card_adds_up(desk: Any) -> None:
    grades = shown(desk, "leader", "school").body.grades
    for column in range(1, len(grades.head)):
        parts = [whole(row.cells[column]) for row in grades.rows[:-1] if row.cells[column] != "—"]
        year = int(grades.head[column].text)
        total = whole(grades.rows[-1].cells[column].text)
        assert total == sum(parts) if year <= 2025 else abs(total - sum(parts)) <= len(parts)


def test_the_meeting_room_has_no_rail(desk: Any) -> None:
    text = (
        desk.client("leader").get(f"/{desk.units['region']}/{YEAR}/overview/?layout=meeting").content.decode()
    )
    assert 'class="rail"' not in text and 'class="meeting"' in text


def test_what_cannot_be_asked_is_not_found(desk: Any) -> None:
    client, region = desk.client("leader"), desk.units["region"]
    for query in ("?measure=rank", "?stage=university"):
        assert client.get(f"/{region}/{YEAR}/overview/{query}").status_code == 404


@pytest.mark.parametrize("small", [0, 3, 9, 10])
def test_small_counts_are_kept_from_who_looks_down(small: int) -> None:
    """A row under ten is hidden from a superior, with one more; everything else in it too."""
    from types import SimpleNamespace

    from junheng.report.suppression import Protection
    from junheng.web.overview import list_presenter
    from junheng.web.overview.queries import Below, Overview
    from junheng.web.overview.standing import Standing, Years

    def standing(pupils: int) -> Standing:
        about: dict[str, Any] = {"schools": 1, "far": 1.0, "seats": 40.0, "demand": float(pupils)}
        none = dict.fromkeys(("short", "short_low", "short_high", "spare"), 0.0)
        return Standing(
            pupils, ahead=(1.0, 2.0, 3.0), line=(1.0,), line_counted=1, warnings={}, **about, **none
        )

    below = tuple(Below(code, code, "school") for code in "abc")
    held = Overview(
        SimpleNamespace(unit=SimpleNamespace(code="t"), url=lambda *_, **__: "/", language="zh"),  # type: ignore[arg-type]
        None,
        Years(2025, 2026, (2025,), (2026,)),
        standing(300),
        below,
        {"a": standing(small), "b": standing(50), "c": standing(250)},
        names={"t": "t"},
        protection=Protection("public"),
    )
    cells = [row.cells[1] for row in list_presenter.table(held, "").rows[:-1]]
    assert cells == (["<10", "…", "250"] if 0 < small < 10 else [str(small), "50", "250"])
