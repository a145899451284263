"""When each backup was begun, which moment it holds and from when on it is usable, also where the log does not say."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN
from continuity_analysis.measurements.text_codes import is_one_of

MOMENTS = (
    "started_at", "covers_from_at", "recovery_point_at", "finished_at", "expires_at", "last_seen_at", "removed_at"
)  # fmt: skip
AT_END = ("oplog_end", "wal_end", "backup_end")
"""Where the point lies at the end of the run, which is about when it is usable."""


def begun(at: dict, log: np.ndarray) -> np.ndarray:
    """When each was begun [us]; what is not said rests on the moments that are."""
    started = at["started_at"]
    streaming = _streaming(at, log)
    return np.where(started != UNKNOWN, started, np.where(streaming, at["covers_from_at"], _data(at)))


def _data(at: dict) -> np.ndarray:
    """The moment each holds [us]: its recovery point, else when it was begun, else when it was finished."""
    started, point = at["started_at"], at["recovery_point_at"]
    return np.where(point != UNKNOWN, point, np.where(started != UNKNOWN, started, at["finished_at"]))


def _streaming(at: dict, log: np.ndarray) -> np.ndarray:
    """Whether each is a log that is shipped while it grows."""
    started, point, finished, covers = (
        at[name] for name in ("started_at", "recovery_point_at", "finished_at", "covers_from_at")
    )
    if not log.any():
        return log
    quick = (finished == UNKNOWN) | (finished <= point)
    return log & (point != UNKNOWN) & (covers != UNKNOWN) & ((started == UNKNOWN) | (started <= covers)) & quick


def measure_points(rows: pd.DataFrame, at: dict[str, np.ndarray], *, log: np.ndarray) -> dict[str, np.ndarray]:
    """The moment each holds, from when it is usable, and what had to be assumed for it.

    Parameters
    ----------
    rows : DataFrame
        Columns asset, status, recovery_point_basis.
    at : dict
        Its `MOMENTS` [us].
    log : array of bool
        Whether each is a log.

    Returns
    -------
    dict
        data and usable_from [us]; point_assumed, streaming, run_time_missing; direction (0 exact, 1 lower bound,
        2 unknown).
    """
    started, finished = at["started_at"], at["finished_at"]
    no_start, no_point, no_finish = started == UNKNOWN, at["recovery_point_at"] == UNKNOWN, finished == UNKNOWN
    data, streaming = _data(at), _streaming(at, log)
    at_end = is_one_of(rows["recovery_point_basis"], AT_END) & ~no_point  # so about then it was usable
    asked = no_finish & ~at_end & ~log
    run = _learned_run_times(rows, started, np.where(log, UNKNOWN, finished)) if asked.any() else np.int64(0)
    learned = asked & (run > 0)
    base = np.where(at_end | no_start, data, started) + np.where(learned, run, 0)
    missing = (asked & ~learned | no_start & no_point) & ~log
    return {
        "data": data,
        "usable_from": np.where(streaming, at["covers_from_at"], np.maximum(np.where(no_finish, base, finished), data)),
        "point_assumed": no_point,
        "streaming": streaming,
        "run_time_missing": missing,
        "direction": np.where(learned, 2, np.where(missing | streaming | no_finish, 1, 0)),
    }


def _learned_run_times(rows: pd.DataFrame, started: np.ndarray, finished: np.ndarray) -> np.ndarray:
    """Median run time of each row's asset [us], of those that came to a good end; 0 where none is known."""
    known = (started != UNKNOWN) & (finished != UNKNOWN) & (finished >= started)
    known &= ~is_one_of(rows["status"], ["failed", "running", "deleted"])
    run = pd.Series(np.where(known, finished - np.where(known, started, finished), np.nan))
    return run.groupby(rows["asset"], observed=True).transform("median").fillna(0).to_numpy().astype(np.int64)
