"""The log-rank test by permutation: did one of two samples of durations end sooner than chance alone would have it?

The statistic is how many of the second sample ended, less how many would have been expected to end had both the same
hazard, added up over strata within which alone samples are compared. It is a sum of one score per observation (whether
it ended, less the cumulative hazard up to then), so that shuffling who belongs to which sample gives its law exactly,
at any size, as long as both samples are censored alike.

References
----------
Peto, R. and Peto, J. (1972), Asymptotically efficient rank invariant test procedures, JRSS A 135.
Mantel, N. (1966), Evaluation of survival data and two new rank order statistics, Cancer Chemotherapy Reports 50.
"""

import numpy as np
import pandas as pd

SHUFFLES = (999, 9_999)
"""How many: of all groups, then anew of those whose p is at most `DOUBTFUL`."""
DOUBTFUL = 0.1
_AT_ONCE = 4_000_000  # random numbers held in memory


def log_rank_scores(hours, ended, stratum) -> np.ndarray:
    """What each observation adds to the statistic; the scores of a stratum add up to zero.

    Parameters
    ----------
    hours : array of float, shape (n,)
        Durations, up to the end or to when they were last seen lasting [h].
    ended : array of bool, shape (n,)
        False where right-censored.
    stratum : array of int, shape (n,)

    Returns
    -------
    ndarray of float, shape (n,)
        1 where it ended, else 0; less the Nelson-Aalen cumulative hazard of its stratum up to then.
    """
    hours, ended, stratum = np.asarray(hours, float), np.asarray(ended, bool), np.asarray(stratum, np.int64)
    if not len(hours):
        return np.zeros(0)
    order = np.lexsort((hours, stratum))
    hours, ended, stratum = hours[order], ended[order], stratum[order]
    new = np.append(True, np.diff(stratum) != 0)
    first = np.flatnonzero(new | np.append(True, np.diff(hours) != 0))
    after = np.append(np.flatnonzero(new)[1:], len(hours))[np.cumsum(new) - 1]
    hazard = np.add.reduceat(ended.astype(float), first) / (after[first] - first)
    cumulative = pd.Series(hazard).groupby(stratum[first]).cumsum().to_numpy()
    scores = np.empty(len(hours))
    scores[order] = ended - np.repeat(cumulative, np.diff(np.append(first, len(hours))))
    return scores


def permutation_log_rank(
    scores: np.ndarray, second: np.ndarray, stratum: np.ndarray, *, group: np.ndarray, groups: int, seed: int = 0
) -> pd.DataFrame:
    """The test of every group at once.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        As of `log_rank_scores`.
    second : ndarray of bool, shape (n,)
        Which observations are of the second sample.
    stratum : ndarray of int, shape (n,)
        Each belongs to one group.
    group : ndarray of int, shape (n,)
    groups : int
    seed : int
        Of the shuffles.

    Returns
    -------
    DataFrame
        One row per group: excess, how many more of the second sample ended than expected (below zero: it lasts longer);
        p, two-sided, of as many shuffles as `SHUFFLES` says; ways, in how many ways observations can be shuffled: no p
        below 1 / ways can come of it. Without two samples to compare p is 1 and ways 1.
    """
    order = np.lexsort((stratum, group))
    scores, second, stratum, group = scores[order], second[order], stratum[order], group[order]
    stratum = np.cumsum(np.append(False, np.diff(stratum) != 0)) if len(scores) else stratum
    sizes, taken = np.bincount(stratum), np.bincount(stratum, weights=second).astype(np.int64)
    excess = np.bincount(group, weights=scores * second, minlength=groups)
    p, generator = np.ones(groups), np.random.default_rng(seed)
    for shuffles in SHUFFLES:
        doubtful = np.unique(group) if shuffles == SHUFFLES[0] else np.flatnonzero(p <= DOUBTFUL)
        rows = np.isin(group, doubtful)
        chosen = _positions(stratum[rows]) < taken[stratum[rows]]
        starts, extreme = np.searchsorted(group[rows], doubtful), np.zeros(len(doubtful))
        for count in _portions(rows.sum(), shuffles):
            keys = generator.random((count, len(chosen))) + stratum[rows]
            shuffled = np.where(chosen, scores[rows][np.argsort(keys, axis=1)], 0.0)
            sums = np.add.reduceat(shuffled, starts, axis=1)
            extreme += (np.abs(sums) >= np.abs(excess[doubtful]) - 1e-9).sum(axis=0)
        p[doubtful] = (extreme + 1) / (shuffles + 1)
    of_strata = group[np.cumsum(sizes) - sizes]
    with np.errstate(over="ignore"):  # more than can be counted is enough
        ways = np.exp(np.bincount(of_strata, weights=_log_choose(sizes, taken), minlength=groups))
    return pd.DataFrame({"excess": excess, "p": p, "ways": np.round(ways)})


def _positions(stratum: np.ndarray) -> np.ndarray:
    """Place of each row in its stratum, from 0; strata lie together."""
    new = np.append(True, np.diff(stratum) != 0)[: len(stratum)]
    return np.arange(len(stratum)) - np.flatnonzero(new)[np.cumsum(new) - 1]


def _portions(n: int, shuffles: int) -> list[int]:
    """How many shuffles of n observations at a time."""
    at_once = max(1, _AT_ONCE // max(n, 1))
    return [min(at_once, shuffles - done) for done in range(0, shuffles, at_once)] if n else []


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
