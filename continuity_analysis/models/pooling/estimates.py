"""What each service's own incidents say of its median, and what they say together with those of all others.

Pooled intervals mix, over all that the likelihood does not rule out, the normal laws of a service's location; so what
is not known of mu, tau and sigma is in them. They are flat in mu, in tau² and in log sigma: flat in tau², as Morris
proposed, they hold the truth about as often as they say with few services too (docs/calibration_pooling.md).

References
----------
Morris, C. N. (1983), Parametric empirical Bayes inference: theory and applications, JASA 78.
Morris, C. N. and Tang, R. (2011), Estimating random effects via adjustment for density maximization, Statistical
Science 26.
Kackar, R. N. and Harville, D. A. (1984), Approximations for standard errors of estimators of fixed and random effects
in mixed linear models, JASA 79.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import (
    CONFIDENCE,
    Observations,
    fit_lifetimes,
    limits,
    observations,
    profile_interval,
    quantile_of_fit,
)
from continuity_analysis.models.pooling.marginal import services_of
from continuity_analysis.models.pooling.mixtures import mixture_quantiles
from continuity_analysis.models.pooling.ratios import GRID, OF_MU, OF_SIGMA, Ratios, integrate_ratios
from continuity_analysis.models.pooling.shares import between_share

FEWEST_SERVICES, FEWEST_WITHIN = 5, 5
FEW_SERVICES = f"fewer than {FEWEST_SERVICES} services with an incident that has ended"
FEW_WITHIN = f"fewer than {FEWEST_WITHIN} ended incidents beyond the first of each service"
NO_PROFILE = "the likelihood does not say how far services differ"
ZERO = "a duration of 0 h without a resolution"
NO_INCIDENT = "no incident"
_CLOSE = 0.05  # of the deviation within services; the logarithm of the likelihood changes by about a 10,000th
_SHARES = ((1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2)


def seen_durations(durations: pd.DataFrame, *, groups: int) -> Observations:
    """Durations of services as what is known of each.

    Parameters
    ----------
    durations : DataFrame
        Columns group (number of the service, from 0), hours [h], censored, and, where it is known, resolution_hours
        (of the timestamps [h]): durations of 0, and those that several of a service have in common, then lie between
        two limits.
    groups : int
        How many services there are.
    """
    group, hours = durations["group"].to_numpy(np.int64), durations["hours"].to_numpy(float)
    resolution = durations["resolution_hours"].to_numpy(float) if "resolution_hours" in durations else None
    ended = ~durations["censored"].to_numpy(bool)
    lower, upper = limits(hours, ended, group=group, resolution=resolution)
    return observations(lower, upper, group=group, groups=groups)


def own_medians(seen: Observations) -> pd.DataFrame:
    """Median of each service by its own incidents alone, as a lognormal law has it.

    Parameters
    ----------
    seen : Observations
        Durations, numbered by service.

    Returns
    -------
    DataFrame
        One row per service: n, n_censored, raw_hours [h] (of a single one that has ended, its duration), raw_low and
        raw_high (profile likelihood); null where there is no such law, and without limits with a single incident.
    """
    own = profile_interval(fit_lifetimes(seen, "lognormal"), quantile_of_fit(0.5))
    known = (seen.lower == seen.upper) & (seen.lower > 0)
    exact = (seen.sums(known.astype(np.int64)) == seen.n) & (seen.n > 0)
    mean = seen.sums(np.log(np.where(known, seen.lower, 1.0))) / np.maximum(seen.n, 1)
    hours = own["estimate"].fillna(pd.Series(np.where(exact, np.exp(mean), np.nan)))
    n = {"n": seen.n, "n_censored": seen.n - seen.n_events}
    return pd.DataFrame(n | {"raw_hours": hours, "raw_low": own["low"], "raw_high": own["high"]})


def pool_durations(seen: Observations) -> tuple[pd.DataFrame, pd.Series]:
    """Medians of services with few incidents, pooled: a random-effects lognormal model.

    Parameters
    ----------
    seen : Observations
        Durations, numbered by service, as of `seen_durations`.

    Returns
    -------
    DataFrame
        One row per service: pooled_hours, its median [h], with pooled_low and pooled_high; own_share, how much of it is
        its own (0-1); reason, why it is not pooled.
    Series
        Of all: n_services (that have incidents), typical_hours, the median of a typical service [h], with typical_low
        and typical_high; between_sd and within_sd, the deviations tau and sigma of the logarithms; between_share, that
        of the variance which lies between services, with between_low and between_high (profile of the restricted
        likelihood); reason.
    """
    some = np.flatnonzero(seen.n)
    whole = {"n_services": len(some)} | dict.fromkeys(WHOLE, np.nan) | {"reason": _reason(seen)}
    pooled = np.full((4, seen.groups), np.nan)
    found = None if whole["reason"] else _integrate(seen.take(some))
    if found:
        whole |= _of_all(found)
        pooled[:, some] = _of_each(found)
    elif not whole["reason"]:
        whole["reason"] = NO_PROFILE
    reason = np.where(seen.n == 0, NO_INCIDENT, whole["reason"])
    each = pd.DataFrame(dict(zip(("pooled_low", "pooled_hours", "pooled_high", "own_share"), pooled, strict=True)))
    return each[list(EACH)].assign(reason=pd.Series(reason, dtype="str")), pd.Series(whole, dtype=object)


EACH = ("pooled_hours", "pooled_low", "pooled_high", "own_share")
WHOLE = ("typical_hours", "typical_low", "typical_high", "between_sd", "within_sd", "between_share", "between_low",
         "between_high")  # fmt: skip


def _reason(seen: Observations) -> str | None:
    """Why nothing can be pooled, as far as it is seen without trying."""
    ended = seen.n_events
    if (seen.upper == 0).any():
        return ZERO
    if (ended > 0).sum() < FEWEST_SERVICES:
        return FEW_SERVICES
    return FEW_WITHIN if np.maximum(ended - 1, 0).sum() < FEWEST_WITHIN else None


def _integrate(seen: Observations) -> Ratios | None:
    """The likelihood of the ratio; what lies between limits so close that it makes no difference is taken as known."""
    with np.errstate(divide="ignore"):
        low, high = np.log(seen.lower), np.log(seen.upper)
    two_sided, begun = np.isfinite(low) & np.isfinite(high), np.isfinite(low)
    with np.errstate(invalid="ignore"):
        middle = np.select([two_sided, begun, np.isfinite(high)], [(low + high) / 2, low, high], 0.0)
    around = middle - (seen.sums(middle) / seen.n)[seen.group]
    within = np.sqrt((around**2).sum() / max(len(around) - seen.groups, 1))
    close = two_sided & (seen.lower < seen.upper) & (high - low < _CLOSE * within)
    known = [np.where(close, np.exp(middle), end) for end in (seen.lower, seen.upper)]
    services = services_of(replace(seen, lower=known[0], upper=known[1]), cases=GRID * OF_SIGMA * OF_MU)
    spread = middle.std()
    return integrate_ratios(services, spread if spread > 0 else 1.0, len(middle) / seen.groups)


def _weights(found: Ratios) -> np.ndarray:
    """How much each ratio and sigma counts, flat in tau²; shape (GRID, OF_SIGMA)."""
    weight = np.exp(found.loglik - found.loglik.max()) * found.step * found.ratio
    weight = weight[:, None] * found.share * found.sigma**2
    return weight / weight.sum()


def _of_all(found: Ratios) -> dict[str, float]:
    low, middle, high = np.exp(mixture_quantiles(_SHARES, _weights(found), found.mu, found.mu_variance))
    return {"typical_hours": middle, "typical_low": low, "typical_high": high} | between_share(found)


def _of_each(found: Ratios) -> np.ndarray:
    """Lower limit, median and upper limit [h], and how much is its own; shape (4, services)."""
    weights = _weights(found)
    quantiles = np.exp(mixture_quantiles(_SHARES, weights, found.mean, found.variance))
    return np.concatenate([quantiles, np.einsum("ra,ras->s", weights, found.own)[None]])
