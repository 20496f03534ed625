"""Making files in the background, by the rights their owner has when they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from junheng.model.errors import Refused
from junheng.web.accounts.models import User
from junheng.web.accounts.roles import EXPORT, SEE
from junheng.web.files import actions
from junheng.web.files.contents import Wanted, contents
from junheng.web.files.models import StoredFile
from junheng.web.files.protection import audience
from junheng.web.files.reports import wanted
from junheng.web.house.scope import Scope
from junheng.web.runs import forms_of_report

Report = Callable[..., None]


def export(job: Any, report: Report) -> Mapping[str, Any]:
    """The table of a stored file's row."""
    file = StoredFile.objects.get(token=job.args["token"])
    with translation.override(_tag(job)):
        scope = _scope(file, EXPORT, job)
        asked = Wanted(**file.wanted)
        report("files.gathering")
        held = contents(scope, asked, audience(scope, EXPORT))
        report("files.writing", 0, held.frame.height)
        content = actions.build(scope, asked, held, timezone.now())
    actions.keep(token=file.token, content=content, rows=held.frame.height)
    return {"file": file.token, "rows": held.frame.height, "size": len(content)}


def report(job: Any, report: Report) -> Mapping[str, Any]:
    """The report of a stored file's row."""
    file = StoredFile.objects.get(token=job.args["token"])
    asked = file.wanted
    scope = _scope(file, SEE if asked["form"] == "html" else EXPORT, job)
    record, allowed = wanted(scope, asked["run_id"], asked["form"], asked["audience"], asked["language"])
    report("files.writing")
    language: Any = allowed.language
    content = forms_of_report.make(record, allowed.form, language, allowed.audience)
    actions.keep(token=file.token, content=content)
    return {"file": file.token, "size": len(content)}


def leads_to(job: Any) -> str:
    """The owner's list of files."""
    year = timezone.localtime(job.created_at).year
    return reverse("files:mine", kwargs={"unit": job.unit.code, "year": year})


def _scope(file: StoredFile, permission: str, job: Any) -> Scope:
    """The owner's view as it is now, not as it was when she asked."""
    owner = User.objects.get(pk=file.owner_id)
    if not owner.may(permission, file.unit):
        raise Refused("files.right_gone", {"unit": file.unit.name})
    language: Any = "en" if _tag(job) == "en" else "zh"
    return Scope(owner, file.unit, file.year, permission, language=language)


def _tag(job: Any) -> str:
    return "en" if str(job.args.get("language", "")).startswith("en") else "zh-hans"
