"""Evidence a bureau must show, each a dated document built from what is stored: read, never changed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from junheng import __version__
from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report.content import Head, Report, Section, Table, Text
from junheng.web.accounts.models import Grant, User
from junheng.web.audit.models import AuditEvent
from junheng.web.audit.verbs import named
from junheng.web.privacy import access, catalogue
from junheng.web.privacy.retention import actions as retention
from junheng.web.wording import say
from junheng.web.workspace import region

UNMASKED, INCIDENT = "person.unmasked", "privacy.incident"
_EXPORTS = ("export.", "file.", "audit.exported")
_OFFICIAL = ("record", "trail")
SHOWN_EVENTS = 200


def fields(language: Language) -> Report:
    """Every personal field with purpose, sensitivity, retention and ground."""
    held = catalogue.periods(settings.WORKSPACE)
    rows = [
        (
            place_name(field, language),
            field.name,
            catalogue.pick(field.kind.purpose, language),
            say(f"privacy.sensitivity_{field.kind.sensitivity}", language),
            _kept(held[field.kind.retention], language),
            _ground(field.kind.basis, language),
        )
        for field in catalogue.personal()
    ]
    everything = catalogue.fields()
    headline = say(
        "privacy.fields_headline",
        language,
        personal=fmt.count(len(rows)),
        all=fmt.count(len(everything)),
        tables=fmt.count(len({(field.place, field.table) for field in everything})),
    )
    head = _head("fields_head", language)
    table = Table("fields", say("privacy.fields_caption", language), head, tuple(rows), dense=True)
    sections = [
        _section("fields", language, table),
        _section("grounds", language, *_grounds(language)),
        _section("unused", language, Text(say("privacy.unused_text", language))),
    ]
    return _report("fields", headline, sections, language)


def retained(language: Language) -> Report:
    """What is due to go, by period."""
    found = {one.period.name: one.count for one in retention.due()}
    held = catalogue.periods(settings.WORKSPACE)
    rows = [
        (
            say(f"privacy.period_{name}", language),
            _days(period, language),
            catalogue.pick(period.act, language),
            fmt.count(found[name]) if name in found else fmt.BLANK,
        )
        for name, period in held.items()
    ]
    total = sum(found.values())
    headline = say("privacy.due_headline" if total else "privacy.due_none", language, count=fmt.count(total))
    head = _head("due_head", language, right=(3,))
    blocks: list[Any] = [Table("due", say("privacy.due_caption", language), head, tuple(rows))]
    if odd := retention.unexpected():
        tables = fmt.listed(odd, language)
        blocks.append(Text(say("privacy.unexpected", language, tables=tables), "absent"))
    applied = AuditEvent.objects.filter(verb="privacy.retention_applied").order_by("-seq")[:20]
    rows = [(_moment(event.at), event.actor, _pairs(event.diff.get("deleted", {}))) for event in applied]
    done = _table("applied", rows, language)
    return _report(
        "due", headline, [_section("due", language, *blocks), _section("applied", language, done)], language
    )


def subject(username: str, language: Language) -> Report:
    """All that is held on a member of staff. Refused when there is no such account."""
    person = User.objects.filter(username=username).select_related("unit").first()
    if person is None:
        raise Refused("privacy.no_such_person", {"username": username})
    facts = [
        (say(f"privacy.fact_{name}", language), str(value) or fmt.BLANK)
        for name, value in (
            ("username", person.username),
            ("name", person.name),
            ("unit", person.unit.name if person.unit else ""),
            ("email", person.email),
            ("phone", say("privacy.sealed", language) if person.phone_sealed else ""),
            ("created", _moment(person.created_at)),
            ("last_login", _moment(person.last_login)),
            ("ended", _moment(person.ended_at)),
            ("factors", fmt.count(Authenticator.objects.filter(user=person).count())),
            ("identity", fmt.count(SocialAccount.objects.filter(user=person).count())),
            ("sessions", fmt.count(UserSession.objects.filter(user=person).count())),
        )
    ]
    grants = [
        (
            say(f"accounts.role_{grant.role}", language),
            grant.unit.name,
            _span(grant.valid_from, grant.valid_to),
            say(f"privacy.grant_{grant.state}", language),
        )
        for grant in Grant.objects.filter(user=person).select_related("unit").order_by("pk")
    ]
    rows = [(label, fmt.count(count)) for label, count in _references(person, language)]
    by_her = AuditEvent.objects.filter(actor=person.username)
    about = AuditEvent.objects.filter(object=person.username).exclude(actor=person.username)
    sections = [
        _section("facts", language, _table("facts", facts, language)),
        _section("grants", language, _table("grants", grants, language)),
        _section("references", language, _table("references", rows, language)),
        _section("acts", language, _table("acts", _verbs(by_her, language), language)),
        _section("about", language, _table("about", _verbs(about, language), language)),
        _section("rights", language, Text(say("privacy.rights_text", language))),
    ]
    headline = say("privacy.subject_headline", language, name=person.name, username=person.username)
    return _report("subject", headline, sections, language)


def minors(year: int, language: Language) -> Report:
    """What was done with minors' data in a calendar year, for the yearly audit: from the trail, by role."""
    events = AuditEvent.objects.filter(at__gte=_first(year), at__lt=_first(year + 1))
    unmasked = _by_role(events.filter(verb=UNMASKED), language)
    exported = _by_role(
        (e for e in events.filter(verb__contains=".") if e.verb.startswith(_EXPORTS)), language
    )
    incidents = [
        (
            _moment(event.at),
            event.reason,
            fmt.count(event.diff.get("persons")),
            fmt.count(event.diff.get("minors")),
        )
        for event in events.filter(verb=INCIDENT)
    ]
    fields = [
        (place_name(field, language), field.name)
        for field in catalogue.fields()
        if field.kind.sensitivity == "minor"
    ]
    headline = say(
        "privacy.minors_some" if fields else "privacy.minors_none", language, count=fmt.count(len(fields))
    )
    counted = [
        (catalogue_name(name, language), say("privacy.counts_only", language))
        for name in _COUNTS
        if name in TABLES
    ]
    sections = [
        _section("minor_fields", language, Text(headline), _table("minor_fields", fields, language)),
        _section("minor_counts", language, _table("minor_counts", counted, language)),
        _section("unmasked", language, _table("unmasked", unmasked, language)),
        _section("exported", language, _table("exported", exported, language)),
        _section("decisions", language, Text(say("privacy.decisions_text", language))),
        _section("incidents", language, _table("incidents", incidents, language)),
        _section("trail", language, Text(_trail(events, language))),
    ]
    return _report("minors", headline, sections, language, period=str(year))


def review(language: Language) -> Report:
    """Who may do what, and what looks wrong about it."""
    found = access.review()
    rows = [
        (
            one.grant.user.name,
            say(f"accounts.role_{one.grant.role}", language),
            one.grant.unit.name,
            _span(one.grant.valid_from, one.grant.valid_to),
            _moment(one.grant.user.last_login),
            fmt.listed([say(f"privacy.flag_{flag}", language) for flag in one.flags], language) or fmt.BLANK,
        )
        for one in found
    ]
    flagged = sum(bool(one.flags) for one in found)
    code = "privacy.review_headline" if flagged else "privacy.review_clean"
    headline = say(code, language, grants=fmt.count(len(rows)), flagged=fmt.count(flagged))
    table = Table(
        "review",
        say("privacy.review_caption", language),
        _head("review_head", language),
        tuple(rows),
        dense=True,
    )
    return _report("review", headline, [_section("review", language, table)], language)


_COUNTS = ("enrolment", "area_enrolment", "births", "population", "grade_flows")
"""Tables that count minors without naming any."""


def place_name(field: catalogue.Field, language: Language) -> str:
    """The table a field stands in."""
    return catalogue_name(field.table, language) if field.place == "table" else field.table


def catalogue_name(name: str, language: Language) -> str:
    """A table of the data model by its title."""
    return f"{TABLES[name].zh if language == 'zh' else TABLES[name].en} ({name})"


def _references(person: User, language: Language) -> Iterable[tuple[str, int]]:
    """How many rows of each table point to the person."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if field.related_model is not User:
                continue
            rows: Any = model._default_manager  # type: ignore[attr-defined]
            if count := rows.filter(**{field.name: person}).count():
                yield f"{model._meta.label}.{field.name}", count


def _verbs(events: Any, language: Language) -> list[tuple[str, str]]:
    counted = events.values("verb").annotate(count=Count("seq")).order_by("verb")
    return [(named(one["verb"], language), fmt.count(one["count"])) for one in counted]


def _by_role(events: Iterable[AuditEvent], language: Language) -> list[tuple[str, str]]:
    counts: dict[str, int] = {}
    for event in events:
        for role in event.roles.split() or [""]:
            counts[role] = counts.get(role, 0) + 1
    return [
        (
            say(f"accounts.role_{role}", language) if role else say("privacy.by_process", language),
            fmt.count(count),
        )
        for role, count in sorted(counts.items())
    ]


def _trail(events: Any, language: Language) -> str:
    span = events.aggregate(count=Count("seq"), first=Min("at"))
    if not span["count"]:
        return say("privacy.trail_empty", language)
    return say("privacy.trail_text", language, count=fmt.count(span["count"]), first=_moment(span["first"]))


def _first(year: int) -> datetime:
    return timezone.make_aware(datetime(year, 1, 1))


def _grounds(language: Language) -> list[Text]:
    return [
        Text(f"{catalogue.pick(one.text, language)} {say(f'privacy.sure_{one.sure}', language)}", "note")
        for one in catalogue.bases().values()
    ]


def _ground(name: str, language: Language) -> str:
    return say(f"privacy.basis_{name}", language)


def _kept(period: catalogue.Period, language: Language) -> str:
    return f"{say(f'privacy.period_{period.name}', language)} · {_days(period, language)}"


def _days(period: catalogue.Period, language: Language) -> str:
    if not period.days:
        return say("privacy.no_limit", language)
    begins = catalogue.pick(period.begins, language)
    return say("privacy.days", language, days=fmt.count(period.days), begins=begins)


def _moment(at: datetime | None) -> str:
    return fmt.BLANK if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _span(first: date, last: date | None) -> str:
    return f"{first.isoformat()} – {last.isoformat() if last else ''}".rstrip()


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {fmt.count(count)}" for name, count in counts.items())


def _head(code: str, language: Language, right: Sequence[int] = ()) -> tuple[Head, ...]:
    words = say(f"privacy.{code}", language).split("|")
    return tuple(Head(word, "right" if index in right else "left") for index, word in enumerate(words))


def _table(key: str, rows: Sequence[tuple[str, ...]], language: Language) -> Table | Text:
    """A table, or the sentence that there is nothing."""
    if not rows:
        return Text(say(f"privacy.{key}_none", language))
    head = _head(f"{key}_head", language)
    last = len(head) - 1
    numeric = all(row[last].replace(",", "").isdigit() for row in rows)
    if numeric:
        head = (*head[:-1], Head(head[-1].text, "right"))
    more = ""
    if len(rows) > SHOWN_EVENTS:
        more = say("privacy.more_rows", language, count=fmt.count(len(rows) - SHOWN_EVENTS))
    return Table(key, say(f"privacy.{key}_title", language), head, tuple(rows[:SHOWN_EVENTS]), more=more)


def _section(key: str, language: Language, *blocks: Any) -> Section:
    return Section(key, say(f"privacy.{key}_title", language), blocks)


def _report(
    key: str, headline: str, sections: Sequence[Section], language: Language, period: str = ""
) -> Report:
    held = region()
    today = timezone.localdate().isoformat()
    bureau = held.bureau or held.name
    provenance = say("privacy.provenance", language, day=today, version=__version__)
    return Report(
        language=language,
        title=say(f"privacy.{key}_report", language, year=period),
        bureau=bureau,
        period=today,
        declared=say("house.demo_banner", language, region=bureau) if held.synthetic else "",
        headline=headline,
        key_figures=(),
        sections=tuple(sections),
        provenance=provenance,
        footer=f"{bureau} · {today}",
        standards=(),
    )
