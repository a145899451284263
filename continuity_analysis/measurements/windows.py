"""Many windows of every service at once: each pair of service and window becomes a row of its own.

What was measured of services is then measured of pairs, all in one go.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.calendar import Windows
from continuity_analysis.measurements.intervals import Intervals, clip, intervals, last_begun, ranges, union
from continuity_analysis.measurements.watched_time import Observation


def measure_failures_of(disruptions: pd.DataFrame) -> Intervals:
    """The failure that each disruption is part of, as long as all of it touches; itself, where it makes none.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.

    Returns
    -------
    Intervals
        One per row of `disruptions`; the group is its service.
    """
    own = intervals(*(disruptions[c].to_numpy(np.int64) for c in ("code", "start", "end")))
    failing = ((disruptions["impact"] > 0) & ~disruptions["planned"]).to_numpy(bool)
    if not failing.any():
        return own
    whole = union(own[failing])
    which = last_begun(whole, own)
    start, end = (np.where(failing, a[which], b) for a, b in ((whole.start, own.start), (whole.end, own.end)))
    return intervals(own.group, start, end)


def reach_back(disruptions: pd.DataFrame, start: int) -> int:
    """The begin of the earliest failure that is under way at `start`, or that touches it; else `start` itself [us]."""
    whole = measure_failures_of(disruptions)
    begun = whole.start[(whole.start < start) & (whole.end >= start)]
    return int(begun.min(initial=start))


def observe_windows(
    disruptions: pd.DataFrame, observation: Observation, windows: Windows
) -> tuple[pd.DataFrame, Observation]:
    """Disruptions and observation of services as those of pairs of service and window.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation
        Of the time from the first window's start to the last one's end.
    windows : Windows

    Returns
    -------
    disruptions : DataFrame
        One row per disruption and window that it touches; code is the row of the pair.
    observation : Observation
        Its services are the pairs, service by service, in each the windows in order.
    """
    whole, n = measure_failures_of(disruptions), len(windows)
    last = np.maximum(whole.end, disruptions["tail"].to_numpy(np.int64))
    low = np.searchsorted(windows.end, whole.start, side="right")
    high = np.searchsorted(windows.start, last, side="right")
    row, window = ranges(low, np.maximum(high - low, 0))
    pair = whole.group[row] * n + window
    spans = _spans(observation, windows)
    begin = spans.start.copy()
    under_way = whole.end[row] >= windows.start[window]
    np.minimum.at(begin, pair[under_way], whole.start[row[under_way]])
    agreed = _of_pairs(intervals(spans.group, begin, spans.end), observation.agreed)
    coverage = _of_pairs(spans, observation.coverage)
    pairs = observation.services.loc[spans.group].reset_index(drop=True)
    return disruptions.iloc[row].assign(code=pair), Observation(pairs, agreed, coverage, spans.start, spans.end)


def _spans(observation: Observation, windows: Windows) -> Intervals:
    """The windows of every service, up to where it was observed; the group is the service."""
    services = len(observation.services)
    end = np.maximum(np.minimum(windows.end, observation.end), windows.start)
    return intervals(
        np.repeat(np.arange(services), len(windows)), *(np.tile(m, services) for m in (windows.start, end))
    )


def _of_pairs(spans: Intervals, inside: Intervals) -> Intervals:
    pieces, pair = clip(spans, inside)
    return Intervals(pair, pieces.start, pieces.end)
