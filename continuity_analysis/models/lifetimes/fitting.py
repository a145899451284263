"""Censored maximum likelihood of a family for all groups at once, and which family fits best.

A group of which the likelihood has no maximum (nothing ended, all equal, a single one) has no fit, with the reason.

References
----------
Meeker, W. Q. and Escobar, L. A. (1998), Statistical Methods for Reliability Data, chapters 8, 11 and 17.
Burnham, K. P. and Anderson, D. R. (2002), Model Selection and Multimodel Inference.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.families import FAMILIES, Family
from continuity_analysis.models.lifetimes.likelihood import Likelihood, likelihood
from continuity_analysis.models.lifetimes.newton import ROWS_AT_ONCE, Maxima, Path, maximise
from continuity_analysis.models.lifetimes.observations import Observations

NOTHING = "no observations"
NONE_ENDED = "none has ended"
ZERO = "a duration of 0 h without a resolution"
ALL_EQUAL = "all may be equal"
NO_MAXIMUM = "the likelihood has no maximum"
SEPARABLE = 7.0
BEST, NOT_SEPARABLE, WORSE = "best", "not separable from the best", "worse"


@dataclass(frozen=True, eq=False)
class Fits:
    """A family fitted to each group.

    Attributes
    ----------
    family : Family
    n, n_events : ndarray of int64, shape (groups,)
    coefficients : ndarray, shape (groups, 1 + k)
        Location of the logarithm of hours, then what each covariate adds to it; NaN without a fit.
    scale : ndarray, shape (groups,)
        Of the logarithm of hours.
    loglik : ndarray, shape (groups,)
        Logarithm of the likelihood, durations in hours.
    reason : ndarray of object, shape (groups,)
        Why there is no fit; None where there is one.
    parts : tuple of (ndarray, Likelihood, Maxima)
        Groups that were fitted together: their numbers, their likelihood and its maxima.
    """

    family: Family
    n: np.ndarray
    n_events: np.ndarray
    coefficients: np.ndarray
    scale: np.ndarray
    loglik: np.ndarray
    reason: np.ndarray
    parts: tuple[tuple[np.ndarray, Likelihood, Maxima], ...]

    @property
    def parameters(self) -> int:
        """How many were estimated."""
        return self.coefficients.shape[1] + (self.family.scale is None)

    @property
    def location(self) -> np.ndarray:
        """Location of the logarithm of hours, all covariates 0, shape (groups,)."""
        return self.coefficients[:, 0]

    @property
    def aicc(self) -> np.ndarray:
        """Akaike's criterion corrected for small samples, shape (groups,); NaN with too few for it."""
        k, spare = self.parameters, self.n - self.parameters - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spare > 0, 2 * k - 2 * self.loglik + 2 * k * (k + 1) / spare, np.nan)


def fit_lifetimes(seen: Observations, family: str | Family) -> Fits:
    """The law of a family under which what was observed of each group is likeliest.

    Parameters
    ----------
    seen : Observations
    family : {"exponential", "weibull", "lognormal", "loglogistic"} or Family

    Returns
    -------
    Fits
    """
    family = FAMILIES[family] if isinstance(family, str) else family
    columns = 1 if seen.covariates is None else 1 + seen.covariates.shape[1]
    n, n_events = seen.n, seen.n_events
    reason = _reasons(seen, family, n_events)
    coefficients, scale = np.full((seen.groups, columns), np.nan), np.full(seen.groups, np.nan)
    loglik, parts = np.full(seen.groups, np.nan), []
    for groups in _parts(seen, np.flatnonzero(reason == None)):  # noqa: E711
        of = likelihood(seen.take(groups), family)
        found = maximise(of, free_path(family), _start(of))
        ok = found.converged
        reason[groups[~ok]] = NO_MAXIMUM
        scale[groups] = np.where(ok, 1 / found.theta[:, -1], np.nan)
        coefficients[groups] = -found.theta[:, :-1] * scale[groups, None]
        coefficients[groups, 0] += of.centre
        loglik[groups] = found.value
        parts.append((groups[ok], of if ok.all() else of.take(np.flatnonzero(ok)), found.take(ok)))
    return Fits(family, n, n_events, coefficients, scale, loglik, reason, tuple(parts))


def compare_families(fits: list[Fits]) -> pd.DataFrame:
    """Which of the families fitted to the same observations fits each group best.

    Parameters
    ----------
    fits : list of Fits

    Returns
    -------
    DataFrame
        One row per group and family, the best of each group first: group, family, loglik, aicc, difference (from the
        best), verdict ("best", "not separable from the best" below a difference of 7, "worse"; null without a fit),
        reason.
    """
    rows = [
        pd.DataFrame({"group": np.arange(len(f.n)), "family": f.family.name, "loglik": f.loglik, "aicc": f.aicc,
                      "reason": pd.Series(f.reason, dtype="str")})
        for f in fits
    ]  # fmt: skip
    table = pd.concat(rows, ignore_index=True).sort_values(["group", "aicc"], kind="stable", ignore_index=True)
    difference = table["aicc"] - table.groupby("group")["aicc"].transform("min")
    first = ~table["group"].duplicated()
    verdict = np.select([difference.isna(), first, difference < SEPARABLE], [None, BEST, NOT_SEPARABLE], WORSE)
    table = table.assign(difference=difference, verdict=pd.Series(verdict, dtype="str"))
    return table[["group", "family", "loglik", "aicc", "difference", "verdict", "reason"]]


def free_path(family: Family) -> Path:
    """All parameters free, but the scale where the family has but one."""

    def path(free, groups):
        if family.scale is None:
            return free, None, None
        eye = np.broadcast_to(np.eye(free.shape[1]), (len(free), *free.shape[1:] * 2))
        theta = np.column_stack([free, np.full(len(free), 1 / family.scale)])
        return theta, np.concatenate([eye, np.zeros((len(free), 1, free.shape[1]))], axis=1), None

    return path


def _start(of: Likelihood) -> np.ndarray:
    """Free parameters that give the mean and the deviation of the logarithms, censored ones taken as they are."""
    mean, deviation = of.family.moments
    free = np.zeros((len(of.centre), of.columns - (of.family.scale is not None)))
    free[:, 0] = mean
    if of.family.scale is None:
        free[:, -1] = deviation / np.where(of.spread > 0, of.spread, 1.0)
    return free


def _parts(seen: Observations, groups: np.ndarray) -> list[np.ndarray]:
    """The groups, in parts of about as many rows as fit into the processor's own memory."""
    before = np.cumsum(seen.n[groups]) // ROWS_AT_ONCE
    return [part for part in np.split(groups, np.flatnonzero(np.diff(before)) + 1) if len(part)]


def _reasons(seen: Observations, family: Family, n_events: np.ndarray) -> np.ndarray:
    """Why groups have no fit, as far as it is seen without trying: any law of one value would explain everything."""
    largest, smallest, zero = np.zeros(seen.groups), np.full(seen.groups, np.inf), np.zeros(seen.groups, dtype=bool)
    n = seen.n
    some = np.flatnonzero(n)
    if len(some):
        first = (np.cumsum(n) - n)[some]
        largest[some] = np.maximum.reduceat(seen.lower, first)
        smallest[some] = np.minimum.reduceat(seen.upper, first)
        zero[some] = smallest[some] == 0
    one_value = (largest <= smallest) & (family.scale is None)
    conditions = [n == 0, n_events == 0, zero, one_value]
    return np.select(conditions, np.array([NOTHING, NONE_ENDED, ZERO, ALL_EQUAL], dtype=object), None)
