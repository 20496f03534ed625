"""Children: taken in, registered by form, checked at two levels, seen by whom, objected to, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.web.admission.drawing import carry_out
from tests.web.admission.entries import PLAN, begin, child_of, given_to, opened
from tests.web.admission.test_plan_editor import text
from tests.web.desks import Desk

from junheng.model.errors import Refused

YEAR = 2026


def address(desk: Desk, role: str, path: str = "") -> str:
    return f"/{desk.code_of(role)}/{YEAR}/admission/{PLAN}/{path}"


def pending(child: Any, *names: str) -> Any:
    """The child with facts undecided, at the school's check."""
    for name in names or list(child.facts):
        child.facts[name]["state"] = "pending"
    child.state = "registered"
    child.save()
    return child


def decided(child: Any, state: str = "verified", **more: Any) -> dict[str, Any]:
    """A form that decides every fact."""
    return {f"state-{name}": state for name in child.facts} | {"row_version": child.row_version} | more


@pytest.mark.both_databases
def test_a_job_takes_the_tables_in_and_opens_registration(desk: Desk) -> None:
    from junheng.web.admission.models import Child, Entry
    from junheng.web.jobs.models import Job
    from junheng.web.jobs.tasks import run_job

    entry = begin(desk)
    sent = {"row_version": entry.row_version}
    assert desk.client("planner").post(address(desk, "planner", "take-in/"), sent).status_code == 403
    assert (
        desk.client("admission_officer")
        .post(address(desk, "admission_officer", "take-in/"), sent)
        .status_code
        == 303
    )
    job = Job.objects.get(verb="admission_take_in")
    run_job.func(job.pk, 1)
    job.refresh_from_db()
    assert job.state == Job.DONE, job.failure
    entry = Entry.objects.get(pk=entry.pk)
    assert entry.state == "registering"
    count = Child.objects.filter(entry=entry).count()
    assert job.result == {"added": count, "there": 0}
    assert count > 1000
    one = child_of(entry)
    assert one.row["identity_code"]
    assert "checked_by" not in one.row
    one.choices = {}
    one.save()
    from junheng.web.admission.actions.registration import take_in

    assert take_in(entry=entry, by=desk.person("admission_officer")) == {"added": 0, "there": count}
    one.refresh_from_db()
    assert one.choices == {}, "who is being worked on is left alone"


def test_a_school_sees_its_own_children_and_each_look_is_recorded(desk: Desk) -> None:
    from junheng.web.audit.models import AuditEvent

    entry = opened(desk)
    own, other = given_to(entry, desk.unit("school"), 1)[0], None
    own.name = "欧阳娜娜"
    own.save()
    other = child_of(entry, desk.unit("other_school")) or child_of(entry, applicant_id="P2027-00009")
    clerk = desk.client("school_clerk")
    shown = clerk.get(address(desk, "school_clerk", f"children/{own.pk}/"))
    assert shown.status_code == 200
    assert "欧*" in text(shown)
    assert "欧阳娜娜" not in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    seen = AuditEvent.objects.filter(verb="admission.child_looked", object=f"{PLAN} {own.applicant_id}")
    assert seen.count() == 1
    assert clerk.get(address(desk, "school_clerk", f"children/{other.pk}/")).status_code == 404
    assert other.applicant_id not in text(clerk.get(address(desk, "school_clerk", "children/")))
    for role in ("principal", "leader", "planner", "statistician", "superior"):
        assert desk.client(role).get(address(desk, role, f"children/{own.pk}/")).status_code == 403, role
    edit = clerk.get(address(desk, "school_clerk", f"children/{own.pk}/edit/")).content.decode()
    assert "欧阳娜娜" not in edit


def test_a_name_takes_a_purpose_and_is_limited(desk: Desk) -> None:
    from junheng.web.audit.models import AuditEvent
    from junheng.web.privacy import catalogue

    child = given_to(opened(desk), desk.unit("school"), 1)[0]
    child.name = "欧阳娜娜"
    child.save()
    clerk, at = desk.client("school_clerk"), address(desk, "school_clerk", f"children/{child.pk}/name/")
    assert clerk.post(at, {"purpose": " "}).status_code == 422
    assert "欧阳娜娜" in text(clerk.post(at, {"purpose": "电话核实"}))
    event = AuditEvent.objects.get(verb="person.unmasked")
    assert (event.reason, event.diff) == ("电话核实", {"field": "child_name"})
    assert "欧阳娜娜" not in str([event.object, event.diff])
    for _ in range(catalogue.limit("unmask_a_day") - 1):
        clerk.post(at, {"purpose": "电话核实"})
    answer = clerk.post(at, {"purpose": "电话核实"})
    assert answer.status_code == 429
    assert "欧阳娜娜" not in answer.content.decode()


def test_papers_are_asked_for_then_both_checks_pass_by_different_people(desk: Desk) -> None:
    from junheng.web.admission.models import Child, ChildStep

    child = pending(given_to(opened(desk), desk.unit("school"), 3)[1])
    first, *rest = list(child.facts)
    clerk = desk.client("school_clerk")
    at = address(desk, "school_clerk", f"children/{child.pk}/")
    sent = decided(child, **{"missing": [first], f"paper-{first}": "不动产权证书"})
    assert clerk.post(f"{at}decide/", sent).status_code == 303
    child = Child.objects.get(pk=child.pk)
    assert (child.state, child.missing, child.facts[first]["state"]) == ("papers_missing", [first], "pending")
    assert all(child.facts[one]["by"] == "school_clerk" for one in rest)
    assert "不动产权证书" in text(clerk.get(f"{at}papers/"))
    assert clerk.post(f"{at}pass/", {"row_version": child.row_version}).status_code == 422
    assert clerk.post(f"{at}decide/", decided(child, "rejected")).status_code == 422, (
        "a rejection needs a remark"
    )
    stale = clerk.post(f"{at}decide/", decided(child) | {"row_version": 1})
    assert stale.status_code == 422
    assert clerk.post(f"{at}decide/", decided(child) | {"then": "pass"}).status_code == 303
    child = Child.objects.get(pk=child.pk)
    assert child.state == "school_checked"
    assert clerk.post(f"{at}pass/", {"row_version": child.row_version}).status_code == 403
    officer, high = (
        desk.client("admission_officer"),
        address(desk, "admission_officer", f"children/{child.pk}/"),
    )
    assert officer.post(f"{high}send-back/", {"row_version": child.row_version}).status_code == 422
    assert (
        officer.post(
            f"{high}send-back/", {"row_version": child.row_version, "opinion": "证件已过期"}
        ).status_code
        == 303
    )
    child = Child.objects.get(pk=child.pk)
    assert (child.state, child.opinion) == ("registered", "证件已过期")
    assert "证件已过期" in text(clerk.get(at))
    assert officer.post(f"{high}pass/", {"row_version": child.row_version}).status_code == 303
    child = Child.objects.get(pk=child.pk)
    own = officer.post(f"{high}pass/", {"row_version": child.row_version})
    assert own.status_code == 422, "who made the first check does not make the second"
    second = desk.client("admission_officer_2")
    assert second.post(f"{high}pass/", {"row_version": child.row_version}).status_code == 303
    child = Child.objects.get(pk=child.pk)
    assert child.state == "bureau_checked"
    verbs = list(ChildStep.objects.filter(child=child).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["decide", "decide", "school_check", "send_back", "school_check", "bureau_check"]


@pytest.mark.both_databases
def test_many_pass_at_once_but_not_those_with_something_open(desk: Desk) -> None:
    from junheng.web.admission.models import Child, ChildStep
    from junheng.web.audit.models import AuditEvent

    entry = opened(desk)
    mine = given_to(entry, desk.unit("school"), 3)
    pending(mine[0])
    for child in mine[1:]:
        child.state = "registered"
        child.save()
    clerk = desk.client("school_clerk")
    at = address(desk, "school_clerk", "children/pass/")
    foreign = child_of(entry, applicant_id="P2027-00009")
    sent = {"which": "ticked", "child": [one.pk for one in (*mine, foreign)]}
    assert clerk.post(at, sent).status_code == 303
    states = list(
        Child.objects.filter(pk__in=[one.pk for one in mine]).order_by("pk").values_list("state", flat=True)
    )
    assert states == ["registered", "school_checked", "school_checked"]
    foreign.refresh_from_db()
    assert foreign.state == "school_checked", "it was so before; nothing of a neighbour's is touched"
    officer = desk.client("admission_officer")
    filtered = address(desk, "admission_officer", "children/pass/") + "?state=school_checked"
    assert officer.post(filtered, {"which": "all"}).status_code == 303
    job = carry_out()
    everyone = Child.objects.filter(entry=entry).count()
    assert job.result == {"passed": everyone - 1, "left": 0}
    assert Child.objects.filter(entry=entry).exclude(state="bureau_checked").count() == 1
    assert ChildStep.objects.filter(child__entry=entry, verb="bureau_check").count() == everyone - 1
    events = AuditEvent.objects.filter(verb="admission.child_checked_many", actor="admission_officer")
    assert sum(one.diff["passed"] for one in events) == everyone - 1
    assert all(len(one.file_sha256) == 64 for one in events)


@pytest.mark.both_databases
def test_a_check_of_many_is_taken_back_but_for_children_touched_since(desk: Desk) -> None:
    from junheng.web.admission.actions.verification import send_back
    from junheng.web.admission.models import Child, ChildStep

    entry = opened(desk)
    officer, second = desk.client("admission_officer"), desk.client("admission_officer_2")
    queue = address(desk, "admission_officer", "children/")
    assert officer.post(f"{queue}take-back/").status_code == 422
    assert officer.post(f"{queue}pass/?state=school_checked", {"which": "all"}).status_code == 303
    again = officer.post(f"{queue}pass/?state=school_checked", {"which": "all"})
    assert again.status_code == 422, "one at a time"
    late = child_of(entry)
    late.at = timezone.now()
    late.save()
    assert carry_out().result["left"] == 1, "who changed after it was asked for is left"
    passed = Child.objects.filter(entry=entry, state="bureau_checked").count()
    assert passed == Child.objects.filter(entry=entry).count() - 1
    touched = child_of(entry, state="bureau_checked")
    send_back(
        child=touched, by=desk.person("admission_officer_2"), opinion="?", row_version=touched.row_version
    )
    assert second.post(f"{queue}take-back/").status_code == 422, "only by who made it"
    assert "撤回这" in text(officer.get(queue))
    assert officer.post(f"{queue}take-back/").status_code == 303
    assert carry_out().result == {"passed": passed - 1, "left": 0}
    assert not Child.objects.filter(entry=entry, state="bureau_checked").exists()
    touched.refresh_from_db()
    assert touched.state == "registered"
    one = child_of(entry, state="school_checked", steps__verb="take_back")
    verbs = ChildStep.objects.filter(child=one).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["bureau_check", "take_back"]
    assert "撤回这" not in text(officer.get(queue))


def test_the_form_finds_every_fault_at_once_and_refuses_the_same_child_twice(desk: Desk) -> None:
    from junheng.web.admission.models import Child

    entry = opened(desk)
    there = child_of(entry)
    clerk, at = desk.client("school_clerk"), address(desk, "school_clerk", "children/new/")
    programs = list(there.choices.get("public", [])) or ["2199001012-p"]
    wrong = {
        "applicant_id": "110101202103051234",
        "identity_code": "",
        "birth_date": "2021-02-30",
        "fact-deed_date": "last year",
        "choice-public-1": "nowhere",
        "choice-public-2": programs[0],
        "choice-public-3": programs[0],
        "home_zone": "Z99",
    }
    answer = clerk.post(at, wrong)
    assert answer.status_code == 422
    shown = text(answer)
    for sentence in (
        "看起来是证件号",
        "请填写",
        "应为日期",
        "没有招生项目“nowhere”",
        "与前面的志愿重复",
        "没有片区“Z99”",
    ):
        assert sentence in shown, sentence
    good = {
        "applicant_id": "P2027-90001",
        "identity_code": "I900",
        "birth_date": "2021-03-05",
        "fact-hukou": "local",
        "own_program_id": "2199001012-p",
        "choice-public-1": "2199001012-p",
        "name": "王小明",
    }
    assert "第一志愿须是登记入学项目" in text(clerk.post(at, good | {"choice-public-1": "2199001013-p"}))
    assert clerk.post(at, good).status_code == 303
    made = Child.objects.get(applicant_id="P2027-90001")
    assert made.school == desk.unit("school")
    assert (made.state, list(made.facts)) == ("registered", ["hukou"])
    assert made.facts["hukou"]["state"] == "pending"
    assert "已经登记" in text(clerk.post(at, good))
    assert "不能重复登记" in text(clerk.post(at, good | {"applicant_id": "P2027-90002"}))


def test_a_correction_reopens_only_what_changed(desk: Desk) -> None:
    from junheng.web.admission import child_form, child_queries, plans
    from junheng.web.admission.actions.registration import correct
    from junheng.web.admission.models import Child
    from junheng.web.house.scope import Scope

    entry = opened(desk)
    given_to(entry, desk.unit("school"), 6)
    child = next(one for one in Child.objects.filter(school=desk.unit("school")) if "deed_date" in one.facts)
    clerk = desk.person("school_clerk")
    plan = plans.of(entry).plan
    assert plan is not None
    around = child_queries.around(Scope(clerk, desk.unit("school"), YEAR, "register"), entry, plan)
    typed = child_form.begun(around, child) | {"fact-deed_date": "2016-05-04"}
    filled, faults = child_form.check(typed, around, child)
    assert faults == {}
    assert filled is not None
    made = correct(child=child, by=clerk, filled=filled, row_version=child.row_version)
    assert made.facts["deed_date"] | {"paper": ""} == {
        "value": "2016-05-04",
        "state": "pending",
        "by": "",
        "on": "",
        "paper": "",
        "note": "",
    }
    others = [fact["state"] for name, fact in made.facts.items() if name != "deed_date"]
    assert others
    assert set(others) == {"verified"}
    assert made.state == "registered"


def test_withdrawing_takes_a_reason_and_can_be_undone(desk: Desk) -> None:
    from junheng.web.admission.models import Child

    child = given_to(opened(desk), desk.unit("school"), 1)[0]
    clerk, at = desk.client("school_clerk"), address(desk, "school_clerk", f"children/{child.pk}/")
    assert clerk.post(f"{at}withdraw/", {"row_version": child.row_version, "reason": ""}).status_code == 422
    assert (
        clerk.post(f"{at}withdraw/", {"row_version": child.row_version, "reason": "回原籍"}).status_code
        == 303
    )
    child = Child.objects.get(pk=child.pk)
    assert child.state == "withdrawn"
    assert clerk.post(f"{at}pass/", {"row_version": child.row_version}).status_code == 422
    assert clerk.post(f"{at}readmit/", {"row_version": child.row_version}).status_code == 303
    assert Child.objects.get(pk=child.pk).state == "registered"


def checked(entry: Any) -> Any:
    """The entry with every child checked twice."""
    from junheng.web.admission.models import Child

    Child.objects.filter(entry=entry).update(state="bureau_checked")
    return entry


def test_publicity_waits_for_the_checks_and_masks(desk: Desk) -> None:
    from junheng.web.admission.models import Child, Entry

    entry = opened(desk)
    officer = desk.client("admission_officer")
    at = address(desk, "admission_officer")
    today = timezone.localdate()
    days = {"publicity_from": today.isoformat(), "publicity_to": (today + timedelta(days=5)).isoformat()}
    sent = days | {"row_version": entry.row_version}
    assert "未经复核，不能公示" in text(officer.post(f"{at}publicise/", sent))
    checked(entry)
    Child.objects.filter(applicant_id="P2027-00001").update(name="欧阳娜娜")
    backwards = sent | {"publicity_to": (today - timedelta(days=1)).isoformat()}
    assert officer.post(f"{at}publicise/", backwards).status_code == 422
    assert officer.post(f"{at}publicise/", sent).status_code == 303
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.state, entry.publicity_to) == ("publicity", today + timedelta(days=5))
    shown = officer.get(f"{at}publicity/")
    page, born = text(shown), Child.objects.get(applicant_id="P2027-00001").row["birth_date"]
    assert "P2027-00001 欧*" in page
    assert "欧阳娜娜" not in page
    assert born not in page
    assert "单校划片" in page, "sums"
    listed = shown.content.decode().split('id="t-publicity"')[1]
    assert "单校划片" not in listed, "the plan publishes `own`: no class beside a number"
    content = officer.get(f"{at}publicity/list.csv").content.decode("utf-8-sig")
    assert "P2027-00001,欧*," in content
    assert "欧阳娜娜" not in content
    clerk = desk.client("school_clerk")
    assert clerk.get(address(desk, "school_clerk", "publicity/list.csv")).status_code == 404


def test_small_sums_are_hidden_with_the_next_one() -> None:
    from junheng.web.admission.presenters.publicity import suppressed

    assert suppressed({"a": 3, "b": 40, "c": 12}, 5) == {"a", "c"}
    assert suppressed({"a": 3, "b": 4, "c": 12}, 5) == {"a", "b"}
    assert suppressed({"a": 30, "b": 40}, 5) == set()
    assert suppressed({"a": 3}, 5) == {"a"}


@pytest.mark.both_databases
def test_an_objection_upheld_reopens_the_fact_and_blocks_the_freeze(desk: Desk) -> None:
    from junheng.web.admission.models import Child, Entry, Objection
    from junheng.web.admission.readiness import readiness

    entry = checked(opened(desk))
    today = timezone.localdate()
    entry.state, entry.publicity_from = "publicity", today - timedelta(days=9)
    entry.publicity_to = today - timedelta(days=1)
    entry.save()
    assert readiness(Entry.objects.get(pk=entry.pk)).open == ()
    child = next(one for one in Child.objects.filter(entry=entry).order_by("pk") if "deed_date" in one.facts)
    officer, at = desk.client("admission_officer"), address(desk, "admission_officer", "objections/")
    assert officer.post(at, {"text": ""}).status_code == 422
    assert officer.post(at, {"text": "不符", "applicant_id": "nobody"}).status_code == 422
    sent = {
        "text": "房产证日期不符",
        "applicant_id": child.applicant_id,
        "fact": "deed_date",
        "from_whom": "居民",
    }
    assert officer.post(at, sent).status_code == 303
    made = Objection.objects.get()
    assert [one.code for one in readiness(Entry.objects.get(pk=entry.pk)).open] == ["objections"]
    shown = text(officer.get(address(desk, "admission_officer", "readiness/")))
    assert "1 件异议未答复" in shown
    answer = {"verdict": "upheld", "answer": "属实，重新核验", "row_version": made.row_version}
    assert officer.post(f"{at}{made.pk}/", answer | {"answer": ""}).status_code == 422
    assert officer.post(f"{at}{made.pk}/", answer).status_code == 303
    assert officer.post(f"{at}{made.pk}/", answer).status_code == 422, "answered once"
    child.refresh_from_db()
    assert (child.state, child.facts["deed_date"]["state"]) == ("registered", "pending")
    codes = {one.code for one in readiness(Entry.objects.get(pk=entry.pk)).open}
    assert codes == {"checked", "facts"}
    assert desk.client("school_clerk").get(address(desk, "school_clerk", "objections/")).status_code == 403


def test_faults_of_the_tables_stand_on_the_readiness_page(desk: Desk) -> None:
    entry = checked(opened(desk))
    child = child_of(entry)
    child.choices = {"public": ["no-such-programme"]}
    child.save()
    shown = text(desk.client("admission_officer").get(address(desk, "admission_officer", "readiness/")))
    assert "招生数据有" in shown
    assert "no-such-programme" in shown


def test_nothing_of_the_casework_changes_after_the_freeze(desk: Desk) -> None:
    from junheng.web.admission.actions.verification import pass_on
    from junheng.web.admission.models import Entry

    entry = opened(desk)
    child = given_to(entry, desk.unit("school"), 1)[0]
    Entry.objects.filter(pk=entry.pk).update(state="frozen")
    with pytest.raises(Refused) as caught:
        pass_on(child=child, by=desk.person("admission_officer"), row_version=child.row_version)
    assert caught.value.code == "entry.wrong_state"
    clerk = desk.client("school_clerk")
    assert clerk.get(address(desk, "school_clerk", f"children/{child.pk}/")).status_code == 200
    new = clerk.post(
        address(desk, "school_clerk", "children/new/"),
        {"applicant_id": "P2027-90001", "identity_code": "I900", "birth_date": "2021-03-05"},
    )
    assert new.status_code == 422


def test_a_neighbour_decides_nothing(desk: Desk) -> None:
    from junheng.web.admission.actions.verification import decide

    child = pending(given_to(opened(desk), desk.unit("school"), 2)[1])
    with pytest.raises(PermissionDenied):
        decide(
            child=child, by=desk.person("school_clerk_2"), facts={}, missing=[], row_version=child.row_version
        )


def test_children_wait_on_the_desk_of_who_checks_them(desk: Desk) -> None:
    entry = opened(desk)
    given_to(entry, desk.unit("school"), 2)
    pending(child_of(entry, desk.unit("school")))

    def home(role: str) -> str:
        return text(desk.client(role).get(f"/{desk.code_of(role)}/{YEAR}/"))

    assert "1 名儿童的材料待核验" in home("school_clerk")
    assert "名儿童待复核" in home("admission_officer")
    assert "待复核" not in home("leader")


@pytest.mark.both_databases
def test_what_children_handed_in_is_erased_when_its_time_is_over(desk: Desk) -> None:
    from junheng.web.admission.models import Child, Entry
    from junheng.web.privacy.actions import delete_due

    entry = opened(desk)
    long_ago = timezone.now() - timedelta(days=800)
    assert delete_due(by="worker").get("admission", 0) == 0
    Entry.objects.filter(pk=entry.pk).update(state="closed", moved_at=long_ago)
    count = Child.objects.filter(entry=entry).count()
    assert delete_due(by="worker")["admission"] == count
    left = Child.objects.filter(entry=entry).first()
    assert (left.row, left.facts, left.choices, left.name) == ({}, {}, {}, "")
    assert delete_due(by="worker")["admission"] == 0


@pytest.mark.both_databases
def test_a_name_is_sealed_in_the_database_and_found_exactly(desk: Desk) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from junheng.web.admission.models import Child
    from junheng.web.privacy.actions import rotate

    entry = opened(desk)
    child = child_of(entry)
    child.name = "欧阳娜娜"
    child.save()

    def stored() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, name_key FROM admission_child WHERE id = %s", [child.pk])
            row: tuple[str, str] = cursor.fetchone()
        return row

    name, key = stored()
    assert "欧" not in name and name.startswith(f"{settings.FIELD_KEY}.") and len(key) == 64
    assert Child.objects.get(pk=child.pk).name == "欧阳娜娜"
    queue = address(desk, "admission_officer", "children/")
    officer = desk.client("admission_officer")
    assert child.applicant_id in text(officer.get(queue, {"q": "欧阳 娜娜"}))
    for other in ("欧阳", "欧阳娜", "欧阳娜娜娜"):
        assert child.applicant_id not in text(officer.get(queue, {"q": other})), "never by a part"
    keys = {**settings.FIELD_KEYS, "new": "another key of this test, long enough to be one"}
    with override_settings(FIELD_KEYS=keys, FIELD_KEY="new"):
        assert child.applicant_id in text(officer.get(queue, {"q": "欧阳娜娜"})), (
            "found before it is sealed anew"
        )
        rotate(by="test")
        assert stored()[0].startswith("new.") and stored()[1] != key
        assert Child.objects.get(pk=child.pk).name == "欧阳娜娜"
        assert child.applicant_id in text(officer.get(queue, {"q": "欧阳娜娜"}))


def test_names_that_stood_open_are_sealed_by_the_migration(desk: Desk) -> None:
    from importlib import import_module

    from django.apps import apps
    from django.db import connection

    from junheng.web.admission.models import Child

    child = child_of(opened(desk))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE admission_child SET name = %s WHERE id = %s", ["欧阳娜娜", child.pk])

    class Plain:
        """The table as it was: rows as they are stored."""

        def __init__(self) -> None:
            self.objects = self

        def exclude(self, **_: Any) -> Any:
            return self

        def values(self, *_: Any) -> list[dict[str, Any]]:
            return [{"pk": child.pk, "name": "欧阳娜娜"}]

        def filter(self, **at: Any) -> Any:
            self.pk = at["pk"]
            return self

        def update(self, **held: Any) -> None:
            with connection.cursor() as cursor:
                words = [held["name"], held["name_key"], self.pk]
                cursor.execute("UPDATE admission_child SET name = %s, name_key = %s WHERE id = %s", words)

    class Apps:
        def get_model(self, *_: Any) -> Any:
            return Plain()

    migration = import_module("junheng.web.admission.migrations.0002_names_sealed")
    migration.seal(Apps(), None)
    assert apps.get_model("admission", "Child") is Child
    assert Child.objects.get(pk=child.pk).name == "欧阳娜娜"
    officer = desk.client("admission_officer")
    found = text(officer.get(address(desk, "admission_officer", "children/"), {"q": "欧阳娜娜"}))
    assert child.applicant_id in found
