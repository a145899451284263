"""When growth of the data carries its restore past the hours allowed.

The law of restore time by size, and growth, are each drawn anew from what is not known of them (generalised pivots:
Student's law and chi-square, exact for complete observations); each draw says at which size its median, or its P90,
takes longer than allowed, and its walk of the size gets there after a time that is inverse Gaussian. The interval holds
the middle 95 % of these times.

References
----------
Weerahandi, S. (1993), Generalized confidence intervals, Journal of the American Statistical Association 88.
Folks, J. L. and Chhikara, R. S. (1978), The inverse Gaussian distribution and its statistical application, JRSS B 40.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import CONFIDENCE
from continuity_analysis.models.restore_size import LARGEST_EXTRAPOLATION, SizeLaws, exponent
from continuity_analysis.models.size_growth import FREEDOM

DRAWS = 4_000
QUANTILES = {"median": 0.5, "p90": 0.9}
NO_LIMIT = "no RTO is promised"
ALREADY = "takes longer than allowed at today's size already"
SHRINKS = "the data shrinks"
NOT_GROWING = "it is not established that the data grows"
NOT_LONGER = "it is not established that restores take longer the larger they are"


def estimate_crossing(
    laws: SizeLaws, growth: pd.DataFrame, *, size_bytes, within_hours, rng: np.random.Generator
) -> pd.DataFrame:
    """Days until the median, and the P90, of each group's restores take longer than allowed.

    Parameters
    ----------
    laws : SizeLaws
    growth : DataFrame
        Result of `estimate_growth`, of the same groups.
    size_bytes, within_hours : array of float, shape (groups,)
        Size today [byte] and hours allowed [h]; NaN: none.
    rng : Generator

    Returns
    -------
    DataFrame
        One row per group: limit_bytes (size at which the median takes as long as allowed; null where it is not
        established that restores take longer the larger they are), horizon_days (not further ahead than the history of
        sizes is long, nor than twice the largest size restored); median_days, median_low, median_high, p90_days,
        p90_low, p90_high [d], 0 where it is so already, each null beyond the horizon, and all null where it is not
        established that data grows and restores take longer for it; reason (why median_days is null, or 0).
    """
    from scipy.special import ndtri

    size, wanted = np.log(np.asarray(size_bytes, float)), np.log(np.asarray(within_hours, float))
    horizon = _horizon(laws, growth, size)
    location, slope, scale, rate = _drawn(laws, growth, rng)
    rates, wander = growth["growth"].to_numpy(), growth["wander"].to_numpy()
    columns = {}
    for name, share in QUANTILES.items():
        z = float(ndtri(share))
        point = _room(wanted - laws.coefficients[:, 0] - z * laws.scale, laws.coefficients[:, 1], size - laws.centre)
        room = _room(wanted - location - z * scale, slope, size - laws.centre)
        days = _first_passage(room, rate, wander, rng)
        low, high = np.quantile(days, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0, method="inverted_cdf")
        columns |= {f"{name}_days": _mean_passage(point, rates), f"{name}_low": low, f"{name}_high": high}
        columns.setdefault("limit_bytes", np.exp(size + point))
    reason, possible = _reasons(laws, growth, wanted, horizon=horizon, days=columns["median_days"])
    longer = exponent(laws)["low"].to_numpy() > 0
    columns["limit_bytes"] = np.where(longer, columns["limit_bytes"], np.nan)
    for name in QUANTILES:
        for column in (f"{name}_days", f"{name}_low", f"{name}_high"):
            held = (columns[column] <= horizon) & possible | (columns[f"{name}_days"] == 0) & (columns[column] == 0)
            columns[column] = np.where(held, columns[column], np.nan)
    order = ["limit_bytes", *(c for c in columns if c != "limit_bytes")]
    table = pd.DataFrame({c: columns[c] for c in order}).assign(reason=pd.Series(reason, dtype="str"))
    table.insert(1, "horizon_days", horizon)
    return table


def _drawn(laws: SizeLaws, growth: pd.DataFrame, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Location at the centre, exponent, scale and growth, each of shape (draws, groups)."""
    groups = len(laws.n)
    known = np.isfinite(laws.covariance).all(axis=(1, 2))
    root = np.full((groups, 2, 2), np.nan)
    root[known] = np.linalg.cholesky(laws.covariance[known])
    freedom = np.where(known, laws.freedom, 1.0)
    factor = np.sqrt(freedom / rng.chisquare(freedom, (DRAWS, groups)))
    away = np.einsum("gij,dgj->dgi", root, rng.standard_normal((DRAWS, groups, 2))) * factor[..., None]
    rate = growth["growth"].to_numpy() + growth["growth_error"].to_numpy() * rng.standard_t(FREEDOM, (DRAWS, groups))
    return *np.moveaxis(laws.coefficients + away, 2, 0), laws.scale * factor, rate


def _room(spare: np.ndarray, slope: np.ndarray, size: np.ndarray) -> np.ndarray:
    """How far the logarithm of size may still grow; 0 where the restore takes too long already, infinite: for ever."""
    left = spare - slope * size
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(slope > 0, left / slope, np.inf)
    return np.where(np.isnan(left), np.nan, np.where(left <= 0, 0.0, room))


def _mean_passage(room: np.ndarray, rate: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(room == 0, 0.0, np.where(rate > 0, room / rate, np.where(np.isnan(rate), np.nan, np.inf)))


def _first_passage(room: np.ndarray, rate: np.ndarray, wander: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Days until a walk with drift first gets so far; taken as never where the drift is not upwards."""
    days, wander = _mean_passage(room, rate), np.broadcast_to(wander, room.shape)
    random = np.isfinite(days) & (days > 0) & (wander > 0)
    days[random] = rng.wald(days[random], room[random] ** 2 / wander[random])
    return np.where(np.isnan(days), np.inf, days)


def _horizon(laws: SizeLaws, growth: pd.DataFrame, size: np.ndarray) -> np.ndarray:
    rate = growth["growth"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        until_large = (np.log(LARGEST_EXTRAPOLATION * laws.largest) - size) / rate
    return np.fmin(growth["history_days"].to_numpy(), np.where(rate > 0, np.maximum(until_large, 0), np.nan))


def _reasons(laws: SizeLaws, growth: pd.DataFrame, wanted: np.ndarray, *, horizon, days):
    """Why there is no date, and where one is possible."""
    far = [f"not within the {h:,.0f} days that can be foreseen" for h in np.nan_to_num(horizon)]
    cases = [
        (laws.reason != None, laws.reason),  # noqa: E711
        (np.isnan(wanted), NO_LIMIT),
        (days == 0, ALREADY),
        (growth["growth"].isna(), growth["reason"]),
        (growth["growth_high"] < 0, SHRINKS),
        (~(growth["growth_low"] > 0), NOT_GROWING),
        (~(exponent(laws)["low"] > 0), NOT_LONGER),
    ]
    none = np.any([np.asarray(holds) for holds, _ in cases], axis=0)
    cases.append((~(days <= horizon), far))
    texts = [np.broadcast_to(np.asarray(text, dtype=object), len(days)) for _, text in cases]
    return np.select([np.asarray(holds) for holds, _ in cases], texts, None), ~none
