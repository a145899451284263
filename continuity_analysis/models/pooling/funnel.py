"""Which services differ from one law common to all by more than so few incidents explain: a funnel.

Each service's median by its own incidents, with the deviation within services that all share, against that of all
together. With complete durations the distance over its standard error is Student's t exactly; with censored ones it is
the signed root of twice what the logarithm of the likelihood loses, and an incident counts for what it tells. Where
services differ beyond chance (tau above zero) the wider limits say what is usual among them.

References
----------
Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24.
Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import FAMILIES, SCALE, Observations, observations
from continuity_analysis.models.lifetimes.likelihood import likelihood
from continuity_analysis.models.lifetimes.newton import Maxima, maximise
from continuity_analysis.models.multiple_tests import benjamini_hochberg

LEVEL = 0.05
LONGER, SHORTER, EXPECTED, NONE_ENDED = "longer", "shorter", "as expected by chance", "none has ended"
EACH = ("own_hours", "n_effective", "p", "adjusted_p")
WHOLE = ("common_hours", "n_common", "freedom")


def compare_with_common(seen: Observations, within: float) -> tuple[pd.DataFrame, pd.Series]:
    """Each service's median against that of one law common to all.

    Parameters
    ----------
    seen : Observations
        Durations, numbered by service.
    within : float
        Deviation of the logarithms within services (`within_sd` of `pool_durations`); all is null where it is.

    Returns
    -------
    DataFrame
        One row per service: own_hours, its median with the deviation that all share [h]; n_effective, how many ended
        incidents tell as much as its own; p (two-sided, Student's t) and adjusted_p (Benjamini-Hochberg over the
        services); verdict ("longer", "shorter" at 5 %, "as expected by chance"; "none has ended"; null without a
        deviation or an incident).
    Series
        common_hours, the median of the common law [h]; n_common, n_effective of all; freedom, degrees of freedom.
    """
    each = pd.DataFrame(np.full((seen.groups, len(EACH)), np.nan), columns=list(EACH))
    whole = pd.Series(np.nan, index=list(WHOLE))
    verdict = np.where(seen.n == 0, None, np.where(seen.n_events == 0, NONE_ENDED, None))
    some = np.flatnonzero(seen.n_events)
    if np.isfinite(within):
        whole[:], common = _common(seen, within, services=len(some))
        each.loc[some] = found = _distances(seen.take(some), within, common, n=whole["n_common"], df=whole["freedom"])
        changed = np.where(found[:, 0] > whole["common_hours"], LONGER, SHORTER)
        verdict[some] = np.where(found[:, 3] <= LEVEL, changed, EXPECTED)
    return each.assign(verdict=pd.Series(verdict, dtype="str")), whole


def funnel_limits(whole: pd.Series, n, *, confidence: float, differ: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Between what the medians of services of some size lie, by chance.

    Parameters
    ----------
    whole : Series
        common_hours, n_common, freedom and within_sd; between_sd and typical_hours where services `differ`.
    n : array of float
        How many incidents.
    confidence : float
    differ : bool
        Whether services differ as much as estimated, or share one law.

    Returns
    -------
    low, high : ndarray of float [h]
    """
    from scipy.special import ndtri, stdtrit

    n, tail = np.asarray(n, dtype=float), (1 + confidence) / 2
    if differ:
        half = ndtri(tail) * np.sqrt(whole["between_sd"] ** 2 + whole["within_sd"] ** 2 / n)
        return whole["typical_hours"] * np.exp(-half), whole["typical_hours"] * np.exp(half)
    rest = np.maximum(1 / n - 1 / whole["n_common"], 0)
    half = stdtrit(whole["freedom"], tail) * whole["within_sd"] * np.sqrt(rest)
    return whole["common_hours"] * np.exp(-half), whole["common_hours"] * np.exp(half)


def _common(seen: Observations, within: float, *, services: int) -> tuple[tuple[float, float, float], float]:
    """The law common to all: its median, what all incidents tell, degrees of freedom; and its location."""
    together = observations(seen.lower, seen.upper)
    top, location = _located(together, within)
    n = -top.hessian[0, 0, 0]
    return (float(np.exp(location[0])), float(n), float(seen.n_events.sum() - services)), location[0]


def _distances(seen: Observations, within: float, common: float, *, n: float, df: float) -> np.ndarray:
    """own_hours, n_effective, p and adjusted_p of services of which some incident has ended."""
    from scipy.special import stdtr

    top, location = _located(seen, within)
    of = likelihood(seen, FAMILIES["lognormal"])
    there = np.column_stack([(of.centre - common) / within, np.full(seen.groups, 1 / within)])
    own = -top.hessian[:, 0, 0]
    lost = np.sqrt(2 * np.maximum(top.value - of.evaluate(there)[0], 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(df, -lost / np.sqrt(1 - own / n))
    p = np.where(top.converged & (own < n), p, np.nan)
    return np.column_stack([np.where(top.converged, np.exp(location), np.nan), own, p, benjamini_hochberg(p)])


def _located(seen: Observations, within: float) -> tuple[Maxima, np.ndarray]:
    """The most likely location of each group, the deviation held."""
    of = likelihood(seen, FAMILIES["lognormal"])
    held = SCALE.held(of, np.full(seen.groups, np.log(within)))
    top = maximise(of, held, np.zeros((seen.groups, 1)))
    return top, of.centre - within * top.theta[:, 0]
