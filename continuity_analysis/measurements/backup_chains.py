"""Chains: a backup that builds on a parent counts while all it builds on counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Chained:
    """What is left of each backup once its chain is taken into account.

    Attributes
    ----------
    usable : ndarray of bool
        Whether it and all it builds on can be restored at all.
    start, end : ndarray of int64
        From when to when the whole chain is there [us].
    shortened : ndarray of bool
        Whether something it builds on ends before it does.
    """

    usable: np.ndarray
    start: np.ndarray
    end: np.ndarray
    shortened: np.ndarray


def follow_chains(rows: pd.DataFrame, usable: np.ndarray, *, start: np.ndarray, end: np.ndarray) -> Chained:
    """Restrict each backup to the moments at which its whole chain is there.

    The link to the parent is doubled in each step (parent, grandparent's parent, …), so that a chain of n links takes
    log2 n steps, for all chains at once. A parent that is not there, or a chain that bites its own tail, breaks it.

    Parameters
    ----------
    rows : DataFrame
        Columns product, asset, location, backup_id, parent_id (null: stands on its own).
    usable : array of bool
        Whether each could be restored were its chain complete.
    start, end : array of int64
        From when to when, likewise [us].
    """
    parent = parents_of(rows, np.asarray(usable), end)
    whole, first, last = np.asarray(usable) & (parent >= 0), start.copy(), end.copy()
    link = np.where(parent >= 0, parent, np.arange(len(rows)))
    for _ in range(max(len(rows), 1).bit_length()):
        if (link == link[link]).all():
            break
        whole, first, last = whole & whole[link], np.maximum(first, first[link]), np.minimum(last, last[link])
        link = link[link]
    whole, first, last = whole & whole[link], np.maximum(first, first[link]), np.minimum(last, last[link])
    roots = (parent == np.arange(len(rows)))[link]  # a ring never reaches one that stands on its own
    return Chained(whole & roots, first, last, last < end)


def parents_of(rows: pd.DataFrame, usable: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Row of each one's parent: itself where it has none, -1 where the parent is not there.

    A parent at the same location is taken first, else the usable copy that lasts longest.
    """
    children = np.flatnonzero(rows["parent_id"].notna() & (rows["method"] != "log"))
    parents = np.arange(len(rows))
    if not len(children):
        return parents
    known = rows.assign(row=parents, usable=usable, end=end, location=rows["location"].fillna(""))
    sought = known.iloc[children].drop(columns=["row", "backup_id"])
    known = known.sort_values(["usable", "end"], kind="stable")[["product", "asset", "location", "backup_id", "row"]]
    near = _row_of(sought, known, ["product", "asset", "location", "parent_id"])
    found = np.where(near >= 0, near, _row_of(sought, known, ["product", "asset", "parent_id"]))
    parents[children] = np.where(found == children, -1, found)  # none is its own parent
    return parents


def _row_of(sought: pd.DataFrame, known: pd.DataFrame, on: list[str]) -> np.ndarray:
    last = known.rename(columns={"backup_id": "parent_id"})[[*on, "row"]].drop_duplicates(on, keep="last")
    return sought.merge(last, how="left", on=on)["row"].fillna(-1).to_numpy().astype(np.int64)
