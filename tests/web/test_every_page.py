"""What every page has in common, asked of every GET address in the matrix with a role that may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.web import desks
from tests.web.addresses import matrix, path_of, rows

from junheng import rules

YEAR = 2026
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
MOST_QUERIES = 14
MORE_QUERIES = {
    "desk:home": 20,
    "desk:messages": 16,
    "admission:child": 16,
    "admission:result_child": 22,
    "admission:answers": 16,
}
"""The desk gathers what every room has to say; that somebody looked at a child is written into the chain;
answers stand beside late children and what two people proposed."""
LARGEST_PAGE = 100 * 1024


@pytest.fixture(scope="module")
def standing(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    copy, objects = seeds.furnished(tmp_path_factory.mktemp("pages"))
    with desks.pointed(copy):
        yield copy, list(pages(copy, objects))
    seeds.remove(copy)


def pages(desk: Any, objects: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(name, path, response) of every address that answers a person with a page, once for each."""
    for name, row in rows("scoped").items():
        if "GET" not in row or row.get("page") is False:
            continue
        for role, unit in desks.ROLES_ON.items():
            if row["GET"] != "any" and row["GET"] not in matrix()["roles"][role]:
                continue
            path = path_of(name, desk.units[unit], YEAR, objects)
            response = desk.client(role).get(path)
            if response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
                yield f"{name} as {role}", path, response
                break


class _Page(HTMLParser):
    """Collects what a page must not or must have."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.problems: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._skip = 0
        self._label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if any(name.startswith("on") for name in held):
            self.problems.append(f"inline handler on <{tag}>")
        if "style" in held:
            self.problems.append(f"inline style on <{tag}>")
        if tag == "script" and "src" not in held and held.get("type") != "application/json":
            self.problems.append("inline script")
        for name in ("src", "href", "action"):
            if re.match(r"(https?:)?//", held.get(name, "")):
                self.problems.append(f"address elsewhere: {held[name]}")
        if "id" in held:
            self.ids.append(held["id"])
        if tag == "a" and held.get("href", "").startswith("/"):
            self.links.append(held["href"])
        self._label += tag == "label"
        if tag == "label" and "for" in held:
            self.labelled.add(held["for"])
        if tag in ("input", "select", "textarea") and held.get("type") not in ("hidden", "submit"):
            named = "aria-label" in held or "aria-labelledby" in held or self._label > 0
            self.fields.append(("" if named else held.get("id", "?"), held.get("name", "")))
        self._skip += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("script", "style")
        self._label -= tag == "label"

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text.append(data)


def read(response: Any) -> _Page:
    page = _Page()
    page.feed(response.content.decode())
    return page


def test_pages_are_clean_and_safe(standing: Any) -> None:
    """One h1, labels on fields, no id twice, nothing inline, no address elsewhere, the right headers."""
    wrong: list[str] = []
    seen = 0
    for name, _, response in standing[1]:
        seen += 1
        text, page = response.content.decode(), read(response)
        problems = list(page.problems)
        problems += [f"{text.count('<h1')} h1"] if text.count("<h1") != 1 else []
        problems += [f"id {one} twice" for one in {i for i in page.ids if page.ids.count(i) > 1}]
        problems += [f"field {n} without a label" for i, n in page.fields if i and i not in page.labelled]
        headers = response.headers
        problems += [] if "default-src 'none'" in headers["Content-Security-Policy"] else ["no CSP"]
        problems += [] if headers.get("X-Content-Type-Options") == "nosniff" else ["no nosniff"]
        problems += [] if headers.get("Referrer-Policy") == "same-origin" else ["no referrer policy"]
        wrong += [f"{name}: {problem}" for problem in problems]
    assert wrong == []
    assert seen == len(
        {name for name, row in rows("scoped").items() if row.get("page", True) and "GET" in row}
    )


def plan_texts() -> set[str]:
    """What policies, plans and their tasks say: it stands as it was written."""
    from dataclasses import astuple

    from junheng.web.workspace import book, region, workspace

    found: set[str] = set()

    def take(value: Any) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, list | tuple):
            for one in value:
                take(one)

    for document in book().at(date(YEAR, 9, 1), region()).policies.values():
        take((document.title, document.issuer, document.number))
        for clause in document.clauses():
            take((clause.id, clause.title, clause.gist, clause.actors))
            take([astuple(one) for one in (*clause.measures, *clause.tasks, *clause.evidence)])
        take([(*one.readings, one.judged_by, one.note) for one in document.conflicts()])
    tables = workspace().tables()
    for name, columns in (
        ("policy_tasks", ("title", "owner", "evidence")),
        ("policy_progress", ("reported_by", "note")),
    ):
        take([list(tables[name][column]) for column in columns])
    return {one for one in found if one}


def admission_texts() -> set[str]:
    """What admission plans, papers of children, documents and announced events say: it stands as written."""
    from junheng.web.admission import plans
    from junheng.web.admission.draws.models import Draw, LateChild
    from junheng.web.admission.models import Override
    from junheng.web.workspace import workspace

    found: set[str] = set(Override.objects.values_list("document_no", flat=True))
    found |= set(LateChild.objects.values_list("document_no", flat=True))
    for told in Draw.objects.values_list("announcement", flat=True):
        found |= {one["event"] for one in told.get("sources", ())}
    for text in (*plans.shipped().values(), *plans.own().values()):
        found |= set(CHINESE.findall(text))
    tables = workspace().tables()
    for name, columns in (
        ("applicant_facts", ("value", "checked_by", "paper")),
        ("admission_programs", ("track",)),
    ):
        for column in columns:
            found |= set(tables[name][column].drop_nulls().unique())
    return {one for one in found if one}


def test_pages_in_english_hold_no_chinese_but_data(standing: Any) -> None:
    from junheng.web.accounts.models import User
    from junheng.web.units.models import Unit
    from junheng.web.workspace import region, workspace

    desk, every = standing
    data = {*Unit.objects.values_list("name", flat=True), *User.objects.values_list("name", flat=True)}
    data |= {region().bureau, region().name, "中文"}
    data |= {version.note for version in workspace().versions()}
    for entry in rules.load().entries():  # titles of documents stand as they are
        data |= {part for part in (entry.value.source, entry.value.document, entry.value.article) if part}
    for one in rules.load().at(date(YEAR, 9, 1)).indicators.values():  # so do those of definitions
        data |= {part for part in (one.source.doc, one.source.clause) if part}
    data |= {note for note in workspace().tables()["improvement_levers"]["note"] if note}
    data |= plan_texts() | admission_texts()
    known = sorted(data, key=len, reverse=True)
    wrong: list[str] = []
    for name, path, _ in every:
        role = name.rpartition(" ")[2]
        client = desk.client(role)
        client.cookies["django_language"] = "en"
        text = " ".join(read(client.get(path)).text)
        for one in known:
            text = text.replace(one, "")
        wrong += [f"{name}: {found}" for found in sorted(set(CHINESE.findall(text)))[:5]]
    assert wrong == []


def test_pages_are_light(standing: Any) -> None:
    """Few statements and little text: a page answers quickly on a county's server."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk, every = standing
    wrong: list[str] = []
    for name, path, response in every:
        client = desk.client(name.rpartition(" ")[2])
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(path)
        if len(statements) > MORE_QUERIES.get(name.partition(" ")[0], MOST_QUERIES):
            wrong.append(f"{name}: {len(statements)} statements")
        if len(response.content) > LARGEST_PAGE:
            wrong.append(f"{name}: {len(response.content) // 1024} KB")
    assert wrong == []


def test_links_of_pages_answer(standing: Any) -> None:
    """Every link a page shows to a person opens for that person."""
    desk, every = standing
    wrong: list[str] = []
    asked: dict[tuple[str, str], int] = {}
    for name, _, response in every:
        role = name.rpartition(" ")[2]
        client = desk.client(role)
        for link in sorted(set(read(response).links)):
            target = link.partition("#")[0]
            if target.startswith("/static/") or (role, target) in asked:
                continue
            asked[role, target] = status = client.get(target).status_code
            if status >= 400:
                wrong.append(f"{name}: {target} answers {status}")
    assert wrong == []
