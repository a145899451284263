"""Achieved availability with its bounds, and how often a service fails."""

import numpy as np
import pandas as pd

from continuity_analysis.models.counts import garwood

HOURS_PER_YEAR = 8760.0
CONFIDENCE = 0.95


def estimate_availability(measured: pd.DataFrame) -> pd.DataFrame:
    """Achieved availability, its bounds, and the failure rate with its interval.

    Availability is 1 - D/K over known time K; its bounds [1 - (D+U)/T, 1 - D/T] leave open what happened in the unknown
    time U of the agreed hours T. It is a fact about the window, so it has bounds and no interval.

    Parameters
    ----------
    measured : DataFrame
        Result of `measure_downtime`.

    Returns
    -------
    DataFrame
        `measured`, and: availability, low, high (all causes); unplanned_availability, unplanned_low, unplanned_high;
        availability_if_no_impact and availability_if_full_impact (every assumed impact 0, or 1), and the same with
        unplanned_ before; coverage (K/T); mtbf_hours (up time per failure), failures_per_year with rate_low and
        rate_high (exact 95 % Poisson interval; without a failure rate_high is the one-sided 95 % bound, 3.00 per up
        time). Null where there is no known time, or for a mean without failures.
    """
    known = _positive(measured["known_hours"])
    agreed = np.where(known > 0, _positive(measured["agreed_hours"]), np.nan)
    unknown = measured["unknown_hours"].to_numpy(float)
    columns = {"coverage": measured["known_hours"].to_numpy(float) / _positive(measured["agreed_hours"])}
    for name, cause in (("", "down"), ("unplanned_", "unplanned")):
        down = measured[f"{cause}_hours"].to_numpy(float)
        columns[f"{name}availability"] = _share(1 - down / known)
        columns[f"{name}low"] = _share(1 - (down + unknown) / agreed)
        columns[f"{name}high"] = _share(1 - down / agreed)
        for impact in ("no", "full"):
            down, unseen = (measured[f"{c}_if_{impact}_hours"].to_numpy(float) for c in (cause, "unknown"))
            rest = _positive(measured["agreed_hours"].to_numpy(float) - unseen)
            columns[f"{name}availability_if_{impact}_impact"] = _share(1 - down / rest)
    rates = estimate_rate(measured["n"].to_numpy(), measured["up_hours"].to_numpy(float))
    return pd.concat([measured, pd.DataFrame(columns, index=measured.index), rates.set_axis(measured.index)], axis=1)


def estimate_rate(failures: np.ndarray, up_hours: np.ndarray) -> pd.DataFrame:
    """How often something fails while it is up, with the exact Poisson interval (`garwood`).

    Parameters
    ----------
    failures : ndarray of int, shape (groups,)
    up_hours : ndarray of float, shape (groups,)
        Time under observation [h].

    Returns
    -------
    DataFrame
        mtbf_hours (null without failures), failures_per_year, rate_low, rate_high [1/year of 8760 h]; without a
        failure rate_low is 0 and rate_high the one-sided bound -ln(0.05) / up time.
    """
    n, years = np.asarray(failures, dtype=float), _positive(up_hours) / HOURS_PER_YEAR
    low, high = garwood(n, confidence=CONFIDENCE)
    high = np.where(n > 0, high, -np.log(1 - CONFIDENCE))
    mtbf = np.divide(up_hours, n, out=np.full(len(n), np.nan), where=n > 0)
    return pd.DataFrame(
        {"mtbf_hours": mtbf, "failures_per_year": n / years, "rate_low": low / years, "rate_high": high / years}
    )


def estimate_availability_interval(up_hours, down_hours, n) -> pd.DataFrame:
    """Availability over whole cycles of up and down, with its interval if both times are exponential.

    Exact for exponential up *and* down times only; for down times with a heavier tail it is too narrow.

    Parameters
    ----------
    up_hours, down_hours : array of float
        Total up and down time [h] of `n` cycles.
    n : array of int
        Cycles.

    Returns
    -------
    DataFrame
        availability, low, high.

    References
    ----------
    Trivedi, K. S. (2002), Probability and Statistics with Reliability, Queuing and Computer Science Applications,
    example 10.27.
    """
    from scipy.special import fdtri

    up, down, cycles = (np.atleast_1d(np.asarray(x, dtype=float)) for x in (up_hours, down_hours, n))
    odds, quantile = down / up, fdtri(2 * cycles, 2 * cycles, 1 - (1 - CONFIDENCE) / 2)
    shares = {"availability": 1.0, "low": quantile, "high": 1 / quantile}
    return pd.DataFrame({name: 1 / (1 + odds * factor) for name, factor in shares.items()})


def _positive(hours) -> np.ndarray:
    """Hours, missing where there are none: what would be divided by them is then unknown."""
    values = np.asarray(hours, dtype=float)
    return np.where(values > 0, values, np.nan)


def _share(values: np.ndarray) -> np.ndarray:
    """Rounding must not take a share below nothing or above all; unknown stays unknown."""
    return np.clip(values, 0.0, 1.0)
