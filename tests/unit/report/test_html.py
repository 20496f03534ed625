"""The page: self-contained, safe, the same each time, and set in its own type."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
from fontTools.ttLib import TTFont
from tests.unit.report import example

from junheng import report
from junheng.report import ReportInput
from junheng.report.html_page import characters


@pytest.fixture(scope="module")
def county() -> ReportInput:
    return example.county(24)


@pytest.fixture(scope="module")
def page(county: ReportInput) -> str:
    return report.html(county)


def test_same_input_same_text(county: ReportInput, page: str) -> None:
    assert report.html(county) == page


def test_row_order_of_the_tables_changes_nothing(county: ReportInput, page: str) -> None:
    shuffled = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=5) for name, frame in county.tables.items()
    }
    assert report.html(replace(county, tables=shuffled)) == page


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#)[^"']*""", page)
    assert all(url.startswith(("data:", "#")) for url in re.findall(r"url\(\s*[\"']?([^)\"']+)", page))
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_every_character_has_a_glyph_in_the_embedded_type(page: str) -> None:
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    wanted = dict(zip((400, 700), characters(body), strict=True))
    faces = re.findall(r"font-weight: (\d+);.*?base64,([^)]+)\)", page)
    assert [int(weight) for weight, _ in faces] == [400, 700]
    for weight, data in faces:
        known = set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
        missing = {c for c in wanted[int(weight)] if c.isprintable() and ord(c) not in known}
        assert not missing


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.unnamed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if held.get("id"):
            self.ids.append(held["id"] or "")
        if tag == "svg" and not (held.get("aria-label") or held.get("aria-hidden")):
            self.unnamed.append(tag)
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_is_well_formed_with_unique_ids_and_named_drawings(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert not tags.wrong
    assert not tags.open
    assert len(tags.ids) == len(set(tags.ids))
    assert not tags.unnamed
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(tags.ids)


def test_hostile_names_stay_text(county: ReportInput) -> None:
    nasty = "<script>alert(1)</script>{{7*7}}\"'&"
    schools = county.tables["schools"].with_columns(pl.lit(nasty).alias("name"))
    areas = county.tables["areas"].with_columns(pl.lit(nasty).alias("name"))
    region = replace(county.region, name='坏"; } </style><script>x</script>', bureau=nasty)
    source = replace(county, region=region, tables={**county.tables, "schools": schools, "areas": areas})
    page = report.html(source)
    assert "<script" not in page
    assert page.count("</style>") == 1
    assert "{{7*7}}" in page
    tags = _Tags()
    tags.feed(page)
    assert not tags.wrong


def test_english_and_public_forms_differ_from_the_bureaus(county: ReportInput, page: str) -> None:
    english = report.html(county, language="en")
    assert '<html lang="en">' in english
    assert "Warnings" in english
    assert "&lt;10" in report.html(county, audience="public")
    assert page.startswith("<!DOCTYPE html>")


def test_colours_of_text_and_lights_stand_out() -> None:
    from junheng.report.tokens import colour

    def brightness(tone: str) -> float:
        parts = [int(tone[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for ink in ("ink", "secondary", "accent", "red", "orange", "yellow", "good", "declared"):
        for ground in ("paper", "ground"):
            light, dark = sorted((brightness(colour(ink)), brightness(colour(ground))), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_the_seam_of_spark_lines_joins_history_and_forecast(page: str) -> None:
    actual, ahead = re.search(
        r'class="actual" points="([^"]+)"/><polyline class="ahead" points="([^"]+)"', page
    ).groups()  # type: ignore[union-attr]
    assert actual.split()[-1] == ahead.split()[0]
