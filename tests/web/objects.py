"""One object of every kind that addresses name, made once for a desk."""

from __future__ import annotations

from typing import Any


def made_objects(desk: Any) -> dict[str, Any]:
    """Values by the names `matrix.yaml` uses under `with`."""
    from junheng.web.jobs.actions import start
    from junheng.web.runs.models import RunRecord

    run = RunRecord.objects.first().run_id
    job = start(verb="verify", args={"run": run}, unit=desk.unit("region"), by=desk.person("planner"))
    return {
        "run": run,
        "job": job.pk,
        **_files(desk),
        **_data_centre(desk),
        **_ledger(desk),
        "output_table": "seat_warnings",
        "assessed_item": "L1",
        "indicator": "equipment_value_cv",
        "report_form": "xlsx",
        "result_paper": "slip",
        "paper_form": "pdf",
        **_plan(desk),
        **_cases(desk),
        **_admission(desk),
        **_drawn(desk),
        **FORMS,
        "school": desk.units["school"],
        "stage": "kindergarten",
        **_people(desk),
    }


def strangers() -> dict[str, Any]:
    """The same names with ids nobody has."""
    return {
        "run": "year-000000000000",
        "job": 999_999,
        "file": "nobodys",
        "api_token": 999_999,
        "output_table": "no_such_table",
        "assessed_item": "no_such_item",
        "indicator": "no_such_indicator",
        "report_form": "pdf",
        "school": "nowhere",
        "admission": "no-such-plan",
        "drawn": "no-such-plan",
        "drawn_child": "nobody",
        "proposal": 999_999,
        "override": 999_999,
        "late": 999_999,
        "result_table": "no_such_table",
        "result_paper": "no_such_paper",
        "paper_form": "exe",
        "child": 999_999,
        "objection": 999_999,
        "evidence_item": "no-such-item",
        "evidence_piece": 999_999,
        "round": 999_999,
        "round_step": 999_999,
        "plan_document": "no-such-plan",
        "plan_clause": "no-such-clause",
        "plan_task": "no-such-task",
        "task_report": 999_999,
        "ledger_table": "no_such_table",
        "input_table": "no_such_table",
        "collection": 999_999,
        "submission": 999_999,
        "correction": 999_999,
        "upload": 999_999,
        "mapping": 999_999,
        "version": "v9999",
        "step": "no_such_step",
        "first": 99,
        "marked": "marked-9.xlsx",
        "stage": "no_such_stage",
        "person": "nobody",
        "person_act": "no_such_act",
        "unit_above": "000000000",
        "grant": 999_999,
        "grant_act": "no_such_act",
        **FORMS,
    }


FORMS = {"page_form": "html", "file_form": "csv", "figure": "fan"}


def _plan(desk: Any) -> dict[str, Any]:
    """A way to pass that was worked out, with one measure."""
    from tests.web.balance.plans import keep_plan

    return {"plan": keep_plan(desk)}


def _admission(desk: Any) -> dict[str, Any]:
    """An entry open for registration, with a child who registers at the school and an objection to her."""
    from tests.web.admission.entries import PLAN, given_to, opened

    from junheng.web.admission.actions.publicity import note

    entry = opened(desk)
    child = given_to(entry, desk.unit("school"), 1)[0]
    by = desk.person("admission_officer")
    made = note(entry=entry, by=by, applicant_id=child.applicant_id, fact="", text="matrix", from_whom="")
    return {"admission": PLAN, "child": child.pk, "objection": made.pk}


def _drawn(desk: Any) -> dict[str, Any]:
    """An entry drawn and published, with a placement by hand and a publication that wait for their second
    person."""
    from tests.web.admission import drawing

    return drawing.everything(desk)


def _cases(desk: Any) -> dict[str, Any]:
    """A piece of evidence of the school, and a round of the county that was moved on with its document."""
    from tests.web.balance.cases import YEAR, demand, move, open_one, paper

    from junheng.web.balance.evidence.actions import provide

    about = (desk.unit("school"), "preschool", demand("B1", "preschool"), YEAR)
    made = provide(about=about, by=desk.person("school_clerk"), claim="met", file=paper("matrix.pdf"))
    held = move(open_one(desk), "county_self", desk.person("statistician"))
    return {
        "evidence_item": "P2",
        "evidence_piece": made.pk,
        "round": held.pk,
        "round_step": held.steps.first().pk,
        "round_target": "city_review",
    }


def _people(desk: Any) -> dict[str, Any]:
    """The clerk of the school with her grant, what may be done about them, a session of somebody else."""
    from allauth.usersessions.models import UserSession

    clerk = desk.person("school_clerk")
    session = UserSession.objects.create(user=desk.person("leader"), session_key="f" * 32, ip="127.0.0.1")
    return {
        "person": clerk.username,
        "person_act": "sessions",
        "unit_above": desk.units["above"],
        "grant": clerk.current_grants()[0].pk,
        "grant_act": "end",
        "other_session": session.pk,
        "provider": "unified",
    }


def _ledger(desk: Any) -> dict[str, Any]:
    """A plan of the region's own with a task of the school, which has reported with a file."""
    from django.core.files.base import ContentFile
    from tests.web.plan.plans import PLAN, write_plan

    from junheng.web.house.scope import Scope
    from junheng.web.plan import actions, queries

    clerk, school = desk.person("school_clerk"), desk.unit("school")
    write_plan(desk)
    task = queries.ledger(Scope(clerk, school, 2026, "see")).task(PLAN, "k1")
    file = ContentFile(b"%PDF-1.7 matrix", name="matrix.pdf")
    made = actions.report(task=task, unit=school, by=clerk, status="done", file=file)
    return {
        "plan_document": PLAN,
        "plan_clause": "1",
        "plan_task": "k1",
        "task_report": made.pk,
        "ledger_table": "tasks",
    }


def _data_centre(desk: Any) -> dict[str, Any]:
    """A collection with a part handed in, a correction of it, an upload that came back marked, a mapping."""
    from datetime import timedelta

    from django.core.files.base import ContentFile
    from django.utils import timezone

    from junheng.web.data_centre.collecting import actions as collecting
    from junheng.web.data_centre.corrections import actions as corrections
    from junheng.web.data_centre.corrections.queries import rows
    from junheng.web.data_centre.mappings.actions import keep
    from junheng.web.data_centre.models import Upload
    from junheng.web.data_centre.uploads import actions as uploads
    from junheng.web.data_centre.uploads import files
    from junheng.web.jobs.tasks import run_job

    clerk, county, school = desk.person("school_clerk"), desk.person("statistician"), desk.unit("school")
    today = timezone.localdate()
    text = 'format = 1\n[[source]]\ntable = "enrolment"\n[source.columns]\n'
    text += "".join(f'{one} = "{one}"\n' for one in ("school_id", "year", "grade", "pupils"))
    mapping = keep(by=county, name="matrix", text=text)
    made = collecting.open_collection(
        by=county, unit=desk.unit("region"), year=2025, name="matrix", tables=["enrolment"],
        opens=today, due=today + timedelta(days=9),
    )  # fmt: skip
    part = collecting.submit(submission=made.submissions.get(unit=school), by=clerk, row_version=1)
    row = rows(part, "enrolment")[0]
    key = {name: str(row[name]) for name in ("school_id", "year", "grade")}
    correction = corrections.ask(
        submission=part, by=clerk, table="enrolment", key=key, column="pupils", after="7", reason="matrix"
    )
    content = f"school_id,year,grade,pupils\n{school.code},2026,G01,x\n".encode()
    upload = uploads.receive(
        by=clerk, unit=school, year=2025, files=[ContentFile(content, name="matrix.csv")], mapping=text
    )
    run_job.func(upload.job.pk, 1)
    upload = Upload.objects.get(pk=upload.pk)
    assert files.marked(upload.folder, "marked-1.xlsx"), upload.job.failure
    return {
        "input_table": "enrolment",
        "collection": made.pk,
        "submission": part.pk,
        "correction": correction.pk,
        "upload": upload.pk,
        "mapping": mapping.pk,
        "version": "v0001",
        "step": "submit",
        "first": 1,
        "marked": "marked-1.xlsx",
        "mapping_from": "text",
        "mapping_text": text,
    }


def _files(desk: Any) -> dict[str, Any]:
    """A file the planner had made, and a token of hers."""
    from datetime import timedelta

    from django.utils import timezone

    from junheng.web.api.actions import create
    from junheng.web.files.actions import ask_table, keep
    from junheng.web.files.contents import Wanted, contents
    from junheng.web.house.scope import Scope

    planner = desk.person("planner")
    scope = Scope(planner, desk.unit("region"), 2026, "export")
    wanted = Wanted("input", "areas", "csv")
    file = ask_table(scope=scope, wanted=wanted, held=contents(scope, wanted, "bureau"))
    keep(token=file.token, content=b"area_code", rows=0)
    day = timezone.localdate() + timedelta(days=1)
    token, _ = create(by=planner, grant=planner.current_grants()[0].pk, name="matrix", valid_to=day)
    return {"file": file.token, "api_token": token.pk}
