"""Expected availability: what the process that produced the failures would do again, with its interval.

References
----------
D'Agostino, R. B. and Stephens, M. A. (1986), Goodness-of-Fit Techniques, ch. 4 (Anderson-Darling, both parameters
estimated: the statistic x (1 + 0.75 / n + 2.25 / n²), of which 1.035 is exceeded once in a hundred).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import CONFIDENCE
from continuity_analysis.models.generalised import FailureLaw, draw_failure_law, known_lengths
from continuity_analysis.models.verdicts import count, hours

FEWEST = 10
UNLIKELY = 1.035
_TAIL = (1 - CONFIDENCE) / 2
COLUMNS = ("expected", "expected_low", "expected_high", "mean_down_hours", "mean_down_low", "mean_down_high")


def estimate_expected_availability(
    failures: pd.DataFrame, up_hours: np.ndarray
) -> tuple[pd.DataFrame, FailureLaw, np.ndarray]:
    """Expected availability, unplanned causes only: E[up] / (E[up] + E[down]).

    Up times are taken as exponential, down times (in hours of full outage) as lognormal; the estimate is the median of
    the generalised law, and the interval its central 95 %. It is printed from 10 failures of known length, and not
    where the mean down time that was seen lies outside its own interval: then the down times are not lognormal.

    Parameters
    ----------
    failures : DataFrame
        Columns group, down_hours, censored, down_at_end.
    up_hours : ndarray, shape (groups,)
        Known up time of each group [h].

    Returns
    -------
    estimates : DataFrame
        One row per group: n, n_known, n_zero, n_censored; expected, expected_low, expected_high; mean_down_hours
        (of failures that have a length) with mean_down_low, mean_down_high [h]; reason (why there is none).
    law : FailureLaw
        Draws of the groups that have an estimate, for forecasts.
    which : ndarray of int64
        These groups.
    """
    up = np.asarray(up_hours, dtype=float)
    known = known_lengths(failures, len(up))
    n = known["n_known"] + known["n_zero"] + known["n_censored"]
    enough = (known["n_known"] >= FEWEST) & (known["n_different"] > 1) & (up > 0)
    which = np.flatnonzero(enough)
    law = draw_failure_law(_renumbered(failures, enough), up[which])
    estimates = pd.DataFrame(np.nan, index=range(len(up)), columns=list(COLUMNS))
    estimates.loc[which, COLUMNS] = _quantiles(law)
    unlike = _unlike(failures, estimates, known)
    estimates.loc[unlike] = np.nan
    counts = pd.DataFrame({"n": n} | {c: known[c] for c in ("n_known", "n_zero", "n_censored")})
    reason = _reasons(up, n, known=known, unlike=unlike)
    kept = ~unlike[which]
    return pd.concat([counts, estimates, reason], axis=1), law.rows(kept), which[kept]


def _renumbered(failures: pd.DataFrame, enough: np.ndarray) -> pd.DataFrame:
    """Failures of the groups that have enough, which are counted from 0 on."""
    rows = failures[enough[failures["group"].to_numpy(np.int64)]]
    return rows.assign(group=(np.cumsum(enough) - 1)[rows["group"].to_numpy(np.int64)])


def _quantiles(law: FailureLaw) -> np.ndarray:
    shares = [0.5, _TAIL, 1 - _TAIL]
    drawn = (law.availability(), law.mean_down_hours())
    return np.concatenate([np.quantile(x, shares, axis=1, method="inverted_cdf") for x in drawn]).T


def _unlike(failures: pd.DataFrame, estimates: pd.DataFrame, known: dict[str, np.ndarray]) -> np.ndarray:
    """Groups whose down times no lognormal law explains."""
    rows = failures[failures["censored"].astype(bool) | (failures["down_hours"] > 0)]
    group, n = rows["group"].to_numpy(np.int64), known["n_known"] + known["n_censored"]
    exact = rows[~rows["censored"].astype(bool)]
    misfit = anderson_darling(exact["group"].to_numpy(np.int64), np.log(exact["down_hours"].to_numpy(float)), len(n))
    total = np.bincount(group, weights=rows["down_hours"].to_numpy(float), minlength=len(n))
    seen = total / np.maximum(n, 1)
    low = np.where(known["n_censored"] > 0, 0, estimates["mean_down_low"])  # what is open makes the mean a lower bound
    given = estimates["expected"].notna().to_numpy()
    return given & ((misfit > UNLIKELY) | (seen < low) | (seen > estimates["mean_down_high"].to_numpy()))


def anderson_darling(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    """How far each group's values are from a normal law: the modified statistic; NaN where they do not vary."""
    from scipy.special import log_ndtr

    n = np.bincount(group, minlength=groups)
    order = np.lexsort((values, group))
    group, values = group[order], values[order]
    mean = np.bincount(group, weights=values, minlength=groups) / np.maximum(n, 1)
    squares = np.bincount(group, weights=(values - mean[group]) ** 2, minlength=groups)
    deviation = np.sqrt(np.where(squares > 0, squares, np.nan) / np.maximum(n - 1, 1))
    z = (values - mean[group]) / deviation[group]
    rank = np.arange(len(group)) - np.append(0, np.cumsum(n))[group] + 1
    parts = (2 * rank - 1) * log_ndtr(z) + (2 * (n[group] - rank) + 1) * log_ndtr(-z)
    size = np.maximum(n, 1)
    statistic = -n - np.bincount(group, weights=parts, minlength=groups) / size
    return np.where(squares > 0, statistic * (1 + 0.75 / size + 2.25 / size**2), np.nan)


def _reasons(up: np.ndarray, n: np.ndarray, *, known: dict[str, np.ndarray], unlike: np.ndarray) -> pd.Series:
    few = "failures of known length: " + count(known["n_known"]) + f"; at least {FEWEST} are needed"
    none = "no failure in " + hours(up) + " of up time"
    rules = [
        (~(up > 0), "no up time was watched"),
        (n == 0, none),
        (known["n_known"] < FEWEST, few),
        (known["n_different"] < 2, "all failures lasted equally long: how much they vary is not known"),
        (unlike, "down times are not lognormal (Anderson-Darling at 1 %, or their mean outside its interval)"),
    ]
    words = [np.broadcast_to(np.asarray(text, dtype=object), len(up)) for _, text in rules]
    chosen = np.select([when for when, _ in rules], words, None)
    return pd.Series(chosen, dtype="str", name="reason")
