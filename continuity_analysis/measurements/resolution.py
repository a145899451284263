"""How finely a product tells time: the coarsest unit of which all its moments are multiples.

A product that writes whole minutes leaves a duration of 0 anywhere below a minute. Its zeros and ties are not taken for
exact; what tells microseconds is.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN

UNITS = (HOUR // 3_600_000, HOUR // 3_600, HOUR // 60, HOUR, 24 * HOUR)
"""A millisecond, a second, a minute, an hour, a day [us]."""
FEWEST = 3
"""Moments it takes: that as many are whole minutes by chance happens once in 216,000 times."""


def measure_resolution(observations: pd.DataFrame, clocks: Sequence[str]) -> np.ndarray:
    """The resolution of each observation's product [h]: the coarser one of its clocks.

    Parameters
    ----------
    observations : DataFrame
        Result of `observe_incidents` or `combine_fleet`.
    clocks : sequence of str
        Columns of moments [us].

    Returns
    -------
    ndarray of float, shape (n,)
        0 where moments are finer than a millisecond, or too few to tell.
    """
    widths, product = np.zeros(len(observations)), pd.factorize(observations["product"])[0]
    for clock in clocks:
        moments = observations[clock].to_numpy()
        fits = pd.DataFrame({unit: (moments % unit == 0) | (moments == UNKNOWN) for unit in UNITS}).to_numpy()
        known = np.bincount(product[moments != UNKNOWN], minlength=product.max(initial=-1) + 1)
        every = np.ones((len(known), len(UNITS)), dtype=bool)
        np.logical_and.at(every, product, fits)
        units = np.where(known >= FEWEST, (every * np.asarray(UNITS)).max(axis=1, initial=0), 0)
        widths = np.maximum(widths, units[product] / HOUR)
    return widths
