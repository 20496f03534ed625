"""Pages of the system and the security administrator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.accounts.test_signing_in import sign_in, signed_in


def at(desk: Any, path: str, unit: str = "region") -> str:
    return f"/{desk.units[unit]}/2027/manage/{path}"


def body(answer: Any) -> str:
    text = answer.content.decode()
    return text[text.index("<main") :]


@pytest.fixture
def system(desk: Any) -> Client:
    return desk.client("system_admin")


@pytest.fixture
def security(desk: Any) -> Client:
    return desk.client("security_admin")


PAGES = {
    "system_admin": [
        "people/",
        "people/new/",
        "people/planner/",
        "people/planner/change/",
        "people/planner/do/stop/",
        "units/",
        "units/9901/name/",
    ],
    "security_admin": [
        "grants/",
        "grants/new/",
        "grants/review/",
        "grants/of/planner/",
        "grants/of/planner/factor/",
    ],
    "auditor": ["audit/", "audit/export/", "audit/grants/"],
}


@pytest.mark.parametrize("role", sorted(PAGES))
def test_each_administrator_has_her_pages_and_not_the_others(desk: Any, role: str) -> None:
    client = desk.client(role)
    for owner, paths in PAGES.items():
        for path in paths:
            status = client.get(at(desk, path)).status_code
            assert status == (200 if owner == role else 403), (role, path)


@pytest.mark.parametrize("role", ["planner", "leader", "statistician", "superior", "school_clerk"])
def test_nobody_else_has_any_of_them(desk: Any, role: str) -> None:
    client = desk.client(role)
    for paths in PAGES.values():
        for path in paths:
            assert client.get(at(desk, path)).status_code in (403, 404), (role, path)


def test_people_outside_the_unit_are_not_there(desk: Any, system: Client) -> None:
    assert system.get(at(desk, "people/superior/")).status_code == 404
    assert system.get(at(desk, "people/school_clerk/")).status_code == 200
    assert system.get(at(desk, "people/school_clerk/", "other_school")).status_code == 404
    assert system.get(at(desk, "people/", "above")).status_code == 404
    assert "superior" not in body(system.get(at(desk, "people/")))


def test_an_account_is_made_and_used_for_the_first_time(desk: Any, system: Client) -> None:
    form = {"username": "li.na", "name": "李娜", "unit": desk.units["school"], "phone": "13900001234"}
    answer = system.post(at(desk, "people/new/"), form)
    assert "no-store" in answer.headers["Cache-Control"]
    password = re.search(r'class="once">([a-z0-9-]+)<', answer.content.decode())
    assert password is not None
    assert password.group(1) not in system.get(at(desk, "people/li.na/")).content.decode()
    person = Client()
    sign_in(person, "li.na", password.group(1))
    assert person.get("/").headers["Location"].startswith("/accounts/password/")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "planner", "已有人用"),
        ("username", "X Y", "小写字母"),
        ("unit", "9901", "没有这个单位"),
        ("unit", "nowhere", "没有这个单位"),
        ("phone", "call me", "电话只含数字"),
        ("email", "x", "邮箱的形式不对"),
        ("name", "", "此项必填"),
    ],
)
def test_faults_stand_beside_the_field_and_nothing_is_made(
    desk: Any, system: Client, field: str, value: str, words: str
) -> None:
    from junheng.web.accounts.models import User

    before = User.objects.count()
    form = {"username": "li.na", "name": "李娜", "unit": desk.units["school"], "email": ""} | {field: value}
    answer = system.post(at(desk, "people/new/"), form)
    assert answer.status_code == 422
    marked = re.search(
        r'<div class="field wrong">\s*<label for="id_(\w+)">.*?</div>', body(answer), re.DOTALL
    )
    assert marked is not None
    assert marked.group(1) == field
    assert words in marked.group(0)
    assert User.objects.count() == before


def test_a_change_keeps_the_number_that_was_not_typed(desk: Any, system: Client) -> None:
    form = {"name": "新名字", "unit": desk.units["town"], "email": "new@edu.example", "phone": "13900001234"}
    assert system.post(at(desk, "people/planner/change/"), form).status_code == 303
    first = desk.person("planner").phone_sealed
    assert system.post(at(desk, "people/planner/change/"), form | {"phone": ""}).status_code == 303
    person = desk.person("planner")
    assert (person.name, person.unit.code, person.phone_sealed) == ("新名字", desk.units["town"], first)


def test_stopping_asks_for_a_reason_and_then_stops(desk: Any, system: Client) -> None:
    other = Client()
    sign_in(other, "planner")
    path = at(desk, "people/planner/do/stop/")
    assert "停用账户" in body(system.get(path))
    refused = system.post(path, {"reason": ""})
    assert refused.status_code == 422
    assert desk.person("planner").is_active
    assert system.post(path, {"reason": "调离"}).status_code == 303
    assert not desk.person("planner").is_active
    assert not signed_in(other)
    assert system.get(at(desk, "people/planner/do/nonsense/")).status_code == 404


def test_nothing_is_done_with_ones_own_account(desk: Any, system: Client) -> None:
    page = body(system.get(at(desk, "people/system_admin/")))
    assert "/do/stop/" not in page
    answer = system.post(at(desk, "people/system_admin/do/stop/"), {"reason": "x"})
    assert answer.status_code == 422
    assert "不能管理自己的账户" in body(answer)


def test_the_list_is_searched_filtered_and_paged(desk: Any, system: Client, people: dict[str, Any]) -> None:
    from junheng.web.accounts.models import User

    assert "planner_2" not in body(system.get(at(desk, "people/") + "?q=leader"))
    assert "没有符合条件" in body(system.get(at(desk, "people/") + "?q=nobody-at-all"))
    client = Client(REMOTE_ADDR="192.0.2.9")
    for _ in range(5):
        sign_in(client, "leader", "wrong")
    locked = body(system.get(at(desk, "people/") + "?state=locked"))
    assert "people/leader/" in locked
    assert "people/planner/" not in locked
    unit = desk.unit("region")
    User.objects.bulk_create(
        User(username=f"x{n:03}", name=f"某{n}", unit=unit, password="!") for n in range(30)
    )
    first = body(system.get(at(desk, "people/")))
    assert 'rel="next"' in first
    second = body(system.get(at(desk, "people/") + "?page=2"))
    assert set(re.findall(r"people/(x\d+)/", first)).isdisjoint(re.findall(r"people/(x\d+)/", second))
    assert system.get(at(desk, "people/") + "?page=999999999999").status_code == 200


def test_a_sensitive_role_goes_through_two_people(desk: Any, security: Client) -> None:
    from junheng.web.accounts.models import Grant

    form = {
        "person": "leader",
        "role": "auditor",
        "unit": desk.units["region"],
        "valid_from": timezone.localdate().isoformat(),
        "reason": "接替",
    }
    assert security.post(at(desk, "grants/new/"), form).status_code == 303
    grant = Grant.objects.get(user__username="leader", role="auditor")
    assert grant.state == "proposed"
    path = at(desk, f"grants/{grant.pk}/confirm/")
    own = security.post(path, {"reason": "x", "decision": "confirm"})
    assert own.status_code == 422
    assert "另一位安全管理员" in body(own)
    second = desk.client("security_admin_2")
    assert "确认或否决" in body(second.get(at(desk, "grants/") + "?state=proposed"))
    assert second.post(path, {"reason": "同意", "decision": "confirm"}).status_code == 303
    assert desk.person("leader").may("audit")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"person": "security_admin"}, "person", "不能为自己授权"),
        ({"person": "superior"}, "person", "没有这个人"),
        ({"role": "school_clerk"}, "unit", "不能授在"),
        ({"role": "nonsense"}, "role", "此项必填"),
        ({"unit": "9901"}, "unit", "没有这个单位"),
        ({"valid_to": "2020-01-01"}, "valid_to", "截止日期"),
        ({"valid_from": "soon"}, "valid_from", "日期写作"),
        ({"reason": ""}, "reason", "请写明理由"),
        ({"person": "auditor", "role": "system_admin"}, "role", "三员分立"),
    ],
)
def test_a_grant_that_may_not_be_is_refused_beside_its_field(
    desk: Any, security: Client, change: dict[str, str], field: str, words: str
) -> None:
    from junheng.web.accounts.models import Grant

    before = Grant.objects.count()
    form = {
        "person": "statistician",
        "role": "leader",
        "unit": desk.units["region"],
        "valid_from": timezone.localdate().isoformat(),
        "reason": "test",
    }
    answer = security.post(at(desk, "grants/new/"), form | change)
    assert answer.status_code == 422
    marked = re.search(
        r'<div class="field wrong">\s*<label for="id_(\w+)">.*?</div>', body(answer), re.DOTALL
    )
    assert marked is not None
    assert (marked.group(1), words in marked.group(0)) == (field, True)
    assert Grant.objects.count() == before


def test_ending_a_grant_asks_for_a_reason(desk: Any, security: Client, people: dict[str, Any]) -> None:
    grant = people["planner"].grants.get()
    path = at(desk, f"grants/{grant.pk}/end/")
    assert security.post(path, {"reason": ""}).status_code == 422
    assert desk.person("planner").may("forecast")
    assert security.post(path, {"reason": "调离"}).status_code == 303
    assert not desk.person("planner").may("forecast")


def test_grants_of_other_units_are_not_there(desk: Any, security: Client, people: dict[str, Any]) -> None:
    grant = people["superior"].grants.get()
    assert security.get(at(desk, f"grants/{grant.pk}/end/")).status_code == 404
    assert security.post(at(desk, f"grants/{grant.pk}/end/"), {"reason": "x"}).status_code == 404
    assert security.get(at(desk, "grants/of/superior/")).status_code == 404


def test_a_lost_factor_is_taken_away_by_the_security_administrator(desk: Any, security: Client) -> None:
    from allauth.mfa.models import Authenticator

    path = at(desk, "grants/of/auditor/factor/")
    assert security.post(path, {"reason": "手机丢失"}).status_code == 303
    assert not Authenticator.objects.filter(user__username="auditor").exists()
    assert security.post(at(desk, "grants/of/security_admin/factor/"), {"reason": "x"}).status_code == 422


def test_the_unit_above_is_named_and_others_are_not(desk: Any, system: Client) -> None:
    assert (
        system.post(at(desk, "units/9901/name/"), {"name": "云岭市", "name_en": "Yunling"}).status_code == 303
    )
    assert "云岭市" in body(system.get(at(desk, "units/")))
    for code in (desk.units["region"], desk.units["school"], "nonsense"):
        assert system.post(at(desk, f"units/{code}/name/"), {"name": "x"}).status_code == 404
    from junheng.web.units.actions import sync

    sync(by="test")
    assert desk.unit("above").name == "云岭市", "a name given stays when the tree follows the data"


def test_the_tree_is_walked_and_searched(desk: Any, system: Client) -> None:
    page = body(system.get(at(desk, "units/")))
    assert f"/{desk.units['town']}/2027/manage/units/" in page
    town = body(system.get(at(desk, "units/", "town")))
    assert desk.units["school"] in town
    assert desk.units["other_school"] not in town
    found = body(system.get(at(desk, "units/") + f"?q={desk.units['school']}"))
    assert desk.units["school"] in found
    assert "没有符合条件的单位" in body(system.get(at(desk, "units/") + "?q=nowhere"))


def test_pages_ask_the_database_little(desk: Any, system: Client, security: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for client, path in (
        (system, "people/"),
        (system, "people/planner/"),
        (system, "units/"),
        (security, "grants/"),
    ):
        client.get(at(desk, path))
        with CaptureQueriesContext(connection) as asked:
            client.get(at(desk, path))
        assert len(asked) <= 20, (path, len(asked))


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", "{{7*7}}", "{% debug %}", "' OR 1=1 --", "\u202e"]
)
def test_what_is_typed_is_shown_as_text(desk: Any, system: Client, payload: str) -> None:
    form = {"name": payload, "unit": desk.units["region"], "email": "", "phone": ""}
    assert system.post(at(desk, "people/planner/change/"), form).status_code == 303
    for path in ("people/", "people/planner/", "people/planner/do/stop/", f"people/?q={payload}"):
        page = system.get(at(desk, path)).content.decode()
        assert "<script>alert" not in page
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", page)


def test_every_page_is_worded_in_english(
    desk: Any, system: Client, security: Client, people: dict[str, Any]
) -> None:
    from junheng.web.units.models import Unit

    Unit.objects.update(name="Unit")
    for person in people.values():
        person.name = person.username
        person.save()
    for client, role in (
        (system, "system_admin"),
        (security, "security_admin"),
        (desk.client("auditor"), "auditor"),
    ):
        client.cookies["django_language"] = "en"
        for path in PAGES[role]:
            page = body(client.get(at(desk, path)))
            assert re.findall(r"[\u4e00-\u9fff]+", page) == [], path
