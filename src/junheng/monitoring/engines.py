"""Where the rows are worked: Polars here, DuckDB beside us, Spark on its own machines. One plan runs on all.

DuckDB and Spark are asked for only when named; who names one that is not installed is told how to get it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any, Literal, cast

import narwhals.stable.v2 as nw
import polars as pl

from junheng.model.errors import Refused
from junheng.monitoring.dialect import NARWHALS, POLARS, Words

Engine = Literal["polars", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = ("polars", "duckdb", "spark")
EXTRA = {"duckdb": "engines", "spark": "spark"}
"""The optional part of the package in which an engine comes."""
AT_ONCE = 20_000
"""Polars works frames of no more rows step by step: a plan takes half a millisecond, a step a tenth of it."""


@contextlib.contextmanager
def opened(engine: Engine, session: Any = None) -> Iterator[Any]:
    """What lends the engine its frames: None for Polars, a DuckDB connection, a Spark session.

    `session` is a Spark session or a DuckDB connection the caller keeps; one opened here is closed here.
    Refused when the engine or its Java is not there.
    """
    if engine not in ENGINES:
        raise Refused("monitoring.engine_unknown", {"engine": engine, "known": ", ".join(ENGINES)})
    if engine == "polars" or session is not None:
        yield session
    elif engine == "duckdb":
        connection = _duckdb()
        try:
            yield connection
        finally:
            connection.close()
    else:
        spark = _spark()
        try:
            yield spark
        finally:
            spark.stop()


def _duckdb() -> Any:
    try:
        import duckdb  # noqa: PLC0415
    except ImportError as error:
        raise _absent("duckdb") from error
    return duckdb.connect()


def _spark() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # pyright: ignore[reportMissingImports] - an extra
    except ImportError as error:
        raise _absent("spark") from error
    if shutil.which("java") is None:
        raise Refused("monitoring.engine_without_java")
    return (
        SparkSession.builder.master("local[2]")
        .appName("junheng")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )


def _absent(engine: str) -> Refused:
    return Refused("monitoring.engine_absent", {"engine": engine, "extra": EXTRA[engine]})


def words_of(engine: Engine) -> Words:
    """In whose words a plan for the engine is written."""
    return POLARS if engine == "polars" else NARWHALS


def lent(frame: pl.DataFrame, engine: Engine, session: Any) -> nw.LazyFrame[Any]:
    """`frame` on the engine, as a plan: Polars' own there, which takes the same words, else narwhals'."""
    if engine == "polars":
        return cast("nw.LazyFrame[Any]", begun(frame))
    if engine == "duckdb":
        rows = frame.to_arrow()
        return nw.from_native(session.from_arrow(rows))
    return nw.from_native(session.createDataFrame(frame.to_arrow()))


def begun(frame: pl.DataFrame) -> pl.LazyFrame:
    """`frame` to be worked on by Polars: as a plan, or step by step where planning costs more than the rows.
    A frame takes the same words; `worked` ends both."""
    return frame.lazy() if frame.height > AT_ONCE else cast("pl.LazyFrame", frame)


def beside(frame: pl.DataFrame, rows: pl.LazyFrame | pl.DataFrame) -> pl.LazyFrame:
    """`frame` as something `rows`, which `begun` began, can be joined to."""
    return frame.lazy() if isinstance(rows, pl.LazyFrame) else cast("pl.LazyFrame", frame)


def worked(plan: nw.LazyFrame[Any] | pl.LazyFrame) -> pl.DataFrame:
    """The plan's rows as a Polars frame."""
    held: Any = plan
    if isinstance(held, pl.DataFrame):
        return held
    return held.collect() if isinstance(held, pl.LazyFrame) else held.collect("polars").to_native()


def collected(plan: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The plan's rows as a Polars frame in order of group; sums widened by an engine come back as Int64."""
    frame = worked(plan)
    narrow = [
        pl.col(name).cast(pl.Int64)
        for name, kind in frame.schema.items()
        if kind.is_decimal() or (kind.is_integer() and kind != pl.Int64)
    ]
    return frame.with_columns(narrow).sort("g")
