"""Laws of down times of services: each one's own, or about its own mean as widely spread as those of all.

References
----------
Searle, S. R., Casella, G. and McCulloch, C. E. (1992), Variance Components, ch. 3 (spread within groups, pooled).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.expected_availability import anderson_darling
from continuity_analysis.models.generalised import DRAWS, draw_failure_law
from continuity_analysis.models.random_streams import stream


@dataclass(frozen=True, eq=False)
class Spread:
    """Log down times of all services: each one's mean, and how far they spread about it.

    Attributes
    ----------
    mean : ndarray, shape (services,)
    squares : float
        Sum over all services.
    freedom : int
        Degrees of freedom.
    misfit : ndarray, shape (services + 1,)
        How far each one's, and all about their means, are from a normal law.
    """

    mean: np.ndarray
    squares: float
    freedom: int
    misfit: np.ndarray


def measure_spread(rows: pd.DataFrame, groups: int) -> Spread:
    """Mean of each service's log down times, and how far all spread about theirs.

    Parameters
    ----------
    rows : DataFrame
        Failures: group, down_hours [h], censored.
    groups : int
    """
    exact = rows[~rows["censored"].astype(bool) & (rows["down_hours"] > 0)]
    group, logs = exact["group"].to_numpy(np.int64), np.log(exact["down_hours"].to_numpy(float))
    size = np.bincount(group, minlength=groups)
    mean = np.bincount(group, logs, groups) / np.maximum(size, 1)
    off = logs - mean[group]
    several = size[group] > 1
    scaled = off[several] / np.sqrt(1 - 1 / size[group[several]])
    together = np.append(group, np.full(len(scaled), groups)), np.append(logs, scaled)
    misfit = anderson_darling(*together, groups + 1)
    return Spread(mean, float((off**2).sum()), int((size - 1).clip(0).sum()), misfit)


def draw_own(rows: pd.DataFrame, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draws of mean and deviation of the log down times of some services, each from its own."""
    group = rows["group"].to_numpy(np.int64)
    own = rows[which[group]].assign(group=(np.cumsum(which) - 1)[group[which[group]]])
    law = draw_failure_law(own, np.ones(which.sum()))
    return law.mu, law.sigma


def draw_lent(spread: Spread, n: np.ndarray, which: np.ndarray, names: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Draws of services with few failures: about their own mean, as widely spread as those of all services."""
    sigma = np.sqrt(spread.squares / stream("spread of down times").chisquare(max(spread.freedom, 1), DRAWS))
    z = np.array([stream("level of down times", name).standard_normal(DRAWS) for name in names[which]])
    mu = spread.mean[which, None] + sigma * z.reshape(which.sum(), DRAWS) / np.sqrt(n[which, None])
    return mu, np.broadcast_to(sigma, mu.shape)
