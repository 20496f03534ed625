"""What is announced before the event, and the seed that follows from it afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.shared import shared
from tests.unit.admission import draws
from tests.unit.admission.draws import RESULTS, SOURCES
from tests.unit.admission.markets import Small

from junheng.admission.announcement import Announcement, Source, moment, read_announcement
from junheng.admission.seeds import EventResult, seed_of
from junheng.model.errors import BadData, JunhengError, Refused
from junheng.report.admission.plain_files import json_bytes

SMALL = Small({"p": 1}, {"a": ["p"], "b": ["p"]}, {"a": 1, "b": 2}, {("a", "p"): 1, ("b", "p"): 1})


def announced(**other: Any) -> Announcement:
    return draws.announced_of(draws.frozen_of(SMALL), SMALL.seats, **other)


def codes(error: JunhengError) -> list[str]:
    return [error.code, *(finding.code for finding in error.findings)]


def test_the_id_stands_for_everything_announced() -> None:
    first = announced()
    ids = {first.draw_id}
    for other in (
        {"draw": "2027-junior"}, {"mechanism": "ia"}, {"scope": "zone-7"}, {"root": "00" * 32},
        {"receipts": 3}, {"seats": {"p": 2}}, {"spare_receipts": ()}, {"sources": SOURCES[:1]},
        {"digests": {}}, {"software": "x"},
        {"frozen_at": moment("2027-06-15T18:01")}, {"announced_at": moment("2027-06-16T09:01")},
    ):  # fmt: skip
        ids.add(announced(**other).draw_id)
    assert len(ids) == 13
    assert read_announcement(json_bytes(first.content()).decode()) == first


def test_an_announcement_changed_afterwards_is_refused() -> None:
    content = announced().content()
    for change in (
        {"receipts": 3},
        {"announced_at": moment("2027-06-17T09:00")},
        {"draw_id": "2027"},
        {"x": 1},
    ):
        with pytest.raises(Refused) as refused:
            read_announcement(json.dumps({**content, **change}))
        assert refused.value.code == "admission.announcement_changed"
    with pytest.raises(Refused):
        read_announcement("[]")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"draw": "a b"}, "admission.draw_name"),
        ({"scope": "zone\n7"}, "admission.draw_name"),
        ({"scope": "zone-7\n"}, "admission.draw_name"),
        ({"mechanism": "ttc"}, "admission.draw_mechanism"),
        ({"mechanism": "parallel"}, "admission.bands_needed"),
        ({"bands": (3,)}, "admission.bands_unused"),
        ({"sources": ()}, "admission.sources_absent"),
        ({"announced_at": moment("2027-06-14T09:00")}, "admission.announced_early"),
        ({"announced_at": moment("2027-06-20T21:15")}, "admission.event_early"),
        ({"sources": (*SOURCES, SOURCES[0])}, "admission.source_odd"),
        ({"sources": (replace(SOURCES[0], event=""),)}, "admission.source_odd"),
        ({"sources": (replace(SOURCES[0], fallback_at=""),)}, "admission.fallback_odd"),
        ({"sources": (replace(SOURCES[0], fallback_at=SOURCES[0].at),)}, "admission.fallback_odd"),
        ({"sources": (replace(SOURCES[0], kind="clock"),)}, "admission.source_kind"),
        ({"sources": (replace(SOURCES[0], count=0),)}, "admission.source_count"),
        (
            {"sources": (Source("d", "drand", "7", SOURCES[0].at, genesis=1, period=30),)},
            "admission.round_time",
        ),
    ],
)
def test_what_cannot_be_announced(other: dict[str, Any], code: str) -> None:
    with pytest.raises(BadData) as refused:
        announced(**other)
    assert code in codes(refused.value)


def test_times_are_one_clock() -> None:
    assert moment("2027-06-20T21:15") == "2027-06-20T21:15:00+08:00"
    for odd in ("2027-06-20", "tomorrow", "", "21:15"):
        with pytest.raises(Refused):
            moment(odd)


def test_the_seed_is_the_canonical_line_of_rfc_3797() -> None:
    known = json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))
    at = SOURCES[0].at
    sources = tuple(Source(f"s{n}", "numbers", "1", at, count) for n, count in enumerate((1, 5, 6)))
    given = [(9319,), (2, 5, 12, 8, 10), (9, 18, 26, 34, 41, 45)]
    results = [EventResult(f"s{n}", "1", numbers) for n, numbers in enumerate(given)]
    seed = seed_of(announced(sources=sources), results[::-1], draws.DRAWN)
    assert seed.seed.canonical == known["rfc3797"]["key"]


def test_rounds_of_drand_enter_as_their_randomness() -> None:
    for one in json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))["drand"]:
        genesis = 1_813_558_500 - (one["round"] - 1) * 3  # the round falls on the event
        source = Source(
            "d", "drand", str(one["round"]), "2027-06-21T14:15:00+08:00", genesis=genesis, period=3
        )
        told = announced(sources=(source,))
        good = EventResult("d", str(one["round"]), (), one["signature"], one["randomness"])
        late = moment("2027-06-22T09:00")
        assert one["randomness"] in seed_of(told, [good], late).seed.canonical
        with pytest.raises(Refused):
            seed_of(told, [replace(good, signature="00" + good.signature[2:])], late)


FALLBACK = replace(RESULTS[0], event="2027071")


@pytest.mark.parametrize(
    ("results", "at", "code"),
    [
        (RESULTS, "2027-06-20T21:14", "admission.seed_early"),
        ((FALLBACK, RESULTS[1]), "2027-06-21T09:00", "admission.seed_early"),
        (RESULTS[:1], "2027-06-21T09:00", "admission.seed_sources"),
        ((), "2027-06-21T09:00", "admission.seed_sources"),
        ((replace(RESULTS[0], event="2027069"), RESULTS[1]), "2027-06-21T09:00", "admission.result_event"),
        ((replace(RESULTS[0], numbers=(1, 2)), RESULTS[1]), "2027-06-21T09:00", "admission.result_count"),
        ((*RESULTS, EventResult("mine", "1", (7,))), "2027-06-21T09:00", "admission.result_odd"),
        ((*RESULTS, RESULTS[0]), "2027-06-21T09:00", "admission.result_odd"),
    ],
)
def test_no_seed_but_of_the_announced_events(results: tuple[EventResult, ...], at: str, code: str) -> None:
    with pytest.raises(JunhengError) as refused:
        seed_of(announced(), results, moment(at))
    assert code in codes(refused.value)


def test_the_announced_fallback_gives_another_seed() -> None:
    late = moment("2027-06-23T09:00")
    used = seed_of(announced(), (replace(FALLBACK, numbers=(1, 2, 3, 4, 5, 6, 7)), RESULTS[1]), late)
    assert used.seed != seed_of(announced(), RESULTS, late).seed
    assert used.content()["results"][0]["event"] == "2027071"
