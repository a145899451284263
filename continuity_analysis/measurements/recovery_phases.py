"""Phases of recoveries as observations of their own: ended, not over when last seen, or the one that failed.

Only recoveries whose disruption is recorded have phases here: what a tool does by itself, in a check, is not a phase of
a recovery. What lies between the moments that were recorded, up to the whole duration, is kept as `NOT_SPLIT`, so that
the phases of a recovery that came back add up to its duration.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.recoveries import PHASES

NOT_SPLIT = len(PHASES)
"""The number of what was not split into phases; the others are numbered as in `PHASES`."""
_BEGINS = [begin for begin, _ in PHASES.values()]
_HOUR = pd.Timedelta(hours=1)
_ROUNDING = 1e-9  # of one hour


def measure_phase_durations(recoveries: pd.DataFrame) -> pd.DataFrame:
    """One row per recovery and phase of which something is known.

    Parameters
    ----------
    recoveries : DataFrame
        Rows of the result of `measure_recoveries`; those without a disruption or an end-to-end scope are left out.

    Returns
    -------
    DataFrame
        row (of `recoveries`, from 0), phase (number in `PHASES`, or `NOT_SPLIT`), hours [h], outcome: ended; censored
        (aborted or running: the phase that the last moment recorded begins had lasted at least so long); failed
        (likewise, but it never ended); whole (the recovery came back, so its phases add up to its duration).
    """
    used = (recoveries["end_to_end"].to_numpy(bool) & recoveries["disrupted_at"].notna()).to_numpy(bool)
    rows, number = recoveries[used], np.flatnonzero(used)
    known = rows[list(PHASES)].to_numpy(float)
    whole = (rows["disrupted_outcome"] == "restored").to_numpy(bool)
    rest = np.where(whole, rows["disrupted_hours"].to_numpy(float) - np.nansum(known, axis=1), np.nan)
    hours = np.column_stack([known, np.where(rest > _ROUNDING, rest, np.nan)])
    outcome = np.full(hours.shape, "ended", dtype=object)
    at, took = _unfinished(rows)
    stopped = np.flatnonzero(~whole & (at >= 0) & (took >= 0) & np.isnan(known[np.arange(len(rows)), at]))
    hours[stopped, at[stopped]] = took[stopped]
    failed = (rows["disrupted_outcome"] == "never").to_numpy(bool)[stopped]
    outcome[stopped, at[stopped]] = np.where(failed, "failed", "censored")
    row, phase = np.nonzero(~np.isnan(hours))
    return pd.DataFrame(
        {
            "row": number[row],
            "phase": phase,
            "hours": hours[row, phase],
            "outcome": pd.Series(outcome[row, phase], dtype="str"),
            "whole": whole[row],
        }
    )


def _unfinished(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The phase that the last moment recorded began (-1: nothing after the disruption is), and for how long it ran."""
    reached = rows[_BEGINS].notna().to_numpy(bool)
    at = np.where(reached[:, 1:].any(axis=1), len(_BEGINS) - 1 - reached[:, ::-1].argmax(axis=1), -1)
    begins = np.column_stack([((rows["ended_at"] - rows[c]) / _HOUR).to_numpy(float) for c in _BEGINS])
    return at, begins[np.arange(len(rows)), at]
