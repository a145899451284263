"""What redundancy is worth if its parts fail and are repaired independently of each other: closed forms.

A lower bound of what a common cause would do to it: measured dependence stands beside every prediction.

References
----------
Trivedi, K. S. (2002), Probability and Statistics with Reliability, Queuing and Computer Science Applications, ch. 8.
Barlow, R. E. and Proschan, F. (1975), Statistical Theory of Reliability and Life Testing, ch. 2.
"""

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np


def availability_of_redundant(needed: int, of: int, *, failure_rate: float, repair_rate: float, crews: int = 0):
    """Share of the time for which at least `needed` of `of` equal parts are up.

    Parameters
    ----------
    needed, of : int
        k of n.
    failure_rate, repair_rate : float
        Of one part [1/h].
    crews : int
        How many parts can be repaired at once; 0: all of them.

    Examples
    --------
    >>> round(availability_of_redundant(1, 2, failure_rate=1 / 1000, repair_rate=1 / 10), 12)
    0.999901970395
    """
    up, down = _rates(of, failure_rate, repair_rate=repair_rate, crews=crews)
    weight = np.cumprod(np.append(1.0, up[:-1] / down[1:]))  # of 0, 1, … parts down
    return float(weight[: of - needed + 1].sum() / weight.sum())


def mean_time_to_loss(needed: int, of: int, *, failure_rate: float, repair_rate: float, crews: int = 0) -> float:
    """Mean time [h] from all parts up until fewer than `needed` of `of` are (MTTF); arguments as above."""
    up, down = _rates(of, failure_rate, repair_rate=repair_rate, crews=crews)
    total = step = 0.0
    for lost in range(of - needed + 1):
        step = (1 + down[lost] * step) / up[lost]  # mean time from `lost` parts down to one more
        total += step
    return float(total)


def availability_of_paths(paths: Iterable[Iterable[int]], availability: Sequence[float]) -> float:
    """Chance that all parts of at least one path are up; exact for parts that several paths share.

    Parameters
    ----------
    paths : iterable of iterable of int
        Numbers of the parts that suffice together.
    availability : sequence of float
        Of each part; at most 20 parts, as all their states are looked at.
    """
    if len(availability) > 20:
        raise ValueError(f"Expected at most 20 parts, got {len(availability)}: combine those in series first.")
    states = np.array(list(product((False, True), repeat=len(availability))))
    chance = np.where(states, availability, 1 - np.asarray(availability)).prod(axis=1)
    works = np.any([states[:, list(path)].all(axis=1) for path in paths], axis=0)
    return float(chance[works].sum())


def _rates(of: int, failure_rate: float, *, repair_rate: float, crews: int) -> tuple[np.ndarray, np.ndarray]:
    """Rates of one more part failing, and of one being repaired, with 0, 1, … `of` parts down."""
    lost = np.arange(of + 1)
    return (of - lost) * failure_rate, np.minimum(lost, crews or of) * repair_rate
