"""The tables that say what the records themselves state: zones, ends, columns, and what a listing cannot show."""

import pandas as pd

from continuity_analysis.figures.data_quality import or_none
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.words import show

ENDINGS = {
    "ended": ("Ended", "count"),
    "no_moment": ("Ended, no log says when", "count"),
    "going_on": ("Still open or running", "count"),
    "other": ("Cancelled or announced", "count"),
    "unknown": ("Outcome unknown", "count"),
}


def local_times_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Times that state no zone: the one assumed, and times that clock changes made ambiguous or impossible."""
    columns = {
        "format": ("Source", "text"),
        "n": ("Files", "count"),
        "zone": ("Read as", "text"),
        "twice": ("Times that stood twice, the first taken", "count"),
        "never": ("Times that never were, moved forward", "count"),
    }
    rows = quality["local_times"]
    return display_table(rows, columns, caption=or_none("Times without a zone", rows))


def endings_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """How the records of each product ended; what has not ended counts as having lasted at least until it was seen."""
    rows = quality["endings"]
    shown = {name: spec for name, spec in ENDINGS.items() if rows[name].any() or name == "ended"}
    columns = {"table": ("Table", "text"), "product": ("Product", "text"), "n": ("Records", "count"), **shown}
    return display_table(rows, columns, caption="How they ended" if len(rows) else "No record of anything that can end")


def stated_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Which columns the records of each product never state, and which only in part."""
    stated = quality["stated"]
    share = stated["n_stated"] / stated["n"]
    names = pd.Series([_words(c) for c in stated["column"]], index=stated.index, dtype="str")
    shown = [f"{c} ({show(n, 'count')})" for c, n in zip(names, stated["n_stated"], strict=True)]
    marked = stated.assign(
        always=names.where(share == 1),
        partly=pd.Series(shown, index=stated.index, dtype="str").where((share > 0) & (share < 1)),
        never=names.where(share == 0),
    )
    words = dict.fromkeys(("always", "partly", "never"), lambda texts: ", ".join(texts.dropna()))
    rows = marked.groupby(["table", "product", "n"], as_index=False).agg(words)
    columns = {
        "table": ("Table", "text"),
        "product": ("Product", "text"),
        "n": ("Records", "count"),
        "always": ("Always stated", "text"),
        "partly": ("In some of them", "text"),
        "never": ("Never", "text"),
    }
    return display_table(rows, columns, caption="What the records state" if len(rows) else "No record to look at")


def _words(column: str) -> str:
    return column.removesuffix("_at").removesuffix("_bytes").replace("_", " ")


def listings_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Listings of survivors: what they cannot show any more lies between them."""
    rows = quality["listings"].assign(scope=lambda r: r["scope"].where(r["scope"] != "", None))
    columns = {
        "product": ("Product", "text"),
        "scope": ("Speaks of", "text"),
        "n": ("Listings", "count"),
        "from_at": ("First", "moment"),
        "until_at": ("Last", "moment"),
        "longest_gap_hours": ("Longest gap", "hours"),
        "complete": ("Declared complete", "count"),
        "n_backups": ("Backups seen nowhere else", "count"),
    }
    return display_table(rows, columns, caption=or_none("Listings of what has survived", rows))
