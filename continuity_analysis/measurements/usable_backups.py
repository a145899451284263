"""From when to when each backup could have been restored, and to which moment.

A backup counts from the moment it is finished until it is removed or expires, if it completed, was not found broken and
everything it builds on counts as well. What the log does not say is filled in by the rules of section 3 of the
definitions and marked: `point_assumed`, `direction`, `run_time_missing`.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import follow_chains
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments

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
    rows = backups.drop_duplicates(KEY, ignore_index=True)
    at = {name: to_microseconds(rows[name]) for name in _MOMENTS}
    out = rows[[*KEY, "parent_id"]].astype("str").assign(method=rows["method"].astype("str"))
    points = _points(rows, at)
    until, ended_by = _ends(rows, at, longest=longest, complete=_in_complete_listing(rows, exports, at["last_seen_at"]))
    reason = _reasons(rows, points["data"], accept_partial)
    chained = follow_chains(out, reason == "", start=points["usable_from"], end=until)
    out = out.assign(
        reason=pd.array(np.where((reason == "") & ~chained.usable, "broken chain", reason), dtype="str"),
        usable=chained.usable & (chained.end > chained.start),
        begun_at=to_moments(points["begun"]),
        data_at=to_moments(points["data"]),
        covers_from_at=to_moments(at["covers_from_at"]),
        usable_from_at=to_moments(np.where(chained.usable, chained.start, points["usable_from"])),
        usable_until_at=to_moments(np.where(chained.end == NEVER, UNKNOWN, chained.end)),
        ended_by=pd.array(np.where(chained.shortened, "broken chain", ended_by), dtype="str"),
    )
    out = out.assign(**{name: points[name] for name in ("point_assumed", "streaming", "run_time_missing", "direction")})
    return out.sort_values(["asset", "begun_at", "backup_id"], ignore_index=True)


def _points(rows: pd.DataFrame, at: dict) -> dict:
    """The moment each holds, from when it is usable, and what had to be assumed for it."""
    started, point, finished = at["started_at"], at["recovery_point_at"], at["finished_at"]
    covers, log = at["covers_from_at"], (rows["method"] == "log").to_numpy(dtype=bool, na_value=False)
    no_start, no_point, no_finish = started == UNKNOWN, point == UNKNOWN, finished == UNKNOWN
    data = np.where(~no_point, point, np.where(~no_start, started, finished))
    quick = no_finish | (finished <= point)
    streaming = log & ~no_point & (covers != UNKNOWN) & (no_start | (started <= covers)) & quick
    at_end = rows["recovery_point_basis"].isin(AT_END).to_numpy() & ~no_point  # so about then it was usable
    good = ~rows["status"].isin(["failed", "running", "deleted"]).to_numpy() & ~log
    run = _learned_run_times(rows["asset"], started, np.where(good, finished, UNKNOWN))
    learned = no_finish & (run > 0) & ~at_end & ~log
    base = np.where(at_end | no_start, data, started) + np.where(learned, run, 0)
    missing = (no_finish & ~learned & ~at_end | no_start & no_point) & ~log
    bound = missing | streaming | no_finish
    direction = np.select([learned, bound], ["unknown", "lower bound"], "exact")
    return {
        "begun": np.where(~no_start, started, np.where(streaming, covers, data)),
        "data": data,
        "usable_from": np.where(streaming, covers, np.maximum(np.where(no_finish, base, finished), data)),
        "point_assumed": no_point,
        "streaming": streaming,
        "run_time_missing": missing,
        "direction": pd.array(direction, dtype="str"),
    }


def _learned_run_times(assets: pd.Series, started: np.ndarray, finished: np.ndarray) -> np.ndarray:
    """Median run time of each row's asset [us], 0 where none is known."""
    known = (started != UNKNOWN) & (finished != UNKNOWN) & (finished >= started)
    run = pd.Series(np.where(known, finished - np.where(known, started, finished), np.nan), index=assets.index)
    return run.groupby(assets).transform("median").fillna(0).to_numpy().astype(np.int64)


def _reasons(rows: pd.DataFrame, data: np.ndarray, accept_partial: Collection[str]) -> np.ndarray:
    """Why a row can never be restored from; empty where it can."""
    status = rows["status"].astype("str")
    refused = (status == "partial").to_numpy(dtype=bool, na_value=False) & ~rows["asset"].isin(list(accept_partial))
    broken = (rows["verified_result"] == "failed").to_numpy(dtype=bool, na_value=False)
    holds = [data == UNKNOWN, *((status == s).to_numpy(dtype=bool, na_value=False) for s in ("failed", "running"))]
    holds += [(status == "deleted").to_numpy(dtype=bool, na_value=False), refused, broken]
    return np.select(holds, ["no time known", "failed", "running", "deleted", "partial", "failed verification"], "")


def _in_complete_listing(rows: pd.DataFrame, exports: pd.DataFrame, last_seen: np.ndarray) -> np.ndarray:
    """Whether the newest sighting was in a complete listing; no later one can lack it, or it would count as removed."""
    whole = exports[exports["complete"].fillna(False).astype(bool) & (exports["export_kind"] != "events")]
    seen = whole.drop_duplicates("export_id").set_index("export_id")["observed_at"].reindex(rows["export_id"])
    return (to_microseconds(seen) == last_seen) & (last_seen != UNKNOWN)


def _ends(rows: pd.DataFrame, at: dict, *, longest: bool, complete: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Until when each is usable [us] and why it ends."""
    expires, seen, removed = at["expires_at"], at["last_seen_at"], at["removed_at"]
    listed = rows["survivors_only"].fillna(False).to_numpy(dtype=bool)
    within = (expires > seen) & (expires <= removed)
    planned = np.where(expires == UNKNOWN, NEVER, np.where(listed, np.maximum(expires, seen), expires))
    # gone somewhere in (seen, removed]: proven to be there until it was seen
    gone = np.where(within, expires, removed if longest else seen)
    still = complete & (expires <= seen)  # also where no plan is known
    until = np.where(removed != UNKNOWN, gone, np.where(still, NEVER, planned))
    return until, np.where(until == NEVER, None, "expired")
