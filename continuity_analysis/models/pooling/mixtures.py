"""Quantiles of mixtures of normal laws, for many mixtures at once."""

import numpy as np

_MOST_ROUNDS, _CLOSE, _NEGLIGIBLE = 100, 1e-9, 1e-9


def mixture_quantiles(shares, weights: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Values below which given shares of mixtures lie: Newton's method within a bracket.

    Parameters
    ----------
    shares : sequence of float, length k
        Between 0 and 1.
    weights : ndarray, shape (…)
        Of the parts, the same for all mixtures; they add up to 1.
    mean, variance : ndarray, shape (…) or (…, mixtures)
        Of the parts of each mixture.

    Returns
    -------
    ndarray, shape (k,) or (k, mixtures)

    Raises
    ------
    ArithmeticError
        If a quantile was not found.
    """
    from scipy.special import ndtr

    size, counts = weights.size, weights.ravel() > _NEGLIGIBLE
    w = weights.ravel()[counts][:, None]
    m, sd = (x.reshape(size, -1)[counts] for x in (mean, np.sqrt(variance)))
    wanted = np.asarray(shares, dtype=float)[:, None]
    shape = (len(wanted), m.shape[1])
    low, high = (np.broadcast_to(x, shape).copy() for x in ((m - 9 * sd).min(axis=0), (m + 9 * sd).max(axis=0)))
    value = np.broadcast_to((w * m).sum(axis=0), shape).copy()
    for _ in range(_MOST_ROUNDS):
        z = (value[:, None, :] - m) / sd
        off = (w * ndtr(z)).sum(axis=1) - wanted
        density = (w / sd * np.exp(-(z**2) / 2)).sum(axis=1) / np.sqrt(2 * np.pi)
        if (np.abs(off) < _CLOSE).all():
            return value.reshape(len(wanted), *mean.shape[weights.ndim :])
        low, high = np.where(off < 0, value, low), np.where(off > 0, value, high)
        step = value - off / np.maximum(density, 1e-300)
        value = np.where((step > low) & (step < high), step, (low + high) / 2)
    raise ArithmeticError("Expected a mixture of normal laws of finite variances above zero; no quantile was found.")
