"""What leaves the bureau at each level, changes by hand, and what is kept from small programmes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.admission import draws
from tests.unit.admission.draws import by_hand, changes_of, files_of, put, rows
from tests.unit.admission.markets import Small

from junheng.admission import verify_admission
from junheng.admission.changes import HandPlacement
from junheng.model.errors import BadData, JunhengError, Refused
from junheng.report.admission.publication import proofs_of, publish

PUBLIC = {"announcement.json", "seed.json", "tickets.csv", "cutoffs.csv", "next_in_line.csv", "changes.csv",
          "spare.csv", "manifest.json", "verify_admission.py", "verify_admission.html"}  # fmt: skip


def test_levels_show_what_they_say() -> None:
    held = draws.some_draw()
    assert set(files_of(held, "own")) == PUBLIC
    assert set(files_of(held, "list")) == PUBLIC | {"results.csv"}
    assert set(files_of(held, "full")) == PUBLIC | {"results.csv", "lines.csv", "signatures.csv"}


def test_public_files_hold_receipts_only() -> None:
    """No identity, no fact, no class of a child, no name of a person who signed."""
    held = draws.some_draw()
    changed = by_hand(held.frozen.receipts[0], "p0", by="张三丰", approved_by="李时珍")
    for level in ("own", "list"):
        text = b"".join(files_of(held, level, changed).values()).decode()
        said = text
        for name in ("verify_admission.py", "verify_admission.html"):
            said = said.replace(files_of(held, level)[name].decode(), "")
        assert not any(word in said for word in ("a=1", "张三丰", "李时珍", '"c1"', ",c1,"))
        assert not any(line in said for line in held.frozen.lines)


def small_market(few: int) -> Small:
    """One programme wanted by `few` children, another by many."""
    lists = {f"c{n}": ["few", "many"] if n < few else ["many"] for n in range(20)}
    priority = {(child, p): 1 for child, chosen in lists.items() for p in chosen}
    return Small({"few": 1, "many": 5}, lists, {c: n for n, c in enumerate(lists)}, priority)


def test_lines_of_small_programmes_go_to_their_applicants_only(tmp_path: Path) -> None:
    held = draws.held(small_market(4))
    nothing = changes_of(held)
    for level in ("own", "list"):
        files = files_of(held, level, least=5)
        assert "few,1,,withheld,,,," in rows(files, "cutoffs.csv")
        assert [line.split(",")[0] for line in rows(files, "next_in_line.csv")[1:]] == ["many"]
        put(tmp_path, files)
        shown = 0
        for receipt, proof in proofs_of(held, nothing, 5):
            (tmp_path / "proof.json").write_bytes(proof)
            assert verify_admission.verify(str(tmp_path), str(tmp_path / "proof.json"))[1] == []
            applied = "\tfew:" in json.loads(proof)["line"]
            assert [row["program_id"] for row in json.loads(proof)["withheld"]] == ["few"] * applied, receipt
            shown += applied
        assert shown == 4
    assert "withheld" not in files_of(draws.held(small_market(5)), "own", least=5)["cutoffs.csv"].decode()


def test_all_lines_are_public_only_in_crowds(tmp_path: Path) -> None:
    held = draws.held(small_market(4))
    with pytest.raises(Refused) as refused:
        publish(tmp_path / "out", held, changes_of(held), "full", 5)
    assert (refused.value.code, refused.value.parameters) == (
        "admission.full_small",
        {"groups": 1, "least": 5},
    )
    assert not (tmp_path / "out").exists()
    publish(tmp_path / "out", held, changes_of(held), "full", 5, on_site=True)
    publish(tmp_path / "crowd", draws.held(small_market(6)), changes_of(held), "full", 5)
    with pytest.raises(Refused) as refused:
        publish(tmp_path / "out", held, changes_of(held), "own", 5)
    assert refused.value.code == "admission.draw_there"


def test_changes_by_hand_are_listed_and_the_draw_stands(tmp_path: Path) -> None:
    """A child moved, a child taken out, a late arrival: rows of their own beside what the draw gave."""
    held = draws.some_draw()
    one, two = held.frozen.receipts[:2]
    spare = held.announced.spare_receipts[0]
    made = changes_of(held, by_hand(one, "p1"), by_hand(spare, "p0"), by_hand(two, "", ground="放弃"))
    plain = {row["receipt"]: row for row in held.results(changes_of(held)).iter_rows(named=True)}
    with_hand = {row["receipt"]: row for row in held.results(made).iter_rows(named=True)}
    assert {r: row["drawn"] for r, row in plain.items()} | {spare: ""} == {
        r: row["drawn"] for r, row in with_hand.items()
    }
    assert [(with_hand[r]["change"], with_hand[r]["program_id"]) for r in (one, spare, two)] == [
        ("1", "p1"), ("2", "p0"), ("3", "")
    ]  # fmt: skip
    for level in ("own", "list", "full"):
        put(tmp_path, files_of(held, level, by_hand(one, "p1"), by_hand(spare, "p0"), by_hand(two, "")))
        assert verify_admission.verify(str(tmp_path))[1] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ground": ""}, "admission.change_lacks"),
        ({"document_no": " "}, "admission.change_lacks"),
        ({"approved_by": ""}, "admission.change_lacks"),
        ({"at": "yesterday"}, "admission.change_lacks"),
        ({"ground": "a\nb"}, "admission.change_lacks"),
        ({"approved_by": " 甲"}, "admission.change_alone"),
        ({"at": "2027-06-21T08:59"}, "admission.change_early"),
        ({"receipt": "R"}, "admission.change_receipt"),
        ({"program_id": "p9"}, "admission.change_program"),
    ],
)
def test_a_change_needs_its_ground_and_two_people(change: dict[str, str], code: str) -> None:
    held = draws.some_draw(3, 8)
    with pytest.raises(BadData) as refused:
        changes_of(held, replace(by_hand(held.frozen.receipts[0], "p0"), **change))
    assert [finding.code for finding in refused.value.findings] == [code]


def test_changes_come_once_each_and_spare_receipts_in_turn() -> None:
    held = draws.some_draw(3, 8)
    one = by_hand(held.frozen.receipts[0], "p0")
    late: HandPlacement = by_hand(held.announced.spare_receipts[1], "p0")
    for placements, code in (((one, one), "admission.change_twice"), ((late,), "admission.spare_out_of_turn"),
                             ((one, replace(one, receipt=held.frozen.receipts[1], at="2027-06-21T10:00")),
                              "admission.change_early")):  # fmt: skip
        with pytest.raises(BadData) as refused:
            changes_of(held, *placements)
        assert [finding.code for finding in refused.value.findings] == [code]


def test_a_draw_on_other_lines_or_another_seed_is_refused() -> None:
    held, other = draws.some_draw(3, 8), draws.some_draw(4, 8)
    for frozen, seed in ((other.frozen, held.seed), (held.frozen, other.seed)):
        with pytest.raises(JunhengError) as refused:
            draws.hold_draw(frozen, held.announced, seed)
        assert refused.value.code in ("admission.root_differs", "admission.announcement_changed")
