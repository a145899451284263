"""The coming period: how available it will be, and the chance that it meets the objective.

Each run draws a rate and a law of down times from what the observations leave open, then a period of failures from
them: the spread holds both what is not known of the process and what chance will do. Failures are taken as
independent of each other.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import CONFIDENCE
from continuity_analysis.models.generalised import DRAWS, SEED, FailureLaw
from continuity_analysis.models.verdicts import reals

_TAIL = (1 - CONFIDENCE) / 2


def forecast_availability(law: FailureLaw, hours, *, planned_hours=0.0, objective=np.nan) -> pd.DataFrame:
    """The law of the coming period's availability.

    Parameters
    ----------
    law : FailureLaw
    hours : array of float, shape (groups,)
        Agreed hours of the period [h].
    planned_hours : array of float
        Planned down time already announced for it [h].
    objective : array of float
        Promised availability, 0 to 1; NaN: not set.

    Returns
    -------
    DataFrame
        forecast (mean), forecast_low, forecast_high (95 % prediction interval); chance to meet the objective and
        chance_error, its Monte Carlo standard error. Null where there are no agreed hours.
    """
    groups = len(law.rate)
    length, planned, goal = reals(hours, groups), reals(planned_hours, groups), reals(objective, groups)
    length = np.where(length > 0, length, np.nan)
    down = simulate_down_hours(law, np.nan_to_num(length))
    drawn = np.clip(1 - (down + planned[:, None]) / length[:, None], 0, 1)
    met = np.where(np.isnan(goal) | np.isnan(length), np.nan, (drawn >= goal[:, None] - 1e-12).mean(axis=1))
    low, high = np.quantile(drawn, [_TAIL, 1 - _TAIL], axis=1)
    return pd.DataFrame(
        {
            "forecast": drawn.mean(axis=1),
            "forecast_low": low,
            "forecast_high": high,
            "chance": met,
            "chance_error": np.sqrt(met * (1 - met) / DRAWS),
        }
    )


def chance_of_no_failure(n, up_hours, *, hours) -> np.ndarray:
    """At least so likely is a period without any failure: one-sided 95 % bound from the rate's upper bound.

    Parameters
    ----------
    n, up_hours : array
        Failures, and the up time [h] in which they happened; without a failure the rate is at most 3.00 / up time.
    hours : array of float
        Length of the period [h].
    """
    from scipy.special import gammaincinv

    up = np.asarray(up_hours, dtype=float)
    most = gammaincinv(np.asarray(n, dtype=float) + 1, CONFIDENCE)
    return np.exp(-most * np.asarray(hours, dtype=float) / np.where(up > 0, up, np.nan))


def simulate_down_hours(law: FailureLaw, hours: np.ndarray) -> np.ndarray:
    """Down time of one period per draw [h], in hours of full outage, shape (groups, draws).

    Up and down follow each other until the period is over, for all groups and draws at once; each step's random numbers
    are the same for every group, so that no group depends on the others.
    """
    length = np.repeat(hours, DRAWS)
    rate, mu, sigma = law.rate.ravel(), law.mu.ravel(), law.sigma.ravel()
    now = law.left_hours.ravel().copy()
    down = np.minimum(now, length)
    rng, still = np.random.default_rng([SEED, 5]), np.flatnonzero(now < length)
    while len(still):
        wait, z = rng.standard_exponential(DRAWS), rng.standard_normal(DRAWS)
        begun = now[still] + wait[still % DRAWS] / rate[still]
        inside = begun < length[still]
        still, begun = still[inside], begun[inside]
        with np.errstate(over="ignore"):
            lasts = np.exp(mu[still] + sigma[still] * z[still % DRAWS])
        now[still] = begun + lasts
        down[still] += np.minimum(lasts, length[still] - begun)
        still = still[now[still] < length[still]]
    return down.reshape(law.rate.shape)
