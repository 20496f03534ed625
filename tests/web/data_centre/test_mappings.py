"""列对应: drafted from headings, changed by the form or as text, kept by name, used again."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.desks import Desk

from junheng.model.errors import BadData
from junheng.web.data_centre.mappings import editor, reading, toml_text
from junheng.web.data_centre.models import SavedMapping, Upload

YEAR = 2025
Carry = Callable[[Upload], Upload]
CLASSES = "\n".join(
    ["building,level,n,counted", "East,1,22,2024-09-20", "East,1,21,2024-09-20", "West,2,19,2024-09-20"]
)
DRAFT = """format = 1

[[source]]
table = "enrolment"  # x
file = "a.csv"
[source.columns]
school_id = "school"
[source.year]
from = "end_year"
label = "end_year"
[source.values.grade]
# "Pre" = ""
[source.unpivot]
into = "grade"
pupils = { G01 = "g01", G02 = "g02" }
# 未用到的表头：name、district
"""


def fields(text: str) -> dict[str, str]:
    """What a browser would send of the form."""
    found: dict[str, str] = {}
    for name, inside in re.findall(r'<select id="(s\d[^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, value in re.findall(r'<input id="(s\d[^"]*)" name="[^"]*" value="([^"]*)"', text):
        found[name] = html.unescape(value)
    for name, on in re.findall(r'<input type="checkbox" id="(s\d[^"]*)" name="[^"]*"( checked)?', text):
        if on:
            found[name] = "on"
    hidden = re.search(r'<input type="hidden" name="text" value="([^"]*)"', text)
    assert hidden
    return {**found, "text": html.unescape(hidden[1])}


def heading(text: str, part: int, theirs: str) -> str:
    """Name of the field of one of their headings."""
    found = re.search(rf'<label for="(s{part}-h\d+)">{re.escape(theirs)}</label>', text)
    assert found, theirs
    return found[1]


def test_a_strange_table_comes_in_by_the_page_alone(desk: Desk, carry_out: Carry, client_for: Any) -> None:
    """Class lists of foreign headings: draft, a further table of schools, constants, check, save; and
    again."""
    client = client_for("planner")
    base = f"/{desk.units['region']}/{YEAR}/data/"
    file = SimpleUploadedFile("roster.csv", CLASSES.encode())
    client.post(f"{base}import/", {"files": file})
    upload = carry_out(Upload.objects.get())
    assert upload.now == "faulty"
    here = f"{base}uploads/{upload.pk}/mapping/"
    assert "按表头起草" in client.get(here).content.decode()
    client.post(f"{here}draft/")
    carry_out(upload)
    text = client.get(here).content.decode()
    form = {**fields(text), "add_from": "0", "add_table": "schools", "do": "form"}
    text = client.post(here, form).content.decode()
    form = fields(text)
    table = {source["table"]: number for number, source in enumerate(tomllib.loads(form["text"])["source"])}
    first = next(number for name, number in table.items() if name != "schools")
    assert set(table) == {"enrolment", "schools"}
    second = table["schools"]
    form |= {
        heading(text, first, "building"): "school_id",
        heading(text, first, "level"): "grade",
        heading(text, first, "n"): "pupils",
        heading(text, first, "counted"): "@year",
        f"s{first}-year_label": "date",
        f"s{first}-class": "on",
        heading(text, second, "building"): "school_id",
        f"s{second}-f-name": "building",
        f"s{second}-c-kind": "211",
        f"s{second}-c-area_code": desk.units["town"],
        "name": "花名册",
    }
    assert client.post(here, form).status_code == 303
    ready = carry_out(upload)
    assert ready.now == "ready", ready.summary["groups"]
    assert {one["table"]: one["new"] for one in ready.summary["tables"]} == {"schools": 2, "enrolment": 2}
    saved = SavedMapping.objects.get()
    assert set(saved.headings) == {"building", "level", "n", "counted"}
    file.seek(0)
    client.post(f"{base}import/", {"files": file, "mapping": saved.pk})
    assert carry_out(Upload.objects.first()).now == "ready"


def test_faults_of_a_mapping_stand_on_its_page(desk: Desk, carry_out: Carry, client_for: Any) -> None:
    client = client_for("planner")
    base = f"/{desk.units['region']}/{YEAR}/data/"
    client.post(f"{base}import/", {"files": SimpleUploadedFile("roster.csv", CLASSES.encode())})
    upload = carry_out(Upload.objects.get())
    here = f"{base}uploads/{upload.pk}/mapping/"
    for text, said in (("format = [", "TOML"), ('[[source]]\ntable = "nothing"', "nothing")):
        answer = client.post(here, {"from": "text", "text": text})
        assert answer.status_code == 422 and said in answer.content.decode()
        assert text.splitlines()[0] in html.unescape(answer.content.decode())
    assert Upload.objects.get().mapping == ""
    sent = SimpleUploadedFile("m.toml", b"\xff\xfe")
    assert client.post(f"{here}use/", {"file": sent}, follow=True).status_code == 200
    assert Upload.objects.get().mapping == ""


def test_the_form_shows_what_the_draft_knows() -> None:
    (source,) = editor.sources(DRAFT, DRAFT)
    assert source.headings == (
        ("school", "school_id", ""),
        ("end_year", editor.YEAR, ""),
        ("g01", "", "G01 pupils"),
        ("g02", "", "G02 pupils"),
        ("name", "", ""),
        ("district", "", ""),
    )
    assert source.words[0].pairs == (("Pre", ""),)
    assert editor.headings_of(DRAFT) == ["school", "end_year", "g01", "g02", "name", "district"]


def test_the_form_changes_what_it_shows_and_keeps_the_rest() -> None:
    text = DRAFT.replace(
        'file = "a.csv"', 'file = "a.csv"\nmissing = ["—"]\nfilter = [{ column = "x", in = ["y"] }]'
    )
    made = tomllib.loads(
        editor.changed(
            text,
            DRAFT,
            {
                "s0-h0": "school_id",
                "s0-h1": "@year",
                "s0-year_label": "range",
                "s0-zero": "on",
                "s0-w-grade-0": "K2",
            },
        )
    )
    (source,) = made["source"]
    assert source["missing"] == ["—"] and source["filter"] == [{"column": "x", "in": ["y"]}]
    assert source["year"] == {"from": "end_year", "label": "range"}
    assert source["values"] == {"grade": {"Pre": "K2"}}
    assert source["unpivot"]["zero_is_blank"] is True and source["unpivot"]["pupils"]["G02"] == "g02"
    assert tomllib.loads(editor.changed(text, DRAFT, {"s0-drop": "on"})).get("source") is None


@pytest.mark.parametrize(
    "name", ["eau_claire", "new_york", "tianhe", "haidian", "provinces", "texas", "chicago"]
)
def test_real_mappings_survive_the_writer(name: str) -> None:
    from pathlib import Path

    text = (Path(__file__).parents[2] / "year" / "mappings" / f"{name}.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    again = toml_text.written(content)
    assert tomllib.loads(again)["source"] == content["source"]
    assert reading.mapping(again).sources == reading.mapping(text).sources


def test_text_stays_text() -> None:
    content = {"source": [{"table": 'a"b\\c\n', "columns": {"x y": "=1+1", "é": "\x7f"}}]}
    assert tomllib.loads(toml_text.written(content))["source"] == content["source"]
    with pytest.raises(BadData):
        reading.content("x" * (reading.LONGEST + 1))
