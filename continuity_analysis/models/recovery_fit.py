"""How long restoring a backup takes, how often it succeeds, and how often a failure needs it: draws of these laws."""

import numpy as np
import pandas as pd

from continuity_analysis.models.generalised import DRAWS, draw_failure_law
from continuity_analysis.models.platform import RecoveryLaw
from continuity_analysis.models.random_streams import stream

FEWEST = 3
OWN, POOLED = "own", "all services"


def fit_recoveries(evidence, *, pooled: bool, needs_backup: float) -> tuple[RecoveryLaw, dict[str, object]]:
    """Draws of the law of recoveries of every service.

    Parameters
    ----------
    evidence : PlatformEvidence
    pooled : bool
        Whether services with fewer than 3 recoveries take those of all together.
    needs_backup : float
        Stated share of failures that need a backup; NaN: as observed, pooled over services if `pooled`.

    Returns
    -------
    law : RecoveryLaw
    about : dict
        Columns, one value per service: n_recoveries, recovery_from, n_needed_backup.
    """
    names, n = evidence.services, len(evidence.services)
    tried = evidence.recoveries[evidence.recoveries["outcome"].isin(["restored", "never", "censored"])]
    done = tried[(tried["outcome"] == "restored") & (tried["hours"] > 0)]
    enough = _enough(done, n)
    rows, origin = own_or_pooled(tried, n, fewest=FEWEST, pooled=pooled, enough=enough)
    mu, sigma = _drawn(rows[rows["outcome"] != "never"], names)
    succeeded, failed = (_counts(rows[rows["outcome"] == o], n) for o in ("restored", "never"))
    success = np.array([
        stream("recovery succeeds", name).beta(k + 0.5, f + 0.5, DRAWS) if f else np.ones(DRAWS)
        for name, k, f in zip(names, succeeded, failed, strict=True)
    ]).reshape(n, DRAWS)  # fmt: skip
    failures, needed = evidence.failures, _counts(evidence.failures[evidence.failures["needed_backup"].astype(bool)], n)
    share = _share(needed, _counts(failures, n), names=names, pooled=pooled)
    if not np.isnan(needs_backup):
        share = np.full((n, DRAWS), float(needs_backup))
    elif not evidence.restores_recorded:
        share = np.full((n, DRAWS), np.nan)
    about = {"n_recoveries": _counts(done, n), "recovery_from": origin, "n_needed_backup": needed}
    return RecoveryLaw(mu, sigma, success, share), about


def own_or_pooled(rows: pd.DataFrame, groups: int, *, fewest: int, pooled: bool, enough=None):
    """Each group's own rows where there are enough, else those of all groups together.

    Parameters
    ----------
    rows : DataFrame
        Column group.
    fewest : int
        How many rows of its own a group needs, and how many all of them together.
    pooled : bool
        False: no others' rows for any.
    enough : ndarray of bool, shape (groups + 1,), optional
        Whether each group, and all together, has enough; by default by the number of rows.

    Returns
    -------
    rows : DataFrame
        In order of group.
    origin : Series of str
        "own", "all services", or empty.
    """
    if enough is None:
        enough = np.append(_counts(rows, groups), len(rows)) >= fewest
    own = rows[enough[:groups][rows["group"].to_numpy(np.int64)]]
    poor = np.flatnonzero(~enough[:groups]) if pooled and enough[groups] else np.zeros(0, dtype=np.int64)
    borrowed = rows.iloc[np.tile(np.arange(len(rows)), len(poor))].assign(group=np.repeat(poor, len(rows)))
    origin = np.where(enough[:groups], OWN, np.where(np.isin(np.arange(groups), poor), POOLED, ""))
    together = pd.concat([own, borrowed], ignore_index=True).sort_values("group", kind="stable", ignore_index=True)
    return together, pd.Series(origin, dtype="str")


def _enough(done: pd.DataFrame, groups: int) -> np.ndarray:
    every = pd.concat([done, done.assign(group=groups)])
    size, different = (every.groupby("group")["hours"].agg(f).reindex(range(groups + 1), fill_value=0)
                       for f in ("size", "nunique"))  # fmt: skip
    return ((size >= FEWEST) & (different > 1)).to_numpy()


def _drawn(rows: pd.DataFrame, names: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Draws of mean and deviation of the logarithm, each service's in an order of its own; NaN for none."""
    which, number = np.unique(rows["group"].to_numpy(np.int64), return_inverse=True)
    law = draw_failure_law(
        pd.DataFrame({"group": number, "down_hours": rows["hours"].to_numpy(float),
                      "censored": (rows["outcome"] == "censored").to_numpy(bool), "down_at_end": False}),
        np.ones(len(which)),
    )  # fmt: skip
    mu, sigma = np.full((2, len(names), DRAWS), np.nan)
    for name, row in zip(names[which], which, strict=True):
        order, place = stream("recovery order", name).permutation(DRAWS), np.searchsorted(which, row)
        mu[row], sigma[row] = law.mu[place, order], law.sigma[place, order]
    return mu, sigma


def _share(needed: np.ndarray, failures: np.ndarray, *, names, pooled: bool) -> np.ndarray:
    """Draws of the share of failures that need a backup (Jeffreys)."""
    if pooled:
        k, n = needed.sum(), failures.sum()
        return np.repeat(stream("needs a backup").beta(k + 0.5, n - k + 0.5, DRAWS)[None], len(names), axis=0)
    return np.array([
        stream("needs a backup", name).beta(k + 0.5, n - k + 0.5, DRAWS)
        for name, k, n in zip(names, needed, failures, strict=True)
    ]).reshape(len(names), DRAWS)  # fmt: skip


def _counts(rows: pd.DataFrame, groups: int) -> np.ndarray:
    return np.bincount(rows["group"].to_numpy(np.int64), minlength=groups)
