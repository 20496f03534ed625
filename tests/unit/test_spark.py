"""On Spark counties and indicators come out as on one machine, to the bit. One session serves all: starting
one takes longer than most of what is asked of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.monitoring.test_engines import agree, generated
from tests.unit.scale.nations import SOME, copied, shuffle, small

from junheng import scale
from junheng.monitoring.engines import opened


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("no Java: Spark is not tried")
    pytest.importorskip("pandas", reason="no pandas: Spark is not tried")
    sql = pytest.importorskip("pyspark.sql", reason="no pyspark: Spark is not tried")
    with pytest.MonkeyPatch.context() as patch:
        # a test is too short for Java's second compiler and for generated code
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("POLARS_MAX_THREADS", "1")
        session = (
            sql.SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.ansi.enabled", "false")
            .getOrCreate()
        )
        yield session
        session.stop()


def test_counties_have_the_rows_of_one_process(spark: Any, tmp_path: Path) -> None:
    ordered = small(tmp_path / "n").folder
    other = copied(ordered, tmp_path / "other")
    shuffle(other)
    alone = scale.run(SOME, ordered, out=tmp_path / "process")
    result = scale.run(SOME, other, engine="spark", workers=1, out=tmp_path / "spark", session=spark)
    assert (result.made, result.failures) == (6, ())
    assert result.digests == alone.digests
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    # what one engine began another goes on with: the marks of the counties are the same
    assert scale.run(SOME, ordered, out=tmp_path / "spark").kept == 6


def test_indicators_have_the_same_rows(spark: Any) -> None:
    spark.conf.set("spark.sql.ansi.enabled", "true")  # as it is where nobody says otherwise
    with opened("spark") as session:
        session.conf.set("spark.sql.shuffle.partitions", "1")
        agree(generated(3), "spark", session)
