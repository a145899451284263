"""What the records of each product say and leave unsaid: how they ended, which columns they state, what was listed."""

import pandas as pd

from continuity_analysis.logs.courses import COURSES
from continuity_analysis.measurements.clock import to_hours
from continuity_analysis.tables import TABLES

ASKED = {
    "incidents": ("severity", "impact", "cause", "detected_at", "acknowledged_at", "restored_at"),
    "backups": ("status", "started_at", "finished_at", "recovery_point_at", "size_bytes", "verified_at"),
    "recoveries": ("disrupted_at", "data_restored_at", "service_restored_at", "recovery_point_at", "size_bytes"),
    "changes": ("status", "finished_at", "version"),
}
"""Columns that an answer rests on, and that some exports cannot know."""


def measure_stated(logs) -> pd.DataFrame:
    """How many records state each column that an answer rests on.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    DataFrame
        One row per table, product and column: table, product, column, n (records), n_stated.
    """
    found = []
    for table, names in ASKED.items():
        rows = _once(logs, table)
        counts = rows.groupby("product")[list(names)].count().assign(n=rows.groupby("product").size())
        long = counts.reset_index().melt(["product", "n"], var_name="column", value_name="n_stated")
        found.append(long.assign(table=table)[["table", "product", "column", "n", "n_stated"]])
    return pd.concat(found, ignore_index=True)


def measure_endings(logs) -> pd.DataFrame:
    """How the records of each product ended: with a moment, without one, or not at all.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    DataFrame
        One row per table and product: table, product, n, ended (at a known moment), no_moment (ended, but no log says
        when), going_on (open or running), other (cancelled, or
        announced only), unknown (no log says whether it ended).
    """
    found = [_endings(_once(logs, table), table) for table in ASKED]
    return pd.concat(found, ignore_index=True)


def _endings(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    course = COURSES[table]
    over, dated = rows["status"].isin(list(course.ends)), pd.Series(False, index=rows.index)
    for status, moments in course.ends.items():
        dated |= (rows["status"] == status) & rows[list(moments)].notna().any(axis=1)
    going_on, unknown = rows["status"] == course.before, rows["status"].isna()
    kinds = {"ended": over & dated, "no_moment": over & ~dated, "going_on": going_on.fillna(False), "unknown": unknown}
    marked = pd.DataFrame({"product": rows["product"], "n": 1} | {k: v.astype(int) for k, v in kinds.items()})
    counts = marked.groupby("product", as_index=False).sum()
    other = counts["n"] - counts[list(kinds)].sum(axis=1)
    order = ["table", "product", "n", "ended", "no_moment", "going_on", "other", "unknown"]
    return counts.assign(table=table, other=other)[order]


def measure_listings(logs) -> pd.DataFrame:
    """Listings that show what has survived only, per product and scope.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    DataFrame
        product, scope, n (listings), from_at, until_at, longest_gap_hours (null for a single one), complete (how many
        are declared so), n_backups (of those newest seen in them, how many no other kind of export shows).
    """
    listings = logs.exports[logs.exports["export_kind"] == "listing"].sort_values("observed_at")
    listings = listings.assign(scope=listings["scope"].fillna(""))
    key = ["product", "scope"]
    gaps = to_hours(listings.groupby(key)["observed_at"].diff().dt.total_seconds() * 1e6)
    listings = listings.assign(gap=gaps, declared=listings["complete"].fillna(False).astype(int))
    counted = listings.groupby(key, as_index=False).agg(
        n=("export_id", "size"),
        from_at=("observed_at", "min"),
        until_at=("observed_at", "max"),
        longest_gap_hours=("gap", "max"),
        complete=("declared", "sum"),
    )
    counted = counted.merge(_survivors(logs), on=key, how="left")
    return counted.assign(n_backups=counted["n_backups"].fillna(0).astype(int))


def _survivors(logs) -> pd.DataFrame:
    rows = _once(logs, "backups").merge(logs.exports[["export_id", "scope"]], on="export_id", how="left")
    rows = rows.assign(scope=rows["scope"].fillna(""), n_backups=rows["survivors_only"].fillna(False).astype(int))
    return rows.groupby(["product", "scope"], as_index=False)["n_backups"].sum()


def _once(logs, table: str) -> pd.DataFrame:
    """The rows of a table, each once, though two services may claim it."""
    return logs.tables[table].drop_duplicates(["product", *TABLES[table].key])
