"""Process and pool give the same rows, whatever the order of rows on disk or the number of workers (Spark:
tests/unit/test_spark.py)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.scale import verbs_for_tests
from tests.unit.scale.nations import SOME, copied, shuffle, small

from junheng import scale
from junheng.model.errors import Refused
from junheng.scale.partitions import Partitions
from junheng.scale.verbs import Assess, Each

COUNTY = "660102"


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Partitions:
    return small(tmp_path_factory.mktemp("nation") / "a")


def test_a_pool_gives_the_rows_of_one_process_with_any_number_of_workers(
    nation: Partitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffled = copied(nation.folder, tmp_path / "shuffled")
    shuffle(shuffled)
    alone = scale.run(SOME, nation, out=tmp_path / "process")
    monkeypatch.setattr("junheng.scale.running.TOGETHER", 2)
    pool = scale.run(SOME, shuffled, engine="pool", workers=2, out=tmp_path / "pool")
    assert (pool.made, pool.failures) == (6, ())
    assert pool.digests == alone.digests
    assert pool.digests.keys() == {"indicator_values", "indicator_excluded", "indicator_worst"}


def test_assessments_are_the_same_from_a_pool(tmp_path: Path) -> None:
    nation = scale.make(tmp_path / "n", counties=2, schools=12)
    alone = scale.run(Assess(), nation, out=tmp_path / "process")
    pool = scale.run("assess", nation, engine="pool", workers=1, out=tmp_path / "pool")
    assert alone.digests == pool.digests
    assert alone.digests.keys() >= {"assessment_items", "assessment_results"}
    assert sum(alone.statuses.values()) == 2


def test_a_county_that_ends_its_worker_is_found_and_named(
    nation: Partitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_TEST_COUNTY", COUNTY)
    verb = Each("count", verbs_for_tests.fatal)
    result = scale.run(verb, nation, engine="pool", workers=2, out=tmp_path / "a", retries=0)
    assert [(one.county, one.code) for one in result.failures] == [(COUNTY, "scale.worker_lost")]
    assert result.made == 5
    monkeypatch.delenv("JUNHENG_TEST_COUNTY")
    mended = scale.run(verb, nation, out=tmp_path / "a")
    assert (mended.made, mended.kept, mended.failures) == (1, 5, ())


def test_without_spark_it_is_refused_in_plain_words(
    nation: Partitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    plain = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, package=None: None if name == "pyspark" else plain(name, package),
    )
    with pytest.raises(Refused, match="spark_incomplete"):
        scale.run(SOME, nation, engine="spark", out=tmp_path / "a")
    monkeypatch.undo()
    if importlib.util.find_spec("pyspark") and importlib.util.find_spec("pandas"):
        monkeypatch.setattr(shutil, "which", lambda *_args, **_more: None)
        with pytest.raises(Refused, match="engine_without_java"):
            scale.run(SOME, nation, engine="spark", out=tmp_path / "b")
