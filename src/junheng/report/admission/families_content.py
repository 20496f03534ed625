"""What one child's envelope holds: where she goes and why, in both languages, her places on waiting lists,
what would have been enough, her proof and the text of her notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.admission.families_edition import Family
from junheng.report.admission.notice import Kind, Letter, Notice, paper

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult

LANGUAGES: tuple[Language, Language] = ("zh", "en")
TOGETHER = 256
"""Children explained together: frames of that many rows are searched in no time."""
ROUND = "round"


@dataclass(frozen=True)
class Told:
    """What stands beside the result: names of programmes, receipts and proofs (JSON by receipt), who goes
    elsewhere since (`present`: applicant to programme and ground), and what would have been enough."""

    plan_id: str
    letter: Letter
    names: Mapping[str, str]
    receipts: Mapping[str, str]
    proofs: Mapping[str, bytes]
    present: Mapping[str, tuple[str, str]]
    waiting: Mapping[str, list[tuple[str, int]]]
    enough: Callable[[str], Mapping[Language, list[str]]] | None

    @staticmethod
    def of(
        result: PlanResult,
        letter: Letter,
        *,
        plan_id: str = "",
        schools: pl.DataFrame | None = None,
        receipts: Mapping[str, str] | None = None,
        proofs: Mapping[str, bytes] | None = None,
        present: pl.DataFrame | None = None,
        waiting: pl.DataFrame | None = None,
        enough: Callable[[str], Mapping[Language, list[str]]] | None = None,
    ) -> Told:
        """From the frames `families.write_edition` takes."""
        return Told(
            plan_id,
            letter,
            program_names(result.problem.tables["programs"], schools),
            receipts or {},
            proofs or {},
            _present(present),
            _waiting(result, waiting),
            enough,
        )

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds ids of programmes in a sentence, longer ones first, as whole words."""
        ids = sorted((re.escape(one) for one, name in self.names.items() if name != one), key=len)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(reversed(ids))})(?![\w-])") if ids else None

    def named(self, sentence: str) -> str:
        """A sentence with programmes by name."""
        if self.pattern is None:
            return sentence
        return self.pattern.sub(lambda found: self.names[found[0]], sentence)

    def reasons(self, explained: str, applicant: str, language: Language) -> list[str]:
        """An explanation line by line, said to the child's own parents."""
        own = wording.say("report.family.identity", language)
        lines = explained.split("\n")
        for mark in ("：", ": "):
            if lines[0].startswith(applicant + mark):
                lines[0] = own + lines[0].removeprefix(applicant + mark)
        return [self.named(line) for line in lines]


def program_names(programs: pl.DataFrame, schools: pl.DataFrame | None) -> dict[str, str]:
    """Programmes by the name of their school, and by their own id where a school has several."""
    if schools is None:
        return {one: one for one in programs["program_id"]}
    rows = programs.select("program_id", "school_id").join(
        schools.select("school_id", "name"), on="school_id", how="left"
    )
    several = set(rows.filter(pl.col("school_id").is_duplicated())["program_id"].to_list())
    return {
        one: one if name is None else f"{name}（{one}）" if one in several else name
        for one, name in rows.select("program_id", "name").iter_rows()
    }


def notices(
    result: PlanResult, told: Told, names: Mapping[str, str], children: Collection[str] | None
) -> Iterator[Notice]:
    """The notice that follows from each child's result, by applicant; reasons in Chinese. `names` of children
    where the office has them; `children` only these."""
    for one in _children(result, told, children):
        yield replace(_notice(one, told, "zh"), name=names.get(one.applicant_id, ""))


def contents(result: PlanResult, told: Told) -> Iterator[Family]:
    """The content of every envelope, in the order of applicants."""
    for one in _children(result, told):
        yield Family(one.applicant_id, _content(one, told))


@dataclass(frozen=True, slots=True)
class _Child:
    applicant_id: str
    kind: Kind
    program_id: str
    rank: int | None
    metres: int | None
    ground: str
    reasons: Mapping[Language, list[str]]
    waiting: list[tuple[str, int]]


def _children(result: PlanResult, told: Told, children: Collection[str] | None = None) -> Iterator[_Child]:
    rows = result.tables["assignment"].sort("applicant_id")
    if children is not None:
        rows = rows.filter(pl.col("applicant_id").is_in(list(children)))
    for start in range(0, rows.height, TOGETHER):
        part = rows.slice(start, TOGETHER)
        near = _near(result, part["applicant_id"])
        for row in part.iter_rows(named=True):
            who = row["applicant_id"]
            reasons: dict[Language, list[str]] = {
                one: told.reasons(near.explain(who, one), who, one) for one in LANGUAGES
            }
            yield _child(row, reasons, told.waiting.get(who, []), told.present.get(who))


def _child(
    row: Mapping[str, Any],
    reasons: Mapping[Language, list[str]],
    waiting: list[tuple[str, int]],
    present: tuple[str, str] | None,
) -> _Child:
    who, program, rank, ground = row["applicant_id"], row["program_id"] or "", row["choice_rank"], ""
    kind: Kind = "not_admitted"
    if row["state"] == "placed":
        kind = "placement" if row["batch"] == "placement" else "admission"
    elif row["state"] == "waiting":
        kind = "waiting"
    if row["reason"] == "GUARANTEED":
        rank = None
    metres = row["metres"] if kind == "placement" else None
    if present is not None and present[0] != program:
        program, ground = present[0], present[1] or ROUND
        kind, rank, metres = ("admission" if program else "not_admitted"), None, None
    return _Child(who, kind, program, rank, metres, ground, reasons, waiting)


def _present(frame: pl.DataFrame | None) -> dict[str, tuple[str, str]]:
    if frame is None:
        return {}
    rows = frame.select("applicant_id", pl.col("program_id").fill_null(""), pl.col("ground").fill_null(""))
    return {who: (program, ground) for who, program, ground in rows.iter_rows()}


def _waiting(result: PlanResult, later: pl.DataFrame | None) -> dict[str, list[tuple[str, int]]]:
    """Places on the lists of full programmes; of several pools of one programme the best place counts."""
    after = result.problem.plan.after
    if after is None or after.second_round == "none":
        return {}
    held = result.tables["waiting_list"] if later is None else later
    best = (
        held.group_by("applicant_id", "program_id")
        .agg(pl.col("position").min())
        .sort("position", "program_id")
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for who, program, place in best.select("applicant_id", "program_id", "position").iter_rows():
        found.setdefault(who, []).append((program, place))
    return found


def _near(result: PlanResult, ids: pl.Series) -> PlanResult:
    """The same result of a few children: everything worked out already is kept, long frames are cut."""
    known = pl.col("applicant_id").is_in(ids.implode())
    part = replace(result, problem=replace(result.problem, standing=result.problem.standing.filter(known)))
    done = {name: value for name, value in vars(result).items() if name not in vars(part)}
    vars(part).update(done)
    vars(part)["assignment"] = result.assignment.filter(known)
    vars(part)["application_reasons"] = result.application_reasons.filter(known)
    return part


def _content(child: _Child, told: Told) -> dict[str, Any]:
    receipt = told.receipts.get(child.applicant_id, "")
    proof = told.proofs.get(receipt)
    missed = child.kind in ("waiting", "not_admitted") or bool(child.waiting) or (child.rank or 1) > 1
    asked = told.enough is not None and (missed or child.kind == "placement")
    enough = told.enough(child.applicant_id) if told.enough is not None and asked else {}
    texts = {one: _texts(child, told, enough.get(one, []), one) for one in LANGUAGES}
    return {
        "format": 1,
        "plan_id": told.plan_id,
        "applicant_id": child.applicant_id,
        "receipt": receipt,
        "kind": child.kind,
        "texts": texts,
        "waiting": [[told.names[program], place] for program, place in child.waiting],
        "proof": json.loads(proof) if proof is not None else None,
    }


def _texts(child: _Child, told: Told, lines: list[str], language: Language) -> dict[str, Any]:
    written = asdict(paper(_notice(child, told, language), told.letter, language))
    return {
        "headline": _headline(child, told, language),
        "reasons": child.reasons[language],
        "enough": [told.named(line) for line in lines],
        "note": wording.say("report.family.others_same", language) if lines else "",
        "notice": {name: value for name, value in written.items() if value},
    }


def _headline(child: _Child, told: Told, language: Language) -> str:
    about = {
        "program": told.names.get(child.program_id, child.program_id),
        "rank": child.rank,
        "count": fmt.count(len(child.waiting)),
        "document": child.ground,
    }
    code: str = child.kind
    if child.ground == ROUND:
        code = "by_round" if child.program_id else "withdrawn"
    elif child.ground:
        code = "by_hand" if child.program_id else "withdrawn"
    elif child.kind == "admission" and child.rank is None:
        code = "guaranteed"
    return wording.say(f"report.family.{code}", language, **about)


def _notice(child: _Child, told: Told, language: Language) -> Notice:
    return Notice(
        child.kind,
        child.applicant_id,
        receipt=told.receipts.get(child.applicant_id, ""),
        program=told.names.get(child.program_id, child.program_id),
        rank=child.rank,
        metres=child.metres,
        waiting=tuple((told.names[program], place) for program, place in child.waiting),
        reasons=tuple(child.reasons[language]),
    )
