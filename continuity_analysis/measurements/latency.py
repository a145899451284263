"""Response times, counted up to fixed bounds, into how many served requests were answered within a limit.

A latency promise is about requests that were served: one that failed fast is no fast answer, and is counted by request
availability already. The histogram of a log counts all requests, so that in a minute in which some failed or were
refused it is known only within bounds how many of the fast answers were theirs; so it is where the limit lies between
two bounds of the histogram. In any other minute the count is exact.
"""

import numpy as np
import pandas as pd

from continuity_analysis.tables import LATENCY_BOUNDS

_TOLERANCE = 1e-9
_AT_ONCE = 100_000  # rows of histograms in memory together


def count_in_time(requests: pd.DataFrame, limit_seconds: np.ndarray) -> pd.DataFrame:
    """The requests with, per row, how many were served and at least and at most how many of them within the limit.

    Parameters
    ----------
    requests : DataFrame
        Canonical requests.
    limit_seconds : ndarray of float, shape (rows,)
        The limit, inclusive [s]; NaN: none.

    Returns
    -------
    DataFrame
        `requests` with served (total less failed and rejected), in_time_low, in_time_high (null without a limit). A
        served request whose time is not told may have been in time or not.
    """
    total, failed, rejected = (requests[c].to_numpy(float, na_value=0.0) for c in ("total", "failed", "rejected"))
    served = np.maximum(total - failed - rejected, 0.0)
    timed, low, high = _within(requests["latency_histogram"].to_numpy(), np.asarray(limit_seconds, dtype=float))
    others = np.maximum(timed - served, 0.0)  # failed and refused ones that are counted, too
    untimed = np.maximum(served - timed, 0.0)
    none = np.isnan(limit_seconds)
    return requests.assign(
        served=served,
        in_time_low=np.where(none, np.nan, np.minimum(np.maximum(low - others, 0.0), served)),
        in_time_high=np.where(none, np.nan, np.minimum(high + untimed, served)),
    )


def _within(histograms: np.ndarray, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many response times each row has, and at least and at most how many up to its limit."""
    bounds = np.array(LATENCY_BOUNDS)
    known = np.searchsorted(bounds, limits * (1 + _TOLERANCE), side="right")  # bounds that the limit reaches
    exact = np.isclose(limits, bounds[np.maximum(known - 1, 0)], rtol=_TOLERANCE, atol=0.0)
    found = np.zeros((3, len(histograms)))
    told = np.flatnonzero([h is not None for h in histograms])
    for first in range(0, len(told), _AT_ONCE):
        rows = told[first : first + _AT_ONCE]
        counts = np.concatenate(histograms[rows]).reshape(len(rows), len(bounds) + 1)
        up_to = np.cumsum(np.column_stack([np.zeros(len(rows)), counts]), axis=1)
        k, here = known[rows], np.arange(len(rows))
        found[:, rows] = up_to[:, -1], up_to[here, k], up_to[here, np.minimum(k + ~exact[rows], len(bounds) + 1)]
    return found[0], found[1], found[2]
