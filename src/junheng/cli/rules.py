"""`junheng rules lint` and `junheng rules explain`: what the law as data says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import events, policy, speech
from junheng.model.errors import BadData

if TYPE_CHECKING:
    from junheng.rules import Assessment, Standards, Value
    from junheng.rules.assessment import Part

rules_app = typer.Typer(no_args_is_help=True)

Workspace = Annotated[
    Path | None,
    typer.Argument(metavar="WS", help="工作区；不写则只看随附规则。Workspace; the packaged rules if absent."),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="DAY",
        help="按此日，默认今天。On this day, 2026-09-01; today by default.",
        show_default=False,
    ),
]
Name = Annotated[
    str,
    typer.Argument(metavar="ID", help="指标、评估或标准的编号。Id of an indicator, assessment or standard."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the root."""
    rules_app.command("lint", short_help="检查规则文件。Check the rule files.")(lint)
    rules_app.command("explain", short_help="说明指标、评估或标准。Explain a definition.")(explain)
    rules_app.command("coverage", short_help="落实与可测情况。What is delivered and measurable.")(
        policy.coverage
    )
    app.add_typer(rules_app, name="rules", help="规则：标准、指标、评估。Standards, indicators, assessments.")


def lint(workspace: Workspace = None, day: Day = None) -> None:
    """检查标准、指标、评估与招生方案，一次列出全部错误：文件、行号、错在哪里、怎样改。

    Check standards, indicators, assessments and admission plans; every fault at once with file, line and how to mend it
    (exit code 3).
    """
    from junheng import rules

    folders, region = _place(workspace)
    found = rules.check(*folders, day=_day(day))
    if not found:
        plans = [workspace / "plans" / "admission"] if workspace is not None else []
        found = rules.check_plans(*plans, book=rules.load(*folders), region=region)
    for finding in found:
        speech.console().print(speech.sentence(finding.code, finding.parameters), markup=False)
    found = [finding for finding in found if finding.severity == "error"]
    if found:
        speech.complain("rules_invalid", count=len(found))
        events.failure("rules_invalid", {"count": len(found)}, BadData.exit_code, found)
        raise typer.Exit(BadData.exit_code)
    book = rules.load(*folders)
    counted = {
        "standards": len(book.topics()),
        "indicators": len(book.catalogue.indicators),
        "assessments": len(book.catalogue.assessments),
        "plans": len(rules.admission_plans(*([workspace] if workspace is not None else []))),
    }
    speech.answer(**counted)
    speech.say("rules_cli.sound", **counted)


def explain(name: Name, workspace: Workspace = None, day: Day = None) -> None:
    """说明一个指标、评估或标准：意义、算法、界线及其依据和核实程度、不计入的情形、版本。

    Explain an indicator, assessment or standard: why, formula in words, line with citation and how sure it
    is, who is left out, version.
    """
    from junheng import rules
    from junheng.rules.formula import lines

    folders, region = _place(workspace)
    law = rules.load(*folders).at(_day(day) or date.today(), region)
    if name in law.assessments:
        held = law.assessments[name]
        title, told = held.name(speech.language()), list(_assessment(held, law))
    elif name in law.topics() and name not in law.indicators:
        topic = law[name]
        title = topic.zh if speech.language() == "zh" else topic.en
        told = [("value", _value(topic[key])) for key in topic]
    else:
        one = law.indicator(name)
        title, told = one.name(speech.language()), list(lines(one, speech.language()))
    speech.console().print(f"{name}  {title}", markup=False, style="bold")
    colon = "：" if speech.language() == "zh" else ": "
    for heading, text in told:
        label = speech.sentence(f"rules_cli.{heading}", {})
        speech.console().print(f"  {label}{colon}{text}", markup=False)
    speech.answer(id=name, name=title, lines=[{"heading": heading, "text": text} for heading, text in told])


def _value(value: Value) -> str:
    language = speech.language()
    chinese, _, english = value.unit.partition(" ")
    told = {
        "key": value.key,
        "name": value.zh if language == "zh" else value.en,
        "value": "–" if value.value is None else f"{value.value:g}",
        "unit": chinese if language == "zh" else english or chinese,
        "cite": value.citation(language),
    }
    return speech.sentence("rules_cli.value_line", told)


def _place(workspace: Path | None) -> tuple[list[Path], str | None]:
    """(rule folders, division code) of a workspace."""
    if workspace is None:
        return [], None
    from junheng.data import Workspace as Held

    opened = Held.open(workspace)
    return opened.rule_folders(), opened.region.code


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadData("rules_cli.day_form", {"day": text}) from error


def _assessment(held: Assessment, law: Standards) -> Iterator[tuple[str, str]]:
    language = speech.language()
    yield "why", held.about_zh if language == "zh" else held.about_en
    sureness = speech.sentence(f"formula.sure_{held.source.verified}", {})
    yield "source", f"{held.source.doc} {held.source.clause} ({sureness})"
    groups = {group.id: group.zh if language == "zh" else group.en for group in held.groups}
    for item in held.items:
        parts = (" + " if language == "en" else "＋").join(
            _part(part, item.name(language), law) for part in item.parts
        )
        yield (
            "items",
            speech.sentence(
                "rules_cli.item",
                {"id": item.id, "group": groups[item.group], "name": item.name(language), "parts": parts},
            ),
        )
    yield from _rules(held, groups)
    for heading, listed in (("precondition", held.preconditions), ("veto", held.vetoes)):
        for one in listed:
            yield heading, one.zh if language == "zh" else one.en
    if held.workflow:
        yield "workflow", " → ".join(one.zh if language == "zh" else one.en for one in held.workflow)
    yield "version", f"{held.rule_version} ({held.file})"


def _part(part: Part, item: str, law: Standards) -> str:
    if part.indicator:
        return law.indicator(part.indicator).name(speech.language())
    kind = speech.sentence("rules_cli.check" if part.check else "rules_cli.evidence", {})
    said = part.zh if speech.language() == "zh" else part.en
    return kind if said == item else f"{kind} {said}".strip()


def _rules(held: Assessment, groups: dict[str, str]) -> Iterator[tuple[str, str]]:
    language = speech.language()
    if (school := held.school_rule) is not None:
        least = school.at_least.of() if school.at_least else None
        group = groups[school.group]
        if least is None:
            yield "school_rule", speech.sentence("rules_cli.school_all", {"group": group})
        else:
            told = {"group": group, "least": f"{least.number:g}", "cite": least.citation(language)}
            yield "school_rule", speech.sentence("rules_cli.school_some", told)
        if school.floor is not None and (floor := school.floor.of()) is not None:
            told = {"floor": f"{floor.number:g}", "cite": floor.citation(language)}
            yield "school_rule", speech.sentence("rules_cli.school_floor", told)
    if (county := held.county_rule) is not None:
        share = county.schools.of() if county.schools else None
        if held.school_rule is not None and share is None:
            yield "county_rule", speech.sentence("rules_cli.county_every", {})
        elif share is not None:
            told = {"share": f"{share.number:g}", "cite": share.citation(language)}
            yield "county_rule", speech.sentence("rules_cli.county_share", told)
        named = ("、" if language == "zh" else ", ").join(groups[one] for one in county.groups)
        yield "county_rule", speech.sentence("rules_cli.county_groups", {"groups": named})
