"""What can be seen: the change that samples of given sizes would show, and how far a mean moves when nothing changed.

Both are asked of a team's own durations, resampled, since how much they scatter decides it. For the rank test what is
drawn is smoothed on logarithms, its variance kept: a duration drawn twice would otherwise show any change at all.

References
----------
Davidovič, Š. (2021), Incident Metrics in SRE, O'Reilly.
Silverman, B. W. and Young, G. A. (1987), The bootstrap: to smooth or not to smooth?, Biometrika 74.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.log_rank import log_rank_scores

POWER = 0.8
LARGEST_RATIO = 20.0
FEWEST_FOR_HISTORY = 30
_Z, _Z_POWER = 1.959963984540054, 0.8416212335729143
_RUNS, _STEPS, _MEANS, _LARGE = 200, 6, 20_000, 50_000
_SHORTEST = 1 / 120  # hours; what a record of zero stands for on a logarithmic scale


def detectable_ratio(hours, ended, *, second, group, groups: int, seed: int = 0) -> np.ndarray:
    """The smallest ratio of durations that the log-rank test would find 8 times in 10, both ways, at 5 %.

    Parameters
    ----------
    hours : ndarray of float, shape (n,)
        Durations of both samples; pooled, they are what is resampled [h].
    ended, second : ndarray of bool, shape (n,)
    group : ndarray of int, shape (n,)
    groups : int
    seed : int

    Returns
    -------
    ndarray of float, shape (groups,)
        Above 1; NaN where it would take more than `LARGEST_RATIO`, or there is nothing to compare.
    """
    order = np.argsort(group, kind="stable")
    hours, ended, second, group = hours[order], ended[order], second[order], group[order]
    n, generator = np.bincount(group, minlength=groups), np.random.default_rng(seed)
    begin = np.cumsum(n) - n
    drawn = begin[group] + np.floor(generator.random((_RUNS, len(group))) * n[group]).astype(np.int64)
    resampled, over = _smoothed(hours, group, n)(drawn, generator), ended[drawn].ravel()
    run = (group + groups * np.arange(_RUNS)[:, None]).ravel()
    low, high = np.zeros(groups), np.full(groups, np.log(LARGEST_RATIO))

    def power(log_ratio: np.ndarray) -> np.ndarray:
        longer = resampled * np.where(second, np.exp(log_ratio)[group], 1.0)
        z = _z_values(longer.ravel(), over, np.tile(second, _RUNS), run, groups * _RUNS)
        return (z.reshape(_RUNS, groups) < -_Z).mean(axis=0)

    reached = power(high) >= POWER
    for _ in range(_STEPS):
        middle = (low + high) / 2
        enough = power(middle) >= POWER
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reached, np.exp(high), np.nan)


def _smoothed(hours: np.ndarray, group: np.ndarray, n: np.ndarray):
    """How to draw durations anew: those of given rows, smoothed on logarithms by the rule of thumb of their group."""
    logs = np.log(np.maximum(hours, _SHORTEST))
    size = np.maximum(n, 1)
    centre = np.bincount(group, weights=logs, minlength=len(n)) / size
    sd = np.sqrt(np.bincount(group, weights=(logs - centre[group]) ** 2, minlength=len(n)) / size)
    width = 1.06 * size**-0.2

    def draw(rows: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        of = group[rows]
        noise = width[of] * sd[of] * generator.standard_normal(rows.shape)
        return np.exp(centre[of] + (logs[rows] - centre[of] + noise) / np.sqrt(1 + width[of] ** 2))

    return draw


def _z_values(hours, ended, second, stratum, strata: int) -> np.ndarray:
    """The log-rank statistic of each stratum over its standard deviation under shuffling; 0 where there is none."""
    scores = log_rank_scores(hours, ended, stratum)
    n, k = (np.bincount(stratum, weights=w, minlength=strata) for w in (None, second))
    squares = np.bincount(stratum, weights=scores**2, minlength=strata)
    variance = k * (n - k) / np.maximum(n * (n - 1), 1) * squares
    excess = np.bincount(stratum, weights=scores * second, minlength=strata)
    return np.where(variance > 1e-12, excess / np.sqrt(np.maximum(variance, 1e-12)), 0.0)


def chance_of_moves(mean, sd, *, n_first, n_second, ratio=1.0, move=0.0) -> np.ndarray:
    """Chance that the mean of a second sample is lower by at least `move`, by normal theory.

    Parameters
    ----------
    mean, sd : array of float
        Of all durations [h].
    n_first, n_second : array of int
        Sizes of the samples.
    ratio : float
        What the second sample's durations are really multiplied by; 0.9 is a real improvement by 10 %.
    move : array of float
        [h]; below zero: the chance that it is higher by no more than that.

    Notes
    -----
    Two equal samples of n differ with a standard deviation of sd √(2/n), after Davidovič (2021).
    """
    from scipy.special import ndtr

    spread = sd * np.sqrt(1 / np.asarray(n_first) + ratio**2 / np.asarray(n_second))
    return ndtr((mean * (1 - ratio) - np.asarray(move)) / spread)


def estimate_visibility(hours: np.ndarray, *, per_period: int, change: float = 0.1, seed: int = 0) -> pd.Series:
    """Can MTTR see a change? From a team's own history, resampled.

    Parameters
    ----------
    hours : ndarray of float, shape (n,)
        Durations of all incidents that ended [h]; open ones have none, as in any MTTR.
    per_period : int
        How many incidents a period has.
    change : float
        Share by which durations change.
    seed : int

    Returns
    -------
    Series
        n; mean_hours; per_period; change; false_move, the chance that MTTR moves by that share or more though nothing
        changed; missed, the chance that it does not fall although durations fell by that share; low, high, the middle
        90 % of MTTR's change from one period to the next when nothing changed (as a ratio); needed_mean and
        needed_test, incidents per period at which MTTR, or the log-rank test, shows the change 8 times in 10. All null
        below 30 durations.
    """
    hours = np.asarray(hours, dtype=float)
    names = ("false_move", "missed", "low", "high", "needed_mean", "needed_test")
    found = {"n": len(hours), "mean_hours": hours.mean() if len(hours) else np.nan, "per_period": per_period,
             "change": change} | dict.fromkeys(names, np.nan)  # fmt: skip
    if len(hours) < FEWEST_FOR_HISTORY or per_period < 1 or hours.mean() == 0:
        return pd.Series(found)
    first, second = _resampled_means(hours, per_period, np.random.default_rng(seed))
    moved = second / np.where(first > 0, first, np.nan)
    low, high = np.nanquantile(moved, [0.05, 0.95])
    found |= {
        "false_move": float((np.abs(second - first) >= change * first).mean()),
        "missed": float(((1 - change) * second >= first).mean()),
        "low": low,
        "high": high,
        "needed_mean": _needed_for_mean(hours, change),
        "needed_test": _needed_for_test(hours, change, seed),
    }
    return pd.Series(found)


def _resampled_means(hours: np.ndarray, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Means of pairs of samples of n durations drawn from the history."""
    runs = max(1_000, min(_MEANS, 40_000_000 // n))
    means = [np.concatenate([hours[generator.integers(len(hours), size=(r, n))].mean(axis=1) for r in _parts(runs, n)])
             for _ in range(2)]  # fmt: skip
    return means[0], means[1]


def _parts(runs: int, n: int) -> list[int]:
    at_once = max(1, 4_000_000 // n)
    return [min(at_once, runs - done) for done in range(0, runs, at_once)]


def _needed_for_mean(hours: np.ndarray, change: float) -> float:
    """Incidents per period at which a two-sided test of means at 5 % shows the change 8 times in 10."""
    return float(
        np.ceil(((_Z + _Z_POWER) / (change * hours.mean())) ** 2 * (1 + (1 - change) ** 2) * hours.var(ddof=1))
    )


def _needed_for_test(hours: np.ndarray, change: float, seed: int) -> float:
    """The same of the log-rank test, whose statistic grows with the square root of the number of incidents."""
    generator, one = np.random.default_rng(seed), np.zeros(len(hours), dtype=np.int64)
    draw, n = _smoothed(hours, one, np.array([len(hours)])), _LARGE
    drawn = draw(generator.integers(len(hours), size=n), generator)
    both, second = np.concatenate([drawn, (1 - change) * drawn]), np.repeat([False, True], n)
    z = _z_values(both, np.ones(2 * n, dtype=bool), second, np.zeros(2 * n, dtype=np.int64), 1)[0]
    return float(np.ceil(n * ((_Z + _Z_POWER) / z) ** 2)) if z > 0 else np.nan
