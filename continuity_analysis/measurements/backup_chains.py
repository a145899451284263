"""Chains: a backup that builds on a parent counts while all it builds on counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.text_codes import is_one_of, joint_codes, text_ranks


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


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Names as whole numbers, which compare faster than texts; assets in alphabetical order, a missing one last."""
    backup, parent = _ids(rows["backup_id"].astype("str").array, rows["parent_id"].astype("str").array)
    location = pd.factorize(rows["location"])[0]
    return pd.DataFrame(
        {
            "product": pd.factorize(rows["product"])[0],
            "asset": text_ranks(rows["asset"]),
            "location": np.where(is_one_of(rows["location"], [""]), -1, location),
            "backup_id": backup,
            "parent_id": parent,
            "log": is_one_of(rows["method"], ["log"]),
        },
        copy=False,
    )


def _ids(backup, parent) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of backups and of their parents; a parent that stands in the row before is not looked up."""
    next_to = np.append(False, parent[1:] == backup[:-1])[: len(backup)]
    sought = np.flatnonzero(~next_to & ~parent.isna())
    code = pd.factorize(pd.concat([pd.Series(backup), pd.Series(parent[sought])]) if len(sought) else backup)[0]
    own, other = code[: len(backup)], np.full(len(backup), -1, dtype=np.int64)
    other[sought] = code[len(backup) :]
    other[next_to] = own[np.flatnonzero(next_to) - 1]
    return own, other


def follow_chains(rows: pd.DataFrame, usable: np.ndarray, *, start: np.ndarray, end: np.ndarray) -> Chained:
    """Restrict each backup to the moments at which its whole chain is there.

    The link to the parent is doubled in each step (parent, grandparent's parent, …), so that a chain of n links takes
    log2 n steps, for all chains at once. A parent that is not there, or a chain that bites its own tail, breaks it.

    Parameters
    ----------
    rows : DataFrame
        Result of `numbered`.
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
    children = np.flatnonzero((rows["parent_id"] >= 0) & ~rows["log"])
    parents = np.arange(len(rows))
    if not len(children):
        return parents
    own, sought = rows["backup_id"].to_numpy(), rows["parent_id"].to_numpy()
    asset = joint_codes([rows["product"], rows["asset"]])
    row, times = _row_and_times(own, size=int(max(own.max(), sought.max())) + 1)
    found = row[sought[children]]
    found = np.where((found >= 0) & (asset[found] == asset[children]), found, -1)
    copied = times[sought[children]] > 1
    if copied.any():
        found[copied] = _best_copy(rows, children[copied], asset=asset, best=np.lexsort((end, usable)))
    parents[children] = np.where(found == children, -1, found)  # none is its own parent
    return parents


def _row_and_times(code: np.ndarray, *, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The row of each number, -1 where none has it, and how many rows have it."""
    row, known = np.full(size, -1, dtype=np.int64), np.flatnonzero(code >= 0)
    row[code[known]] = known
    return row, np.bincount(code[known], minlength=size)


def _best_copy(rows: pd.DataFrame, children: np.ndarray, *, asset: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Row of the parent of each child, of several at the same location or, if there is none, anywhere the best."""
    ids = np.append(rows["backup_id"], rows["parent_id"].to_numpy()[children])
    place = joint_codes([asset, rows["location"]])
    near, far = (_row_of(joint_codes([np.append(x, x[children]), ids]), best, own=len(rows)) for x in (place, asset))
    return np.where(near >= 0, near, far)


def _row_of(keys: np.ndarray, best: np.ndarray, *, own: int) -> np.ndarray:
    """Of each key after the first `own`, the last of the rows `best` that has it; -1 where none has."""
    number, names = pd.factorize(keys)
    row = np.full(len(names), -1, dtype=np.int64)
    row[number[:own][best]] = best
    return row[number[own:]]
