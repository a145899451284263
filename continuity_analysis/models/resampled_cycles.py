"""Histories of backup cycles resampled with replacement, by random numbers that are the same each time.

All assets share the random numbers; each asset's draws begin at a place that its name gives, so that assets are drawn
independently of each other and none depends on which others are there.
"""

import numpy as np

from continuity_analysis.models.backup_cycles import DRAWS, SEED, CycleLaw


def outer_uniforms(most: int) -> np.ndarray:
    """Random numbers that pick each draw's history, shape (DRAWS, most)."""
    return np.random.default_rng([SEED, 1]).random((max(most, 1), DRAWS)).T


def evenly(what: int) -> np.ndarray:
    """One number from each of DRAWS equal parts of [0, 1], in an order of its own, so that quantiles hardly vary."""
    rng = np.random.default_rng([SEED, what])
    return (rng.permutation(DRAWS) + rng.random(DRAWS)) / DRAWS


def draws_of(law: CycleLaw, *, of: int = 0) -> np.ndarray:
    """Which row of random numbers serves each draw of each asset, shape (assets, DRAWS); `of`: for what, 0 or 1."""
    return (np.arange(DRAWS) + law.shift[:, None] + of * DRAWS // 2) % DRAWS


def resampled_means(law: CycleLaw, values: np.ndarray, uniform: np.ndarray | None, *, strings: bool = False):
    """Means over each asset's cycles (or strings) as they were, or over each history resampled with replacement.

    How often each cycle is drawn depends on nothing but how many there are: assets with as many share one product.

    Parameters
    ----------
    law : CycleLaw
        Assets that have some.
    values : ndarray, shape (cycles, m) or (strings, m)
    uniform : ndarray, shape (DRAWS, most), optional
        Random numbers; without them the history as it was.

    Returns
    -------
    ndarray, shape (assets, DRAWS, m) or (assets, 1, m)
    """
    first, n = (law.first_string, law.n_strings) if strings else (law.first, law.n)
    means = np.empty((len(n), 1 if uniform is None else DRAWS, values.shape[1]))
    turned = draws_of(law, of=int(strings))
    for size in np.unique(n):
        rows = np.flatnonzero(n == size)
        own = values[first[rows][:, None] + np.arange(size)]
        if uniform is None:
            means[rows] = own.mean(axis=1, keepdims=True)
        else:
            means[rows] = np.take_along_axis(_times_drawn(uniform, size) @ own, turned[rows][..., None], axis=1) / size
    return means


def _times_drawn(uniform: np.ndarray, size: int) -> np.ndarray:
    """How often each of `size` cycles is drawn in each resampled history, shape (DRAWS, size)."""
    drawn = np.floor(uniform[:, :size] * size).astype(np.int64) + np.arange(len(uniform))[:, None] * size
    return np.bincount(drawn.ravel(), minlength=len(uniform) * size).reshape(-1, size).astype(float)
