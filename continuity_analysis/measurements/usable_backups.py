"""From when to when each backup could have been restored, and to which moment.

A backup counts from the moment it is finished until it is removed or expires, if it completed, was not found broken and
everything it builds on counts as well. What the log does not say is filled in by the rules of section 3 of the
definitions and marked: `point_assumed`, `direction`, `run_time_missing`.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import follow_chains, numbered
from continuity_analysis.measurements.backup_moments import MOMENTS, begun, measure_points
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.text_codes import (
    all_different,
    is_one_of,
    joint_codes,
    order_of,
    text_ranks,
    texts_of,
    words_of,
)

NEVER = np.iinfo(np.int64).max
KEY = ["product", "asset", "location", "backup_id"]
_FEW = [
    "product", "asset", "location", "method", "status", "recovery_point_basis", "verified_result", "export_id"
]  # columns of few different texts, which are read once  # fmt: skip
REASONS = ("", "no time known", "failed", "running", "deleted", "partial", "failed verification", "broken chain")
DIRECTIONS = ("exact", "lower bound", "unknown")


def measure_usable_backups(
    backups: pd.DataFrame, exports: pd.DataFrame, *, accept_partial: Collection[str] = (), longest: bool = False
) -> pd.DataFrame:
    """When each backup is usable and what it holds.

    Parameters
    ----------
    backups : DataFrame
        Canonical backups with `first_seen_at`, `last_seen_at`, `removed_at` and `survivors_only`; several rows of one
        backup (one for each service) count once.
    exports : DataFrame
        Canonical exports.
    accept_partial : collection of str
        Assets of which partial backups count.
    longest : bool
        Whether one that went between two listings counts until the first that lacks it, not the last that shows it:
        how long it can have been there at most.

    Returns
    -------
    DataFrame
        One row per backup and location, in the order of `asset` and of when it was begun: product, asset, location,
        backup_id, parent_id, method, usable, reason (why not), begun_at, data_at, covers_from_at, usable_from_at,
        usable_until_at (missing: no end known), ended_by (expired, broken chain, or null), point_assumed, streaming
        (a log that is shipped while it grows), run_time_missing, direction (exact, lower bound, unknown).
    """
    rows, numbers, at = _in_order(backups)
    points = measure_points(rows, at, log=numbers["log"].to_numpy())
    whole = _in_complete_listing(rows, exports, at["last_seen_at"])
    until = _ends(at, longest=longest, complete=whole, listed=_flags(rows))
    reason = _reasons(rows, points["data"], accept_partial)
    chained = follow_chains(numbers, reason == 0, start=points["usable_from"], end=until)
    broken = REASONS.index("broken chain")
    found = {
        "reason": words_of(REASONS, np.where((reason == 0) & ~chained.usable, broken, reason)),
        "usable": chained.usable & (chained.end > chained.start),
        "begun_at": to_moments(begun(at, numbers["log"].to_numpy())),
        "data_at": to_moments(points["data"]),
        "covers_from_at": to_moments(at["covers_from_at"]),
        "usable_from_at": to_moments(np.where(chained.usable, chained.start, points["usable_from"])),
        "usable_until_at": to_moments(np.where(chained.end == NEVER, UNKNOWN, chained.end)),
        "ended_by": words_of(("expired", "broken chain"), np.where(chained.shortened, 1, (until != NEVER) - 1)),
        "point_assumed": points["point_assumed"],
        "streaming": points["streaming"],
        "run_time_missing": points["run_time_missing"],
        "direction": words_of(DIRECTIONS, points["direction"]),
    }
    return pd.DataFrame({name: texts_of(rows[name]) for name in [*KEY, "parent_id", "method"]} | found, copy=False)


def _flags(rows: pd.DataFrame) -> np.ndarray:
    return rows["survivors_only"].fillna(False).to_numpy(dtype=bool)


def _in_order(backups: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """Each backup once, in the order of asset, of when it was begun (unknown last) and of its id.

    Returns the rows, columns of few texts as categories; their names as numbers; and their moments [us].
    """
    rows = backups[[*_FEW, "backup_id", "parent_id", "survivors_only"]].astype(dict.fromkeys(_FEW, "category"))
    at = {name: to_microseconds(backups[name]) for name in MOMENTS}
    asset = text_ranks(rows["asset"])
    order = _order(asset, begun(at, is_one_of(rows["method"], ["log"])), ids=backups["backup_id"])
    rows, at = rows.iloc[order].reset_index(drop=True), {name: moments[order] for name, moments in at.items()}
    numbers = numbered(rows)
    if all_different(numbers["backup_id"].to_numpy()):
        return rows, numbers, at
    came = np.argsort(order)  # of several rows of one backup the one that came first counts
    repeated = pd.Series(joint_codes([numbers[c] for c in KEY])[came]).duplicated().to_numpy(dtype=bool)[order]
    rows, numbers = (table[~repeated].reset_index(drop=True) for table in (rows, numbers))
    return rows, numbers, {name: moments[~repeated] for name, moments in at.items()}


def _order(asset: np.ndarray, begun: np.ndarray, *, ids: pd.Series) -> np.ndarray:
    order = order_of(asset, begun, unknown=UNKNOWN)
    asset, begun = asset[order], begun[order]
    alike = (asset[1:] == asset[:-1]) & (begun[1:] == begun[:-1])
    if not alike.any():
        return order
    tied = np.flatnonzero(np.append(alike, False) | np.append(False, alike))
    rank = np.zeros(len(order), dtype=np.int64)
    rank[tied] = text_ranks(ids.iloc[order[tied]])
    first = np.cumsum(np.append(True, ~alike))  # one number for each asset and moment, in order
    return order[np.lexsort((rank, first))]


def _reasons(rows: pd.DataFrame, data: np.ndarray, accept_partial: Collection[str]) -> np.ndarray:
    """Why a row can never be restored from, as a number of `REASONS`; 0 where it can."""
    code, known = pd.factorize(rows["status"])
    said = {"failed", "running", "deleted", "partial"}
    reason = np.append([REASONS.index(s) if s in said else 0 for s in known], 0).astype(np.int64)[code]
    partial = REASONS.index("partial")
    accepted = (reason == partial) & is_one_of(rows["asset"], accept_partial) if accept_partial else False
    reason = np.where(accepted, 0, reason)
    broken = (reason == 0) & is_one_of(rows["verified_result"], ["failed"])
    reason = np.where(broken, REASONS.index("failed verification"), reason)
    return np.where(data == UNKNOWN, REASONS.index("no time known"), reason)


def _in_complete_listing(rows: pd.DataFrame, exports: pd.DataFrame, last_seen: np.ndarray) -> np.ndarray:
    """Whether the newest sighting was in a complete listing; no later one can lack it, or it would count as removed."""
    whole = exports[exports["complete"].fillna(False).astype(bool) & (exports["export_kind"] != "events")]
    if whole.empty:
        return np.zeros(len(rows), dtype=bool)
    code, names = pd.factorize(rows["export_id"])
    seen = whole.drop_duplicates("export_id").set_index("export_id")["observed_at"].reindex(names.astype("str"))
    return (np.append(to_microseconds(seen), UNKNOWN)[code] == last_seen) & (last_seen != UNKNOWN)


def _ends(at: dict, *, longest: bool, complete: np.ndarray, listed: np.ndarray) -> np.ndarray:
    """Until when each is usable [us]; `NEVER` where no end is known."""
    expires, seen, removed = at["expires_at"], at["last_seen_at"], at["removed_at"]
    within = (expires > seen) & (expires <= removed)
    planned = np.where(expires == UNKNOWN, NEVER, np.where(listed, np.maximum(expires, seen), expires))
    # gone somewhere in (seen, removed]: proven to be there until it was seen
    gone = np.where(within, expires, removed if longest else seen)
    still = complete & (expires <= seen)  # also where no plan is known
    return np.where(removed != UNKNOWN, gone, np.where(still, NEVER, planned))
