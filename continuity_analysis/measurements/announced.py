"""Planned work that is announced: the down time that a coming period already holds."""

import numpy as np

from continuity_analysis.measurements.clock import UNKNOWN, to_hours, to_microseconds
from continuity_analysis.measurements.corrected import counted_incidents
from continuity_analysis.measurements.intervals import Intervals, clip, intervals
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.services import codes_of


def measure_announced(logs, services, agreed: Intervals) -> np.ndarray:
    """Announced planned down time of every service within agreed hours to come [h].

    Parameters
    ----------
    logs : Logs
        Its incidents are read: planned ones not yet over, with the window announced for them. As for what is past, one
        without a stated impact costs nothing.
    services : DataFrame
        Result of `measure_services`.
    agreed : Intervals
        Agreed hours of the coming period, per row of `services`.
    """
    rows = counted_incidents(logs, corrected=True)
    planned = rows["planned"].fillna(False).astype(bool) | (rows["kind"] == "maintenance").fillna(False)
    ahead = planned & rows["status"].isin(["scheduled", "open"]) & rows["scheduled_until_at"].notna()
    rows = rows[ahead.astype(bool) & (rows["impact"].fillna(0) > 0)]
    code = codes_of(rows["service"], services)
    start, end, known = (to_microseconds(rows[c]) for c in ("scheduled_from_at", "scheduled_until_at", "started_at"))
    start = np.where(start == UNKNOWN, known, start)
    kept = (code >= 0) & (start != UNKNOWN)
    pieces, which = clip(intervals(code[kept], start[kept], end[kept]), agreed)
    steps, weight = highest(pieces, rows["impact"].to_numpy(float)[kept][which])
    return np.bincount(steps.group, weights=weight * to_hours(steps.end - steps.start), minlength=len(services))
