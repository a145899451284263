"""A rate from how many events were counted: the exact interval, and two that are shorter and hold less often.

Reports print the exact one, whose coverage is at least what it says for every rate. The others stand beside it in
docs/calibration.md to show what that costs and saves.

References
----------
Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28.
Brown, L. D., Cai, T. T. and DasGupta, A. (2003), Interval estimation in exponential families, Statistica Sinica 13.
"""

import numpy as np

CONFIDENCE = 0.95


def garwood(events, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of the mean number of events.

    Parameters
    ----------
    events : array of int
        Of none the lower limit is 0.

    Returns
    -------
    low, high : ndarray of float
    """
    from scipy.special import gammaincinv

    n, tail = np.asarray(events, dtype=float), (1 - confidence) / 2
    some = n > 0
    low = np.where(some, gammaincinv(np.where(some, n, 1.0), tail), 0.0)
    return low, gammaincinv(n + 1, 1 - tail)


def score(events, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Score interval of the mean number of events; parameters and returns as of `garwood`."""
    from scipy.special import ndtri

    n, z = np.asarray(events, dtype=float), ndtri((1 + confidence) / 2)
    half = z * np.sqrt(n + z**2 / 4)
    return n + z**2 / 2 - half, n + z**2 / 2 + half


def jeffreys(events, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Equal-tailed interval of the mean number of events under Jeffreys' prior; parameters as of `garwood`."""
    from scipy.special import gammaincinv

    n, tail = np.asarray(events, dtype=float), (1 - confidence) / 2
    return gammaincinv(n + 0.5, tail), gammaincinv(n + 0.5, 1 - tail)
