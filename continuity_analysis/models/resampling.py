"""What was observed, drawn again: of each group's observations, with weights that are themselves not known for sure.

Each law gives every observation a random share (the Bayesian bootstrap), so that a group with few observations has laws
that differ much from each other.

References
----------
Rubin, D. B. (1981), The Bayesian bootstrap, Annals of Statistics 9.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.random_streams import stream

LAWS = 200


@dataclass(frozen=True, eq=False)
class ResampledLaw:
    """`LAWS` laws of each group over its own observations.

    Attributes
    ----------
    first : ndarray of int64, shape (groups,)
        Number of each group's first observation.
    size : ndarray of int64, shape (groups,)
        How many it has; 0: none.
    cumulative : ndarray, shape (LAWS x observations,)
        Number of the law (counted through all groups) and, added, the share of this observation and those before it.
    place : ndarray of int64, shape (groups,)
        Where a group's first law begins in `cumulative`.
    """

    first: np.ndarray
    size: np.ndarray
    cumulative: np.ndarray
    place: np.ndarray

    def pick(self, group: np.ndarray, law: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Number of an observation of each `group`, drawn by a uniform `u` under one of its laws."""
        law = law % LAWS
        found = np.searchsorted(self.cumulative, group * LAWS + law + u, side="right")
        inside = found - self.place[group] - law * self.size[group]
        return self.first[group] + np.clip(inside, 0, self.size[group] - 1)


def draw_resampled_law(group: np.ndarray, weight: np.ndarray, *, names, purpose: str) -> ResampledLaw:
    """Laws over the observations of many groups.

    Parameters
    ----------
    group : ndarray of int64, shape (observations,)
        In order.
    weight : ndarray of float
        How often each is met, such as how long it lasted.
    names : sequence of str
        Of the groups; a group's laws depend on its own name and observations only.
    purpose : str
        What is drawn.
    """
    size = np.bincount(group, minlength=len(names))
    first = np.append(0, np.cumsum(size))[: len(names)]
    parts = [
        _shares(weight[f : f + n], stream(purpose, name)) + number * LAWS
        for number, (f, n, name) in enumerate(zip(first, size, names, strict=True))
        if n
    ]
    return ResampledLaw(first, size, np.concatenate([np.zeros(0), *parts]), first * LAWS)


def _shares(weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Number of the law and, added, cumulative shares."""
    drawn = rng.standard_exponential((LAWS, len(weight))) * weight
    cumulative = np.cumsum(drawn, axis=1)
    return (cumulative / cumulative[:, -1:] * (1 - 1e-12) + np.arange(LAWS)[:, None]).ravel()
