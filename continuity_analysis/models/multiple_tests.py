"""Many tests at once: p values adjusted so that of what is called a change, few are none.

References
----------
Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57.
"""

import numpy as np


def benjamini_hochberg(p) -> np.ndarray:
    """Adjusted p values: those at most q may be called findings, of which a share of q is false on average.

    Parameters
    ----------
    p : array of float, shape (n,)
        NaN: not tested, and not counted.

    Returns
    -------
    ndarray of float, shape (n,)

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, float("nan"), 0.03]).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    p = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")[::-1]]  # the largest first
    rank = np.arange(len(order), 0, -1)
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum.accumulate(np.minimum(p[order] * len(order) / np.maximum(rank, 1), 1))
    return adjusted
