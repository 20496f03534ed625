"""Rules about admission: rows that belong to one plan, lists without gaps, no names, no identity cards."""

from __future__ import annotations

import unicodedata

import polars as pl

from junheng.data import faults
from junheng.data.cross_checks_conditions import IDENTITY
from junheng.data.cross_rules import Headings, Places, Rules, Tables
from junheng.model import Region

OF_APPLICANT = (
    "applicant_facts",
    "applications",
    "exam_scores",
    "applicant_families",
    "admission_answers",
    "hand_placements",
)
"""Tables whose rows belong to a child of the same plan."""
OF_PROGRAM = (
    ("applications", "program_id"),
    ("applicants", "own_program_id"),
    ("zone_programs", "program_id"),
    ("admission_reserves", "program_id"),
    ("admission_quotas", "program_id"),
    ("hand_placements", "program_id"),
)
"""Columns that name a programme of the same plan."""
NUMBERS = (
    ("applicants", "applicant_id"),
    ("applicants", "identity_code"),
    ("applicants", "family_id"),
    ("applicants", "address_id"),
    ("address_uses", "family_id"),
    ("address_uses", "address_id"),
)
"""Columns that must name nobody."""
SHARED = 2
"""How many children can share a ticket; a block (先求同校) may hold more."""
_HAN = r"\p{Han}"
_CARD = r"(?:^|\D)\d{17}[\dXx](?:\D|$)"


def all_rules(tables: Tables, region: Region, places: Places, headings: Headings) -> list[pl.DataFrame]:
    """Every rule whose tables are there."""
    rules = _Admission(tables, region, places, headings)
    found = [rules.names_somebody(table, column) for table, column in NUMBERS if table in tables]
    if "applicants" in tables:
        found += [rules.identity_twice(), rules.look_alike("applicants", "applicant_id"), rules.unchecked()]
        found += [rules.strange_child(table) for table in OF_APPLICANT if table in tables]
    if "admission_programs" in tables:
        found.append(rules.look_alike("admission_programs", "program_id"))
        found += [rules.strange_program(table, column) for table, column in OF_PROGRAM if table in tables]
    if "applications" in tables:
        found += [rules.rank_twice(), rules.rank_gap()]
    if "applicant_facts" in tables:
        found += [rules.fact_unsigned(), rules.card_in_paper()]
    if "admission_reserves" in tables:
        found += [rules.reserve_place_twice(), rules.reserves_over()]
    if "applicant_families" in tables:
        found += [rules.two_families(), rules.bound_alone(), rules.many_bound()]
    if "hand_placements" in tables:
        found.append(rules.one_signature())
    return found


class _Admission(Rules):
    def names_somebody(self, table: str, column: str) -> pl.DataFrame:
        """A name or an identity card where a number of our own belongs; the value is not repeated."""
        text = pl.col(column)
        named = text.str.contains(_HAN) | text.str.contains(IDENTITY)
        rows = self.tables[table].filter(named.fill_null(False))
        hidden = text.str.slice(0, 1) + "…"
        return self.faults(
            rows.with_columns(hidden.alias(column)), "intake.number_names_somebody", "error", table, column
        )

    def identity_twice(self) -> pl.DataFrame:
        """One child under two numbers in one plan: a clerk decides, nobody is refused by a machine."""
        rows = self.tables["applicants"]
        by = ["plan_id", "identity_code"]
        again = rows.with_columns(
            pl.col("applicant_id").n_unique().over(by).alias("__of"),
            pl.col("applicant_id").first().over(by).alias("__first"),
        ).filter(
            (pl.col("__of") > 1)
            & (pl.col("applicant_id") != pl.col("__first"))
            & pl.col("identity_code").is_not_null()
        )
        return self.faults(
            again,
            "intake.child_twice",
            "error",
            "applicants",
            "identity_code",
            value=pl.col("applicant_id"),
            other=pl.col("__first"),
        )

    def look_alike(self, table: str, column: str) -> pl.DataFrame:
        """Numbers that are one once full width, blanks and capitals are brought to one writing."""
        rows = self.tables[table]
        odd = rows.filter(~pl.col(column).str.contains(r"^[0-9A-Z._-]*$").fill_null(True))
        if odd.is_empty():
            return faults.none()
        plain = pl.col(column).map_elements(_plain, return_dtype=pl.String).alias("__plain")
        both = rows.select("plan_id", column, plain).drop_nulls()
        by = ["plan_id", "__plain"]
        clash = both.filter(pl.col(column).n_unique().over(by) > 1).with_columns(
            pl.col(column).first().over(by).alias("__other")
        )
        clash = clash.filter(pl.col(column) != pl.col("__other")).select("plan_id", column, "__other")
        meant = rows.join(clash.unique(["plan_id", column]), on=["plan_id", column])
        return self.faults(meant, "intake.numbers_alike", "error", table, column, other=pl.col("__other"))

    def unchecked(self) -> pl.DataFrame:
        """Children nobody has checked yet: told once, with their number."""
        rows = self.tables["applicants"].filter(pl.col("checked_by").is_null())
        one = rows.head(1)
        return self.faults(
            one,
            "intake.children_unchecked",
            "note",
            "applicants",
            "checked_by",
            count=pl.lit(rows.height),
        )

    def strange_child(self, table: str) -> pl.DataFrame:
        """A row of a child the plan does not know, though another plan may."""
        known = self.tables["applicants"].select("plan_id", "applicant_id").unique()
        mine = pl.col("applicant_id").is_in(self.tables["applicants"]["applicant_id"].unique().implode())
        lost = self.tables[table].join(known, on=["plan_id", "applicant_id"], how="anti")
        return self.faults(
            lost.filter(mine), "intake.other_plan", "error", table, "applicant_id", plan=pl.col("plan_id")
        )

    def strange_program(self, table: str, column: str) -> pl.DataFrame:
        """A programme of another plan."""
        programs = self.tables["admission_programs"]
        known = programs.select("plan_id", pl.col("program_id").alias(column)).unique()
        lost = self.tables[table].join(known, on=["plan_id", column], how="anti", maintain_order="left")
        there = pl.col(column).is_in(programs["program_id"].unique().implode())
        return self.faults(
            lost.filter(there), "intake.other_plan", "error", table, column, plan=pl.col("plan_id")
        )

    def rank_twice(self) -> pl.DataFrame:
        """Two choices of one rank."""
        by = ["plan_id", "applicant_id", "batch", "choice_rank"]
        rows = self.tables["applications"]
        again = rows.filter(pl.col("program_id") != pl.col("program_id").first().over(by))
        return self.faults(
            again, "intake.rank_twice", "error", "applications", "choice_rank", child=pl.col("applicant_id")
        )

    def rank_gap(self) -> pl.DataFrame:
        """A list that leaves a rank out: 1, 2, 4."""
        by = ["plan_id", "applicant_id", "batch"]
        rows = self.tables["applications"].with_columns(
            pl.col("choice_rank").max().over(by).alias("__last"),
            pl.col("choice_rank").n_unique().over(by).alias("__ranks"),
        )
        gaps = rows.filter(
            (pl.col("__last") != pl.col("__ranks")) & (pl.col("choice_rank") == pl.col("__last"))
        )
        return self.faults(
            gaps,
            "intake.rank_gap",
            "error",
            "applications",
            "choice_rank",
            child=pl.col("applicant_id"),
            ranks=pl.col("__ranks"),
        )

    def fact_unsigned(self) -> pl.DataFrame:
        """A paper said to be checked without anybody who checked it."""
        done = pl.col("state").is_in(["verified", "rejected"])
        rows = self.tables["applicant_facts"].filter(done & pl.col("checked_by").is_null())
        return self.faults(
            rows,
            "intake.fact_unsigned",
            "warning",
            "applicant_facts",
            "checked_by",
            value=pl.col("applicant_id"),
            fact=pl.col("fact"),
        )

    def card_in_paper(self) -> pl.DataFrame:
        """The number of an identity card beside a paper; the value is not repeated."""
        card = pl.any_horizontal(
            pl.col(one).str.contains(_CARD).fill_null(False) for one in ("value", "paper")
        )
        rows = self.tables["applicant_facts"].filter(card)
        return self.faults(
            rows,
            "intake.card_in_paper",
            "error",
            "applicant_facts",
            "value",
            value=pl.col("applicant_id"),
            fact=pl.col("fact"),
        )

    def reserve_place_twice(self) -> pl.DataFrame:
        """Two reserves of a programme at one place in its order."""
        by = ["plan_id", "program_id", "position"]
        rows = self.tables["admission_reserves"]
        again = rows.filter(pl.col("reserve_id") != pl.col("reserve_id").first().over(by))
        return self.faults(
            again,
            "intake.reserve_place_twice",
            "error",
            "admission_reserves",
            "position",
            program=pl.col("program_id"),
        )

    def reserves_over(self) -> pl.DataFrame:
        """Reserved seats beyond the seats of the programme."""
        if "admission_programs" not in self.tables:
            return faults.none()
        by = ["plan_id", "program_id"]
        programs = self.tables["admission_programs"].select(*by, pl.col("seats").alias("__all"))
        kept = self.tables["admission_reserves"].filter(pl.col("kind") != "open")
        rows = kept.with_columns(pl.col("seats").sum().over(by).alias("__kept")).join(programs, on=by)
        over = rows.filter(pl.col("__kept") > pl.col("__all")).unique(by, keep="first", maintain_order=True)
        return self.faults(
            over,
            "intake.reserves_over",
            "error",
            "admission_reserves",
            "seats",
            program=pl.col("program_id"),
            kept=pl.col("__kept"),
            seats=pl.col("__all"),
        )

    def two_families(self) -> pl.DataFrame:
        """A child in two families of one plan."""
        by = ["plan_id", "applicant_id"]
        rows = self.tables["applicant_families"]
        again = rows.filter(pl.col("family_id") != pl.col("family_id").first().over(by))
        return self.faults(
            again,
            "intake.two_families",
            "error",
            "applicant_families",
            "family_id",
            child=pl.col("applicant_id"),
        )

    def bound_alone(self) -> pl.DataFrame:
        """A child bound to nobody."""
        return self._bound(pl.col("__bound") < SHARED, "intake.bound_count", "error")

    def many_bound(self) -> pl.DataFrame:
        """More children bound in a family than can share a ticket."""
        return self._bound(pl.col("__bound") > SHARED, "intake.bound_many", "warning")

    def _bound(self, odd: pl.Expr, code: str, severity: str) -> pl.DataFrame:
        by = ["plan_id", "family_id"]
        bound = self.tables["applicant_families"].filter(pl.col("link") == "twins")
        rows = bound.with_columns(pl.len().over(by).alias("__bound")).filter(odd)
        first = rows.unique(by, keep="first", maintain_order=True)
        count = pl.col("__bound")
        return self.faults(first, code, severity, "applicant_families", "family_id", count=count)

    def one_signature(self) -> pl.DataFrame:
        """A placement by hand proposed and approved by the same person."""
        same = pl.col("placed_by").str.strip_chars() == pl.col("approved_by").str.strip_chars()
        return self.faults(
            self.tables["hand_placements"].filter(same),
            "intake.one_signature",
            "error",
            "hand_placements",
            "approved_by",
        )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
