"""A nation's tables on disk: Parquet by year and province, sorted by county, stage and school once at write.

    FOLDER/<table>/year=2025/province=66/part.parquet      tables with a school year
    FOLDER/<table>/province=66/part.parquet                tables without

Every file carries the column `county` before the declared ones. The table of areas names the counties; rows
of provinces and cities stand once under each county they are above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from junheng.model import INPUTS
from junheng.model.errors import BadData, Refused

COUNTY = "county"
FILE = "part.parquet"
Tables = Mapping[str, pl.DataFrame]
_PARTITION = re.compile(r"(year|province)=(\w+)")


def order(table: str) -> list[str]:
    """The order of a table's rows: county, stage where it has one, then the rest of its key."""
    key = INPUTS[table].key
    staged = [name for name in ("stage",) if name in key]
    return [COUNTY, *staged, *(name for name in key if name not in staged)]


def write(folder: Path, table: str, province: str, rows: pl.DataFrame) -> None:
    """Write the rows of one province (`county` and declared columns), by year where the table has years."""
    declared = INPUTS[table]
    columns = [
        (pl.col(c.name) if c.name in rows.columns else pl.lit(None)).cast(c.polars_type).alias(c.name)
        for c in declared.columns
    ]
    whole = rows.select(pl.col(COUNTY).cast(pl.String), *columns).sort(order(table), maintain_order=True)
    if "year" in declared.names:
        for (year,), part in whole.partition_by("year", as_dict=True, maintain_order=True).items():
            _file(part, folder / table / f"year={year}" / f"province={province}")
    else:
        _file(whole, folder / table / f"province={province}")


def _file(rows: pl.DataFrame, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(folder / FILE, compression="zstd", row_group_size=16_384)


@dataclass(frozen=True)
class Partitions:
    """What lies in a folder of partitions: counties by province, names of areas, files by table.

    files: table -> [(year or None, province, path)], in order.
    """

    folder: Path
    counties: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    files: Mapping[str, tuple[tuple[int | None, str, Path], ...]]

    @staticmethod
    def open(folder: Path) -> Partitions:
        """Read what is there; Refused when the folder holds no table of areas with counties, BadData when
        that table cannot be read."""
        files = {
            table: tuple(_listed(folder / table)) for table in sorted(INPUTS) if (folder / table).is_dir()
        }
        counties: dict[str, tuple[str, ...]] = {}
        names: dict[str, str] = {}
        for _, province, path in files.get("areas", ()):
            try:
                areas = pl.read_parquet(path, columns=["area_code", "name", "level"])
            except (pl.exceptions.PolarsError, OSError) as error:
                raise BadData("scale.unreadable", {"path": path.name, "detail": str(error)[:200]}) from error
            names |= dict(areas.select("area_code", "name").iter_rows())
            held = areas.filter(pl.col("level") == COUNTY)["area_code"].unique().sort().to_list()
            counties[province] = (*counties.get(province, ()), *held)
        if not any(counties.values()):
            raise Refused("scale.no_partitions", {"path": folder})
        return Partitions(folder, counties, names, files)

    @property
    def years(self) -> tuple[int, ...]:
        """School years in which anything was counted."""
        return tuple(
            sorted({year for held in self.files.values() for year, _, _ in held if year is not None})
        )

    def rule_folders(self) -> tuple[Path, ...]:
        """The folder of local rules, where there is one."""
        local = self.folder / "rules"
        return (local,) if local.is_dir() else ()

    def of(self, province: str, until: int) -> dict[str, list[Path]]:
        """Files of a province by table, no year after `until`."""
        return {
            table: [path for year, at, path in held if at == province and (year is None or year <= until)]
            for table, held in self.files.items()
        }

    def read(self, province: str, counties: Sequence[str], until: int) -> dict[str, dict[str, pl.DataFrame]]:
        """The tables of each county asked for, rows in order; BadData where a file cannot be read."""
        found: dict[str, dict[str, pl.DataFrame]] = {county: {} for county in counties}
        for table, paths in self.of(province, until).items():
            if not paths:
                continue
            try:
                scans = [pl.scan_parquet(path, hive_partitioning=False) for path in paths]
                rows = pl.concat(scans).filter(pl.col(COUNTY).is_in(list(counties))).collect()
                parts = by_county(table, rows)
            except (pl.exceptions.PolarsError, OSError) as error:
                about = {"path": f"{table}/{province}", "detail": str(error)[:200]}
                raise BadData("scale.unreadable", about) from error
            empty = INPUTS[table].empty()
            for county in counties:
                found[county][table] = parts.get(county, empty)
        return found


def by_county(table: str, rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows with a column `county` as declared tables by county, in order."""
    declared = INPUTS[table]
    ordered = rows.select(
        COUNTY, *(pl.col(column.name).cast(column.polars_type) for column in declared.columns)
    ).sort(order(table), maintain_order=True)
    parts = ordered.partition_by(COUNTY, as_dict=True, maintain_order=True, include_key=False)
    return {str(county): part for (county,), part in parts.items()}


def _listed(folder: Path) -> list[tuple[int | None, str, Path]]:
    found: list[tuple[int | None, str, Path]] = []
    for path in sorted(folder.glob("**/*.parquet")):
        told = dict(_PARTITION.findall(path.relative_to(folder).parent.as_posix()))
        if "province" in told:
            found.append((int(told["year"]) if "year" in told else None, told["province"], path))
    return found
