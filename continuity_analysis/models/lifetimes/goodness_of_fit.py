"""Does a fitted law fit at all? Anderson and Darling's distance, its p by parametric bootstrap, for all groups at once.

The distance is between the law and the Kaplan-Meier curve, up to the longest observation; without censoring it is the
customary A². Since the parameters were estimated from the same durations, tables of its law do not hold: samples are
drawn from the law, censored as the durations were (by the Kaplan-Meier curve of censoring), and fitted anew. What is
known only between two limits is first drawn from the law between them.

References
----------
Anderson, T. W. and Darling, D. A. (1954), A test of goodness of fit, JASA 49.
Stute, W., González Manteiga, W. and Presedo Quindimil, M. (1993), Bootstrap based goodness-of-fit-tests, Metrika 40.
Koziol, J. A. and Green, S. B. (1976), A Cramér-von Mises statistic for randomly censored data, Biometrika 63.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.families import Family
from continuity_analysis.models.lifetimes.fitting import Fits, fit_lifetimes
from continuity_analysis.models.lifetimes.kaplan_meier import kaplan_meier
from continuity_analysis.models.lifetimes.observations import Observations, observations

BOOTSTRAPS = 1_000
NOT_TESTED = "not tested with delayed entry, weights or covariates"
FEW_SAMPLES = "too few samples drawn from the law could be fitted"
FEWEST = 5
TOO_FEW = f"fewer than {FEWEST} observations"
_ROWS_AT_ONCE = 1_000_000
_TINY = 1e-300


def anderson_darling(seen: Observations, fits: Fits, *, bootstraps: int = BOOTSTRAPS, seed: int = 0) -> pd.DataFrame:
    """The distance between each group's durations and its fitted law, and how often chance alone makes it as large.

    Parameters
    ----------
    seen : Observations
    fits : Fits
        Of the same observations.
    bootstraps : int
        Samples drawn from each law.
    seed : int
        Each group's draws depend on it, its own number and its own observations only.

    Returns
    -------
    DataFrame
        One row per group: statistic, p, n, n_drawn (known between limits only), reason (why statistic or p is null).
    """
    columns = {name: np.full(seen.groups, np.nan) for name in ("statistic", "p")}
    between = np.isfinite(seen.upper) & (seen.lower < seen.upper)
    reason = fits.reason.copy()
    reason[(reason == None) & (seen.n < FEWEST)] = TOO_FEW  # noqa: E711
    if any(x is not None for x in (seen.entry, seen.weight, seen.covariates)):
        reason[reason == None] = NOT_TESTED  # noqa: E711
    groups = np.flatnonzero(reason == None)  # noqa: E711
    per_part = np.cumsum(seen.n[groups] * bootstraps) // _ROWS_AT_ONCE
    for part in np.split(groups, np.flatnonzero(np.diff(per_part)) + 1):
        if not len(part):
            continue
        generators = [np.random.default_rng([seed, int(g)]) for g in part]
        here = _drawn_between(seen.take(part), fits, part, generators)
        found = distances(here, fit_lifetimes(here, fits.family))
        drawn = _samples(here, fits, part, bootstraps, generators)
        others = distances(drawn, fit_lifetimes(drawn, fits.family)).reshape(len(part), bootstraps)
        fitted = np.isfinite(others).sum(axis=1)
        with np.errstate(invalid="ignore"):
            p = (1 + (others >= found[:, None]).sum(axis=1)) / (1 + fitted)
        enough = (fitted >= 0.9 * bootstraps) & np.isfinite(found)
        columns["statistic"][part], columns["p"][part] = found, np.where(enough, p, np.nan)
        reason[part[~enough]] = FEW_SAMPLES
    n_drawn = np.bincount(seen.group[between], minlength=seen.groups)
    return pd.DataFrame({**columns, "n": seen.n, "n_drawn": n_drawn, "reason": pd.Series(reason, dtype="str")})


def distances(seen: Observations, fits: Fits) -> np.ndarray:
    """A² of durations known exactly or right-censored from their fitted laws, shape (groups,).

    On a stretch on which the curve has ended by c, from F = a to b, it is n times the integral of
    (c - u)² / (u (1 - u)), which is c² log u - (1 - c)² log(1 - u) - u between a and b.
    """
    ended = np.isfinite(seen.upper)
    curves = kaplan_meier(seen.lower, ended, group=seen.group, groups=seen.groups, confidence=None)
    some, count = curves.n > 0, np.diff(curves.bounds)
    last = np.zeros(len(curves.group), dtype=bool)
    last[curves.bounds[1:][some] - 1] = True
    before = np.append(0.0, 1 - curves.survival[:-1])
    before[curves.bounds[:-1][some]] = 0.0
    after = 1 - curves.survival
    with np.errstate(divide="ignore"):
        z = (np.log(curves.hours) - np.repeat(fits.location, count)) / np.repeat(fits.scale, count)
    share, log_ended, log_lasting = _law_at(fits.family, z)
    # each row ends one stretch and begins the next; what lies beyond the longest observation is looked at, up to F = 1,
    # only where all have ended by then
    stops = last & (curves.survival > 0)
    squares = before**2 - np.where(stops, 0.0, after**2)
    others = (1 - before) ** 2 - np.where(stops, 0.0, (1 - after) ** 2)
    terms = squares * log_ended - others * log_lasting - np.where(last, np.where(stops, share, 1.0), 0.0)
    return curves.n * np.bincount(curves.group, weights=terms, minlength=seen.groups)


def _law_at(family: Family, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share that has ended by z, its logarithm (0 at 0 h, where nothing has) and that of the share that lasts."""
    start = np.isneginf(z)
    log_lasting = np.where(start, 0.0, family.survival(np.where(start, 0.0, z))[0])
    share = -np.expm1(log_lasting)
    far = share > 0.5
    log_ended = np.log(np.where(far, 1.0, np.maximum(share, _TINY)))
    log_ended = np.where(far, np.log1p(-np.exp(np.where(far, log_lasting, -1.0))), log_ended)
    return share, np.where(start, 0.0, log_ended), np.maximum(log_lasting, -1 / _TINY)


def _drawn_between(seen: Observations, fits: Fits, groups: np.ndarray, generators) -> Observations:
    """What is known between limits drawn from the fitted law between them."""
    rows = np.flatnonzero(np.isfinite(seen.upper) & (seen.lower < seen.upper))
    if not len(rows):
        return seen
    of = seen.group[rows]
    u = np.concatenate([r.random(k) for r, k in zip(generators, np.bincount(of, minlength=seen.groups), strict=True)])
    location, scale = fits.location[groups][of], fits.scale[groups][of]
    with np.errstate(divide="ignore"):
        low, high = (_law_at(fits.family, (np.log(x[rows]) - location) / scale)[0] for x in (seen.lower, seen.upper))
    share = np.clip(low + u * (high - low), 1e-15, 1 - 1e-15)
    hours = np.exp(location + scale * fits.family.standard_quantile(share))
    hours = np.clip(hours, np.maximum(seen.lower[rows], np.finfo(float).tiny), seen.upper[rows])
    lower, upper = seen.lower.copy(), seen.upper.copy()
    lower[rows] = upper[rows] = hours
    return replace(seen, lower=lower, upper=upper)


def _samples(seen: Observations, fits: Fits, groups: np.ndarray, bootstraps: int, generators) -> Observations:
    """Samples of each law, as large as its group and censored likewise; those of group g are g * bootstraps and on."""
    n, ended = seen.n, np.isfinite(seen.upper)
    count = np.repeat(n, bootstraps)
    each = np.repeat(np.arange(seen.groups), n * bootstraps)
    u = np.concatenate([np.sort(r.random((bootstraps, k)), axis=1).ravel() for r, k in zip(generators, n, strict=True)])
    z = fits.family.standard_quantile(u)
    hours = np.exp(np.repeat(fits.location[groups], n * bootstraps) + np.repeat(fits.scale[groups], n * bootstraps) * z)
    upper = hours
    if not ended.all():
        seen_for = kaplan_meier(seen.lower, ~ended, group=seen.group, groups=seen.groups, confidence=None)
        v = np.concatenate([r.random(k * bootstraps) for r, k in zip(generators, n, strict=True)])
        row = np.searchsorted(2 * seen_for.group + 1 - seen_for.survival, 2 * each + v)
        last_seen = np.where(row < seen_for.bounds[each + 1], np.append(seen_for.hours, np.inf)[row], np.inf)
        upper = np.where(hours <= last_seen, hours, np.inf)
        hours = np.minimum(hours, last_seen)
    return observations(hours, upper, group=np.repeat(np.arange(len(count)), count), groups=len(count))
