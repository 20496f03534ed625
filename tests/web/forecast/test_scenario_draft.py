"""A scenario being written: read from a form, changed by its buttons, every fault at its field."""

from __future__ import annotations

import pytest

from junheng.forecast.scenarios.levers import KINDS, Lever, levers_of, levers_table
from junheng.web.forecast import lever_fields, scenario_draft
from junheng.web.forecast.scenario_draft import Draft, Row, check, of_levers, read

UNITS = {"S1": ("school", "S1"), "S2": ("school", "S2"), "A1": ("area", "A1")}
SOUND = {"name": "扩建", "years": "15", "draws": "300", "seed": "1", "rows": "1"}


def find(typed: str) -> tuple[str, str] | None:
    return UNITS.get(typed.split()[0])


def posted(**fields: str) -> dict[str, str]:
    return SOUND | {
        name.replace("_", "-", 1) if name[0] == "l" else name: value for name, value in fields.items()
    }


def draft(*rows: dict[str, str], **more: str) -> Draft:
    """A draft from the rows' fields, as a browser would post them."""
    given = SOUND | more | {"rows": str(len(rows))}
    for number, row in enumerate(rows):
        given |= {f"{number}-{name}": value for name, value in row.items()}
    return read(given)


EXPAND = {"kind": "Expand", "scope": "S1 一中", "from_year": "2028", "p-rooms": "12", "p-stage": "junior"}


def test_every_lever_of_the_forecast_is_in_the_form_once() -> None:
    grouped = [kind for _, kinds in lever_fields.GROUPS for kind in kinds]
    assert sorted(grouped) == sorted(KINDS)
    for kind, (_, options) in KINDS.items():
        named = [one.name for one in lever_fields.parameters(kind)]
        assert len(named) == len(set(named))
        assert {name for option in options for name in option} <= set(named)


def test_every_lever_and_parameter_is_worded() -> None:
    from junheng.web.wording import catalogue

    wanted = {f"seats_page.lever_{kind}{part}" for kind in KINDS for part in ("", "_about")}
    wanted |= {f"seats_page.parameter_{name}" for name in lever_fields.SORTS}
    wanted |= {
        f"seats_page.parameter_{name}_unit" for name, sort in lever_fields.SORTS.items() if sort == "whole"
    }
    assert wanted <= set(catalogue())


def test_a_sound_draft_is_the_levers() -> None:
    shift = {
        "kind": "MigrantAccess",
        "from_year": "2027",
        "p-share": "5",
        "to_year": "2030",
        "ramp_years": "2",
    }
    checked = check(draft(EXPAND, shift), find, 2025)
    assert checked.faults == {}
    assert checked.numbers == {"years": 15, "draws": 300, "seed": 1}
    first, second = checked.levers
    assert (first.kind, first.scope_kind, first.scope_code) == ("Expand", "school", "S1")
    assert dict(first.parameters) == {"rooms": "12", "stage": "junior"}
    assert (second.scope_kind, second.scope_code, second.to_year, second.ramp_years) == (
        "region",
        "",
        2030,
        2,
    )
    assert second.number("share") == pytest.approx(0.05)


def test_all_faults_at_once_each_at_its_field() -> None:
    checked = check(
        draft(
            {**EXPAND, "p-rooms": "12x"},
            {"kind": "FertilityShift", "from_year": "1999", "p-factor": "-1"},
            {"kind": "Merge", "scope": "nobody", "from_year": "2027", "p-to": "S2"},
            {"kind": "BirthsOverride", "from_year": "2026", "p-births": "3000"},
            name="",
            draws="7",
        ),
        find,
        2025,
    )
    assert checked.levers == ()
    assert {"name", "draws", "0-p-rooms", "1-from_year", "1-p-factor", "2-scope", "3-to_year"} <= set(
        checked.faults
    )
    assert "12x" in checked.faults["0-p-rooms"][0]
    assert "倍数" in checked.faults["1-p-factor"][0]


def test_what_the_room_refuses_stands_in_place() -> None:
    on_area = check(draft({**EXPAND, "scope": "A1"}), find, 2025)
    assert "片区" in on_area.faults["0-scope"][0] and "学校" in on_area.faults["0-scope"][0]
    nothing = check(draft({"kind": "Expand", "scope": "S1", "from_year": "2027"}), find, 2025)
    assert "学位" in nothing.faults["0-p-seats"][0] and "普通教室" in nothing.faults["0-p-seats"][0]
    backwards = check(draft({**EXPAND, "to_year": "2026"}), find, 2025)
    assert list(backwards.faults) == ["0-to_year"]
    both = check(
        draft(
            {"kind": "Close", "scope": "S1", "from_year": "2027"},
            {"kind": "Expand", "scope": "S1", "from_year": "2028", "p-seats": "50"},
        ),
        find,
        2025,
    )
    assert "1（停办）" in both.faults[""][0] and "2（扩建）" in both.faults[""][0]


@pytest.mark.parametrize("name", ["", "base", "BASE", "长" * 41])
def test_names(name: str) -> None:
    assert "name" in check(draft(EXPAND, name=name), find, 2025).faults


def test_buttons() -> None:
    one = draft(EXPAND)
    two = scenario_draft.changed(one, "add", 2026)
    assert two is not None and [row.from_year for row in two.rows] == ["2028", "2026"]
    back = scenario_draft.changed(two, "remove-0", 2026)
    assert back is not None and [row.from_year for row in back.rows] == ["2026"]
    empty = scenario_draft.changed(back, "remove-0", 2026)
    assert empty is not None and len(empty.rows) == 1
    assert scenario_draft.changed(one, "start", 2026) is None
    assert scenario_draft.changed(one, "remove-9", 2026) is None


def test_hostile_forms_are_read_calmly() -> None:
    assert len(read(SOUND | {"rows": "100000"}).rows) == scenario_draft.MOST_LEVERS
    assert read({"rows": "²", "0-kind": "<script>"}).rows == ()
    odd = draft({"kind": "no such", "scope": "x", "from_year": "２０２８"})
    assert odd.rows[0].kind == "Expand"
    assert check(odd, find, 2025).faults


def test_from_levers_and_back() -> None:
    levers = (
        Lever("Merge", "school", "S1", 2027, None, 0, {"to": "S2"}, "1"),
        Lever("MigrationShift", "region", "", 2026, 2030, 3, {"rate": "0.01"}, "2"),
    )
    begun = of_levers("并校", levers, lambda code: f"{code} 某校", {"years": 15, "draws": 300, "seed": 1})
    assert begun.rows[1].values["rate"] == "1"
    checked = check(begun, find, 2025)
    assert checked.faults == {}
    told = levers_of(levers_table(checked.levers, "并校"))
    assert [(one.kind, one.scope_code, dict(one.parameters)) for one in told] == [
        (one.kind, one.scope_code, dict(one.parameters)) for one in levers_of(list(levers))
    ]


def test_row_defaults() -> None:
    assert Row().kind in KINDS
