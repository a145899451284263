"""How coarse the timestamps of a product are: what is cut to whole minutes leaves durations uncertain by as much."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN

_SECOND = HOUR // 3600
UNITS = (60 * _SECOND, _SECOND)


def timestamp_resolution(durations: pd.DataFrame, *, start: str = "started", end: str = "restored") -> np.ndarray:
    """The coarsest of minute and second that all moments of a product are whole multiples of.

    Parameters
    ----------
    durations : DataFrame
        Result of `measure_durations`: columns product and the two clock ends.
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    ndarray of float, shape (n,)
        Of each row [h]; 0 where the product's moments are finer than a second.
    """
    product = pd.factorize(durations["product"])[0]
    moments = durations[[start, end]].to_numpy(np.int64)
    resolution = np.zeros(len(durations))
    for unit in reversed(UNITS):
        finer = ((moments != UNKNOWN) & (moments % unit != 0)).any(axis=1)
        coarse = np.bincount(product, weights=finer, minlength=product.max(initial=-1) + 1) == 0
        resolution = np.where(coarse[product], unit / HOUR, resolution)
    return resolution
