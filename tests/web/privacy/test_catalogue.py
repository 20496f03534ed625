"""Every stored field is in the catalogue, and the catalogue names no field there is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.web.privacy import catalogue


def stored() -> set[tuple[str, str, str]]:
    """Every column of the application's tables and of the data model."""
    models = {
        ("model", model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
    }
    tables = {("table", name, column.name) for name, table in TABLES.items() for column in table.columns}
    return models | tables


def test_every_stored_field_is_in_the_catalogue() -> None:
    known = {(field.place, field.table, field.name) for field in catalogue.fields()}
    assert stored() - known == set(), "say in privacy/catalogue/fields.toml what these fields are"


def test_the_catalogue_holds_nothing_that_is_not_stored() -> None:
    known = {(field.place, field.table, field.name) for field in catalogue.fields()}
    assert known - stored() == set()


def test_no_field_is_of_two_kinds() -> None:
    counted = Counter((field.place, field.table, field.name) for field in catalogue.fields())
    assert [field for field, count in counted.items() if count > 1] == []


def test_every_personal_kind_has_purpose_period_and_ground() -> None:
    for kind in catalogue.kinds().values():
        assert all(kind.purpose), kind.name
        if kind.personal:
            assert kind.retention in catalogue.periods(), kind.name
            assert kind.basis in catalogue.bases(), kind.name
            assert kind.sensitivity in ("personal", "sensitive", "minor"), kind.name


OF_CHILDREN = {
    "applicants",
    "applicant_facts",
    "applications",
    "exam_scores",
    "applicant_families",
    "address_uses",
    "admission_travel",
    "admission_answers",
    "hand_placements",
}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_of_children_stand_in_the_tables_of_admission_alone(table: str) -> None:
    """The evidence on minors counts them; the columns say themselves that they are personal."""
    sensitive = [
        f.name
        for f in catalogue.fields()
        if f.place == "table" and f.table == table and f.kind.sensitivity == "minor"
    ]
    assert bool(sensitive) == (table in OF_CHILDREN)
    assert all(TABLES[table].column(name).personal for name in sensitive)


def test_a_region_sets_its_own_days_but_never_fewer_than_the_least(tmp_path: Path) -> None:
    own = tmp_path / catalogue.OVERRIDE
    own.write_text("[days]\naccount = 90\n", encoding="utf-8")
    assert catalogue.periods(tmp_path)["account"].days == 90
    assert catalogue.periods(tmp_path)["notice"].days == catalogue.periods()["notice"].days
    for wrong in (
        "job_log = 30",
        "account = 0",
        "account = -1",
        'account = "x"',
        "account = true",
        "nothing = 9",
    ):
        own.write_text(f"[days]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(Refused):
            catalogue.periods(tmp_path)
    own.write_text("[days", encoding="utf-8")
    with pytest.raises(Refused):
        catalogue.periods(tmp_path)


def test_the_tables_we_do_not_use_are_empty(desk: Any) -> None:
    from junheng.web.privacy.retention.actions import unexpected

    assert unexpected() == []
