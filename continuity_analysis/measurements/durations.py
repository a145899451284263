"""Durations between two moments of incidents; open ones are censored, and what is left out says why.

Mean time to detect, acknowledge, mitigate, restore: each is named by its two clock ends, as those names have several
meanings. A missing moment is missing, never zero.
"""

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.clock import HOUR, UNKNOWN
from continuity_analysis.measurements.observations import CLOCKS
from continuity_analysis.measurements.resolution import measure_resolution

CLOSURE = "ticket closure, an upper bound"
EARLY = "detected before the impact: 0 h"
BEFORE = "began before the period"


def measure_durations(observations: pd.DataFrame, *, start: str = "started", end: str = "restored") -> pd.DataFrame:
    """Durations between two clock ends of incidents.

    Parameters
    ----------
    observations : DataFrame
        Result of `observe_incidents` or `combine_fleet`.
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    DataFrame
        `observations` and: hours [h], up to when it was last seen open where `censored`; entry_hours, how long it had
        lasted when it came under observation (0, but where it began before its source's coverage) [h];
        resolution_hours, of its product's moments [h]; excluded (why it is no observation; null where it is one);
        end_basis (null, or that the end is a ticket's closure); remark.

    Raises
    ------
    InputError
        If a clock end is not one of these, or they are the same or the wrong way round.
    """
    _check(start, end)
    first, last = observations[start].to_numpy(), observations[end].to_numpy()
    censored = (last == UNKNOWN) & _is_open(observations, end) & _is_recorded(observations, end)
    stop = np.where(censored, np.maximum(observations["seen"], first), last)
    known = (first != UNKNOWN) & (stop != UNKNOWN)
    hours = np.where(known, (stop - np.where(known, first, stop)) / HOUR, np.nan)
    early = known & (hours < 0) & ((start, end) == ("started", "detected"))
    hours = np.where(early, 0.0, hours)
    reasons = _reasons(observations, hours, start=start, end=end)
    closure = observations["closure"].to_numpy() & (end == "restored") & ~censored
    return observations.assign(
        hours=np.where(hours < 0, np.nan, hours),
        entry_hours=_entries(observations, first, hours),
        resolution_hours=measure_resolution(observations, (start, end)),
        censored=censored & known,
        excluded=observations["excluded"].where(observations["excluded"].notna(), reasons),
        end_basis=pd.Series(np.where(closure, CLOSURE, ""), index=observations.index).where(closure).astype("str"),
        remark=pd.Series(np.where(early, EARLY, ""), index=observations.index).where(early).astype("str"),
    )


def in_period(durations: pd.DataFrame, start: int, *, end: int) -> pd.DataFrame:
    """Durations of what began in [start, end), and, excluded, of what was under way at its start.

    Parameters
    ----------
    durations : DataFrame
        Result of `measure_durations`.
    start, end : int
        Microseconds since 1970.
    """
    begun = durations["started"]
    stop = durations["restored"].where(durations["restored"] != UNKNOWN, durations["seen"])
    under_way = (begun < start) & (stop > start)
    kept = durations[((begun >= start) & (begun < end)) | under_way]
    before = under_way[kept.index] & kept["excluded"].isna()
    return kept.assign(excluded=kept["excluded"].mask(before, BEFORE)).reset_index(drop=True)


def _check(start: str, end: str) -> None:
    for clock in (start, end):
        if clock not in CLOCKS:
            raise InputError(f"Expected a clock end, one of {', '.join(CLOCKS)}, got {clock!r}.")
    if CLOCKS.index(start) >= CLOCKS.index(end):
        raise InputError(f"Expected a start before the end in {', '.join(CLOCKS)}, got {start!r} to {end!r}.")


def _entries(observations: pd.DataFrame, first: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """How long each had lasted when it came under observation [h]; one that was over by then was seen nonetheless."""
    entered = np.where(first == UNKNOWN, UNKNOWN, np.maximum(observations["entered"], first))
    late = (entered - np.where(first == UNKNOWN, UNKNOWN, first)) / HOUR
    return np.where(late < np.nan_to_num(hours), late, 0.0)


def _is_open(observations: pd.DataFrame, end: str) -> np.ndarray:
    """Open tickets; one that was mitigated and not closed is open for restoration only."""
    return observations["is_open"].to_numpy() & (observations[end] == UNKNOWN).to_numpy()


def _is_recorded(observations: pd.DataFrame, end: str) -> np.ndarray:
    """Whether the product says at all when incidents reach this end; what it never says is missing, not censored."""
    return np.ones(len(observations), dtype=bool) if end == "restored" else observations[f"tells_{end}"].to_numpy(bool)


def _reasons(observations: pd.DataFrame, hours: np.ndarray, *, start: str, end: str) -> pd.Series:
    missing = "resolved without a time" if end == "restored" else f"no {end}_at"
    created = observations["creation"].to_numpy() & ((start, end) == ("started", "detected"))
    holds = [created, (observations[start] == UNKNOWN).to_numpy(), np.isnan(hours), hours < 0]
    words = ["started_at is when the record was made", f"no {start}_at", missing, f"{end} before {start}"]
    found = pd.Series(np.select(holds, words, ""), index=observations.index)
    return found.where(found != "").astype("str")
