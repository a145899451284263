"""From when to when each backup could have been restored, and to which moment.

A backup counts from the moment it is finished until it is removed or expires, if it completed, was not found broken and
everything it builds on counts as well. What the log does not say is filled in by the rules of section 3 of the
definitions and marked: `point_assumed`, `direction`, `run_time_missing`.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import follow_chains, numbered
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.text_codes import is_one_of, joint_codes, text_ranks, words_of

NEVER = np.iinfo(np.int64).max
KEY = ["product", "asset", "location", "backup_id"]
_MOMENTS = (
    "started_at",
    "covers_from_at",
    "recovery_point_at",
    "finished_at",
    "expires_at",
    "last_seen_at",
    "removed_at",
)
REASONS = ("", "no time known", "failed", "running", "deleted", "partial", "failed verification", "broken chain")
DIRECTIONS = ("exact", "lower bound", "unknown")
AT_END = (
    "oplog_end",
    "wal_end",
    "backup_end",
)  # the point lies at the end of the run, which is about when it is usable


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
    numbers = numbered(backups)
    repeated = pd.Series(joint_codes([numbers[c] for c in KEY])).duplicated().to_numpy(dtype=bool)
    rows, numbers = (x[~repeated].reset_index(drop=True) if repeated.any() else x for x in (backups, numbers))
    rows = rows.reset_index(drop=True)
    at = {name: to_microseconds(rows[name]) for name in _MOMENTS}
    points = _points(rows, at, log=numbers["log"].to_numpy())
    whole = _in_complete_listing(rows, exports, at["last_seen_at"])
    until = _ends(at, longest=longest, complete=whole, listed=_flags(rows))
    reason = _reasons(rows, points["data"], accept_partial)
    chained = follow_chains(numbers, reason == 0, start=points["usable_from"], end=until)
    broken = REASONS.index("broken chain")
    order = _in_order(numbers["asset"].to_numpy(), points["begun"], ids=rows["backup_id"])
    found = {
        "reason": words_of(REASONS, np.where((reason == 0) & ~chained.usable, broken, reason)[order]),
        "usable": (chained.usable & (chained.end > chained.start))[order],
        "begun_at": to_moments(points["begun"][order]),
        "data_at": to_moments(points["data"][order]),
        "covers_from_at": to_moments(at["covers_from_at"][order]),
        "usable_from_at": to_moments(np.where(chained.usable, chained.start, points["usable_from"])[order]),
        "usable_until_at": to_moments(np.where(chained.end == NEVER, UNKNOWN, chained.end)[order]),
        "ended_by": words_of(("expired", "broken chain"), np.where(chained.shortened, 1, (until != NEVER) - 1)[order]),
        "point_assumed": points["point_assumed"][order],
        "streaming": points["streaming"][order],
        "run_time_missing": points["run_time_missing"][order],
        "direction": words_of(DIRECTIONS, points["direction"][order]),
    }
    return rows[[*KEY, "parent_id", "method"]].astype("str").iloc[order].reset_index(drop=True).assign(**found)


def _flags(rows: pd.DataFrame) -> np.ndarray:
    return rows["survivors_only"].fillna(False).to_numpy(dtype=bool)


def _in_order(asset: np.ndarray, begun: np.ndarray, *, ids: pd.Series) -> np.ndarray:
    """Rows in the order of asset, of when they were begun (unknown last) and of their id."""
    when = np.where(begun == UNKNOWN, NEVER, begun)
    order = np.lexsort((when, asset))
    alike = (asset[order][1:] == asset[order][:-1]) & (when[order][1:] == when[order][:-1])
    if not alike.any():
        return order
    tied = order[np.append(alike, False) | np.append(False, alike)]
    rank = np.zeros(len(order), dtype=np.int64)
    rank[tied] = text_ranks(ids.iloc[tied])
    return np.lexsort((rank, when, asset))


def _points(rows: pd.DataFrame, at: dict, *, log: np.ndarray) -> dict:
    """The moment each holds, from when it is usable, and what had to be assumed for it."""
    started, point, finished = at["started_at"], at["recovery_point_at"], at["finished_at"]
    covers = at["covers_from_at"]
    no_start, no_point, no_finish = started == UNKNOWN, point == UNKNOWN, finished == UNKNOWN
    data = np.where(~no_point, point, np.where(~no_start, started, finished))
    quick = no_finish | (finished <= point)
    streaming = log & ~no_point & (covers != UNKNOWN) & (no_start | (started <= covers)) & quick
    at_end = is_one_of(rows["recovery_point_basis"], AT_END) & ~no_point  # so about then it was usable
    good = ~is_one_of(rows["status"], ["failed", "running", "deleted"]) & ~log
    run = _learned_run_times(rows["asset"], started, np.where(good, finished, UNKNOWN))
    learned = no_finish & (run > 0) & ~at_end & ~log
    base = np.where(at_end | no_start, data, started) + np.where(learned, run, 0)
    missing = (no_finish & ~learned & ~at_end | no_start & no_point) & ~log
    bound = missing | streaming | no_finish
    return {
        "begun": np.where(~no_start, started, np.where(streaming, covers, data)),
        "data": data,
        "usable_from": np.where(streaming, covers, np.maximum(np.where(no_finish, base, finished), data)),
        "point_assumed": no_point,
        "streaming": streaming,
        "run_time_missing": missing,
        "direction": np.where(learned, 2, np.where(bound, 1, 0)),
    }


def _learned_run_times(assets: pd.Series, started: np.ndarray, finished: np.ndarray) -> np.ndarray:
    """Median run time of each row's asset [us], 0 where none is known, or where none is asked for."""
    if (finished != UNKNOWN).all():
        return np.zeros(len(finished), dtype=np.int64)
    known = (started != UNKNOWN) & (finished != UNKNOWN) & (finished >= started)
    run = pd.Series(np.where(known, finished - np.where(known, started, finished), np.nan), index=assets.index)
    return run.groupby(assets).transform("median").fillna(0).to_numpy().astype(np.int64)


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
    seen = whole.drop_duplicates("export_id").set_index("export_id")["observed_at"].reindex(rows["export_id"])
    return (to_microseconds(seen) == last_seen) & (last_seen != UNKNOWN)


def _ends(at: dict, *, longest: bool, complete: np.ndarray, listed: np.ndarray) -> np.ndarray:
    """Until when each is usable [us]; `NEVER` where no end is known."""
    expires, seen, removed = at["expires_at"], at["last_seen_at"], at["removed_at"]
    within = (expires > seen) & (expires <= removed)
    planned = np.where(expires == UNKNOWN, NEVER, np.where(listed, np.maximum(expires, seen), expires))
    # gone somewhere in (seen, removed]: proven to be there until it was seen
    gone = np.where(within, expires, removed if longest else seen)
    still = complete & (expires <= seen)  # also where no plan is known
    return np.where(removed != UNKNOWN, gone, np.where(still, NEVER, planned))
