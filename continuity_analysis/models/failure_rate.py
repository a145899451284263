"""How often services fail: rates with the exact and with the overdispersed interval, and the times between failures.

The exact (Poisson) interval supposes that failures come independently. The overdispersed one lets the failures say how
far they cluster: it splits the up time of a service into equal parts and compares the variance of their counts with
their mean (the index of dispersion, 1 for a Poisson process). Both are always given, and no test chooses between them.

References
----------
Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28.
Cox, D. R. and Lewis, P. A. W. (1966), The Statistical Analysis of Series of Events, ch. 6 (index of dispersion).
McCullagh, P. and Nelder, J. A. (1989), Generalized Linear Models, 2nd ed., ch. 6 and 9 (quasi-Poisson).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import CONFIDENCE, HOURS_PER_YEAR, estimate_rate

FEWEST_PARTS, MOST_PARTS, FAILURES_PER_PART = 10, 50, 2
_TAIL = (1 - CONFIDENCE) / 2


def estimate_failure_rates(failures: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Failure rates, mean times between failures and mean down time of every service.

    Parameters
    ----------
    failures : DataFrame
        Result of `measure_failures`.
    measured : DataFrame
        Result of `measure_downtime` of the same window.

    Returns
    -------
    DataFrame
        One row per service: service, n, up_hours; failures_per_year with rate_low, rate_high (exact) and with
        rate_low_overdispersed, rate_high_overdispersed, dispersion, n_parts (null from fewer than 20 failures), all per
        year of 8760 h of up time; without a failure rate_high is the one-sided bound 3.00 / up time. mtbf_hours (up
        time per failure) and mtbsi_hours (start to start: known time per failure, so that the time before the first and
        after the last counts) with …_low and …_high (exact; without a failure …_low is the one-sided bound);
        mean_down_hours per failure (arithmetic, full outage, null while one has no known end) and n_censored.
    """
    n, up = measured["n"].to_numpy(), measured["up_hours"].to_numpy(float)
    rates = estimate_rate(n, up)
    between = {**_between(n, up, name="mtbf"), **_between(n, measured["known_hours"].to_numpy(float), name="mtbsi")}
    spread = estimate_overdispersed(failures, n, up_hours=up)
    columns = {"service": measured["service"].to_numpy(), "n": n, "up_hours": up}
    rates = rates.drop(columns="mtbf_hours")
    rest = {**between, **_mean_down(failures, len(n))}
    return pd.concat([pd.DataFrame(columns), rates, spread, pd.DataFrame(rest)], axis=1)


def estimate_overdispersed(failures: pd.DataFrame, n: np.ndarray, *, up_hours: np.ndarray) -> pd.DataFrame:
    """The interval of the rate if failures cluster as much as their counts say.

    Up time is split into equal parts, as many as leave 2 failures to each but at most 50. The interval is
    rate x exp(± t √(dispersion / n)), with t of Student's law for as many parts less one, and the dispersion never
    below 1.

    Parameters
    ----------
    failures : DataFrame
        Columns group and up_before_hours.
    n, up_hours : ndarray, shape (groups,)
        Failures and up time [h] of each group.

    Returns
    -------
    DataFrame
        dispersion, n_parts, rate_low_overdispersed, rate_high_overdispersed [1/year of 8760 h]; null below 10 parts.
    """
    from scipy.special import stdtrit

    parts = np.minimum(n // FAILURES_PER_PART, MOST_PARTS)
    enough = (parts >= FEWEST_PARTS) & (up_hours > 0)
    parts = np.where(enough, parts, 0)
    dispersion = _dispersion(failures, parts, n=n, up_hours=up_hours)
    half = stdtrit(np.where(enough, parts - 1, 1), 1 - _TAIL) * np.sqrt(np.maximum(dispersion, 1) / np.maximum(n, 1))
    rate = n * HOURS_PER_YEAR / np.where(enough, up_hours, np.nan)
    return pd.DataFrame(
        {
            "dispersion": dispersion,
            "n_parts": parts,
            "rate_low_overdispersed": rate * np.exp(-half),
            "rate_high_overdispersed": rate * np.exp(half),
        }
    )


def _dispersion(failures: pd.DataFrame, parts: np.ndarray, *, n: np.ndarray, up_hours: np.ndarray) -> np.ndarray:
    """Variance over mean of the counts in equal parts of up time; NaN for groups without parts."""
    group = failures["group"].to_numpy(np.int64)
    rows = parts[group] > 0
    group, clock = group[rows], failures["up_before_hours"].to_numpy(float)[rows]
    part = np.minimum((clock / up_hours[group] * parts[group]).astype(np.int64), parts[group] - 1)
    first = np.append(0, np.cumsum(parts))
    counts = np.bincount(first[group] + part, minlength=first[-1])
    owner = np.repeat(np.arange(len(parts)), parts)
    mean = n / np.where(parts > 0, parts, np.nan)
    squares = np.bincount(owner, weights=(counts - mean[owner]) ** 2, minlength=len(parts))
    return squares / (mean * (parts - 1))


def _between(n: np.ndarray, hours: np.ndarray, *, name: str) -> dict[str, pd.Series]:
    """Mean time between failures of `hours`, with the exact interval; without a failure only the bound below."""
    rates = estimate_rate(n, hours)
    low = rates["rate_low"].where(rates["rate_low"] > 0)
    ends = {f"{name}_low": HOURS_PER_YEAR / rates["rate_high"], f"{name}_high": HOURS_PER_YEAR / low}
    return {f"{name}_hours": rates["mtbf_hours"], **ends}


def _mean_down(failures: pd.DataFrame, groups: int) -> dict[str, np.ndarray]:
    group = failures["group"].to_numpy(np.int64)
    n = np.bincount(group, minlength=groups)
    open_still = np.bincount(group, weights=failures["censored"].to_numpy(bool), minlength=groups)
    total = np.bincount(group, weights=failures["down_hours"].to_numpy(float), minlength=groups)
    whole = (n > 0) & (open_still == 0)
    return {"mean_down_hours": np.where(whole, total / np.maximum(n, 1), np.nan), "n_censored": open_still.astype(int)}
