"""A verb over counties: resumed, retried, in order, with totals; a broken county fails alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.unit.scale import verbs_for_tests
from tests.unit.scale.nations import changed, copied, small

from junheng import rules, scale
from junheng.model.errors import Refused
from junheng.monitoring.measuring import measure
from junheng.scale import running
from junheng.scale.partitions import Partitions
from junheng.scale.problem import Law
from junheng.scale.result import ScaleResult
from junheng.scale.verbs import HEADLINE, Assess, Each, Measure

COUNTY = "660102"
FEW = Measure(
    indicators=("equipment_value_cv", "teaching_area_cv", "pupils_per_teacher", "large_class_share")
)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Partitions:
    return small(tmp_path_factory.mktemp("nation") / "a")


@pytest.fixture(scope="module")
def measured(nation: Partitions, tmp_path_factory: pytest.TempPathFactory) -> ScaleResult:
    return scale.run(FEW, nation, out=tmp_path_factory.mktemp("out") / "measure")


def _whole(nation: Partitions) -> dict[str, pl.DataFrame]:
    """The tables of the nation as one set."""
    found: dict[str, list[pl.DataFrame]] = {}
    for province, counties in nation.counties.items():
        for tables in nation.read(province, counties, 2025).values():
            for name, rows in tables.items():
                found.setdefault(name, []).append(rows)
    whole = {name: pl.concat(parts) for name, parts in found.items()}
    return whole | {"areas": whole["areas"].unique("area_code", maintain_order=True)}


def _finer(rows: pl.DataFrame) -> pl.DataFrame:
    """Sports grounds of one county measured to a ten-thousandth."""
    fine = (pl.col("sports_ground_area") * 10_000 + 7).round(0) / 10_000
    return rows.with_columns(
        pl.when(pl.col("county") == COUNTY).then(fine).otherwise(pl.col("sports_ground_area"))
        .alias("sports_ground_area")
    )  # fmt: skip


def test_counties_come_out_together_as_each_does_alone(nation: Partitions, tmp_path: Path) -> None:
    folder = copied(nation.folder, tmp_path / "n")
    changed(folder, "school_years", "66", _finer)
    source, law, verb = Partitions.open(folder), Law(date(2025, 9, 1)), Measure()
    asked = source.read("66", source.counties["66"], 2025)
    together = verb.counties(asked, 2025, law, source.names)
    for county, tables in asked.items():
        alone = verb.counties({county: tables}, 2025, law, source.names)[county]
        assert together[county].keys() == alone.keys()
        for name, rows in alone.items():
            assert together[county][name].equals(rows), (county, name)


def test_provinces_and_nation_are_what_measuring_all_rows_at_once_gives(
    nation: Partitions, tmp_path: Path
) -> None:
    measured = scale.run("measure", nation, out=tmp_path / "out")
    law = rules.at(date(2025, 9, 1))
    chosen = [law.indicator(one) for one in HEADLINE]
    values = measured.tables["indicator_values"]
    whole = _whole(nation)
    for level, place in (("province", ["province"]), ("nation", [])):
        for staged in (True, False):
            some = [one for one in chosen if ("stage" in one.report) == staged]
            by = place + ["stage"] * staged
            direct = measure(whole, some, year=2025, by=by, law=law).tables["indicator_values"]
            ids = [one.id for one in some]
            ours = values.filter((pl.col("level") == level) & pl.col("indicator").is_in(ids))
            assert ours.height >= len(ids), level
            assert ours.equals(direct.filter(level=level)), level
    assert measured.check() == []


def test_left_out_rows_add_up_to_province_and_nation(measured: ScaleResult) -> None:
    rows = measured.tables["indicator_excluded"]
    by_level = {
        level: part.select("n", "weight").sum().row(0)
        for (level,), part in rows.partition_by("level", as_dict=True).items()
    }
    assert by_level["county"][0] > 0
    assert by_level["county"] == by_level["province"] == by_level["nation"]


def test_nothing_changed_is_not_worked_out_again_and_one_county_is_alone(
    nation: Partitions, measured: ScaleResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = copied(nation.folder, tmp_path / "n"), tmp_path / "out"
    first = scale.run(FEW, folder, out=out)
    assert (first.made, first.kept) == (6, 0)
    before = first.digests
    assert before == measured.digests
    again = scale.run(FEW, folder, out=out)
    assert (again.made, again.kept) == (0, 6)
    assert again.digests == before
    changed(
        folder, "school_years", "66",
        lambda rows: rows.with_columns(
            pl.when(pl.col("county") == COUNTY).then(pl.col("equipment_value") * 2)
            .otherwise(pl.col("equipment_value")).round(2)
        ),
    )  # fmt: skip
    seen: list[str] = []
    plain = Measure.counties

    def watched(self: Measure, asked: dict[str, object], *rest: object) -> object:
        seen.extend(asked)
        return plain(self, asked, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Measure, "counties", watched)
    corrected = scale.run(FEW, folder, out=out)
    assert (corrected.made, corrected.kept, seen) == (1, 5, [COUNTY])
    monkeypatch.undo()
    assert corrected.digests == scale.run(FEW, folder, out=tmp_path / "fresh").digests
    assert corrected.digests["indicator_values"] != before["indicator_values"]


def test_a_rule_that_changes_asks_for_every_county_again(nation: Partitions, tmp_path: Path) -> None:
    out = tmp_path / "out"
    scale.run(Measure(indicators=HEADLINE[:2]), nation, out=out)
    other = scale.run(Measure(indicators=HEADLINE[:3]), nation, out=out)
    assert (other.made, other.kept) == (6, 0)
    assert other.tables["indicator_values"]["indicator"].n_unique() == 3


def test_a_killed_run_goes_on_where_it_was(
    nation: Partitions, measured: ScaleResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TOGETHER", 1)
    out = tmp_path / "out"
    told: list[int] = []

    def step(code: str, done: int = 0, total: int = 0) -> None:
        if code == "scale.counting":
            told.append(done)
            if done == 4:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scale.run(FEW, nation, out=out, progress=step)
    assert told == [0, 1, 2, 3, 4]
    assert not (out / "indicator_values").exists()  # nothing half is published
    held = sorted((out / "counties").glob("*.part"))
    assert len(held) == 4
    held[0].write_bytes(held[0].read_bytes()[:-7])  # cut off as the machine went down
    resumed = scale.run(FEW, nation, out=out)
    assert (resumed.made, resumed.kept) == (3, 3)
    assert resumed.digests == measured.digests


def test_a_broken_county_is_named_while_the_others_finish(
    nation: Partitions, measured: ScaleResult, tmp_path: Path
) -> None:
    folder, out = copied(nation.folder, tmp_path / "n"), tmp_path / "out"
    scale.run(FEW, folder, out=out)
    unsuited = pl.when(pl.col("county") == COUNTY).then(0.123456789).otherwise(pl.col("teaching_area"))
    changed(folder, "school_years", "66", lambda rows: rows.with_columns(unsuited.alias("teaching_area")))
    result = scale.run(FEW, folder, out=out)
    assert [(one.county, one.code) for one in result.failures] == [(COUNTY, "monitoring.column_unsuited")]
    assert result.explain(COUNTY) is not None
    assert result.explain("660101") is None
    assert (result.made, result.kept, result.incomplete) == (0, 5, ("66",))
    values, before = result.tables["indicator_values"], measured.tables["indicator_values"]
    assert COUNTY not in set(values["area"])
    assert set(values["level"]) == {"county", "province"}
    assert set(values.filter(level="province")["area"]) == {"67"}  # half a sum is no sum
    sound = before.filter((pl.col("level") == "county") & (pl.col("area") != COUNTY))
    assert values.filter(level="county").equals(sound)
    assert values.filter(level="province").equals(before.filter(pl.col("area") == "67"))


def test_a_school_that_lies_elsewhere_breaks_its_county(nation: Partitions, tmp_path: Path) -> None:
    folder = copied(nation.folder, tmp_path / "n")
    astray = pl.when(pl.col("county") == COUNTY).then(pl.lit("660101001")).otherwise(pl.col("area_code"))
    changed(folder, "schools", "66", lambda rows: rows.with_columns(astray.alias("area_code")))
    result = scale.run(FEW, folder, out=tmp_path / "out")
    assert [(one.county, one.code) for one in result.failures] == [(COUNTY, "scale.school_elsewhere")]


def test_what_fails_once_is_tried_again_and_what_always_fails_is_named_after_the_limit(
    nation: Partitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_TEST_COUNTY", COUNTY)
    monkeypatch.setenv("JUNHENG_TEST_MARKER", str(tmp_path / "once"))
    good = scale.run(Each("count", verbs_for_tests.flaky), nation, out=tmp_path / "a", retries=1)
    assert (good.made, good.failures) == (6, ())
    monkeypatch.setenv("JUNHENG_TEST_MARKER", str(tmp_path / "always"))
    bad = scale.run(Each("count", verbs_for_tests.hopeless), nation, out=tmp_path / "b", retries=2)
    assert [(one.county, one.code, one.parameters["attempts"]) for one in bad.failures] == [
        (COUNTY, "scale.error", 3)
    ]
    assert (tmp_path / "always").read_text() == "..."
    unsound = scale.run(Each("count", verbs_for_tests.unsound), nation, out=tmp_path / "c")
    assert [(one.county, one.code) for one in unsound.failures] == [(COUNTY, "scale.check_failed")]
    assert unsound.made == 5


def test_one_folder_holds_one_run_and_what_is_not_there_is_refused(
    nation: Partitions, tmp_path: Path
) -> None:
    count = Each("count", verbs_for_tests.counted)
    scale.run(count, nation, out=tmp_path / "a")
    with pytest.raises(Refused, match="other_run"):
        scale.run(Assess(), nation, out=tmp_path / "a")
    with pytest.raises(Refused, match="no_year"):
        scale.run(count, nation, out=tmp_path / "b", year=2031)
    with pytest.raises(Refused, match="engine_unknown"):
        scale.run(count, nation, out=tmp_path / "b", engine="cloud")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="verb_unknown"):
        scale.run("admire", nation, out=tmp_path / "b")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="folder_taken"):
        scale.run(count, nation, out=tmp_path / "full")


def test_summary_and_tables_speak_of_every_county(nation: Partitions, tmp_path: Path) -> None:
    result = scale.run(Each("count", verbs_for_tests.counted), nation, out=tmp_path / "a")
    rows = result.scan("indicator_values").select("area", "value").collect()
    assert rows["area"].to_list() == [one for held in nation.counties.values() for one in held]
    assert rows["value"].sum() == 90
    summary = result.summary()
    assert (summary["counties"], summary["statuses"]) == (6, {"no_threshold": 6})
    with pytest.raises(Refused, match="not_run"):
        result.scan("pass_plan")
