"""Maxima of the likelihoods of many groups at once: Newton's method, damped where a full step would not climb.

Levenberg and Marquardt's damping: a multiple of the Hessian's diagonal is taken off it until it is negative definite
and the step climbs. A group is done only where an undamped step is short and would gain next to nothing, and the
Hessian is negative definite; what is not done after `MOST_STEPS` has no maximum that could be found.

References
----------
Marquardt, D. W. (1963), An algorithm for least-squares estimation of nonlinear parameters, SIAM Journal 11.
Boyd, S. and Vandenberghe, L. (2004), Convex Optimization, section 9.5 (the Newton decrement).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.lifetimes.likelihood import Likelihood

MOST_STEPS = 60
ROWS_AT_ONCE = 1 << 15
_LEFT_TO_GAIN = 1e-15  # twice what a full step would add to the logarithm of the likelihood, which counts units
_STILL = 1e-4  # a longer step that gains nothing goes along a likelihood that levels off
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Maxima:
    """Where the likelihood of each group is largest.

    Attributes
    ----------
    free : ndarray, shape (groups, m)
        The parameters that were free.
    theta : ndarray, shape (groups, columns)
    value : ndarray, shape (groups,)
        Logarithm of the likelihood.
    gradient, hessian : ndarray, shape (groups, columns) and (groups, columns, columns)
        With respect to θ.
    converged : ndarray of bool, shape (groups,)
    """

    free: np.ndarray
    theta: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    converged: np.ndarray

    def take(self, groups) -> "Maxima":
        """Those of some of the groups."""
        return Maxima(*(x[groups] for x in vars(self).values()))


# Of the free parameters of some groups: θ, its Jacobian (groups, columns, m; None: they are θ), and what a gradient
# adds to the Hessian along the path, if anything.
Bend = Callable[[np.ndarray], np.ndarray]
Path = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray | None, Bend | None]]


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a step too far is not taken
def maximise(likelihood: Likelihood, path: Path, start: np.ndarray, *, accuracy: float = 0.0) -> Maxima:
    """The maximum along a path in the space of θ.

    Parameters
    ----------
    likelihood : Likelihood
    path : callable
        Of free parameters and the numbers of their groups.
    start : ndarray, shape (groups, m)
    accuracy : float
        Of the logarithm of the likelihood, relative, where that is itself a quadrature: no more is asked for.

    Returns
    -------
    Maxima
    """
    groups, k = len(start), likelihood.columns
    found = Maxima(start.copy(), np.full((groups, k), np.nan), np.full(groups, np.nan), np.full((groups, k), np.nan),
                   np.full((groups, k, k), np.nan), np.zeros(groups, dtype=bool))  # fmt: skip
    now, free, ridge = np.arange(groups), start, np.zeros(groups)
    state = _evaluate(likelihood, path, free, now)
    for _ in range(MOST_STEPS):
        step, definite = solve(state.curvature, state.slope, ridge)
        gain = (step * state.slope).sum(axis=1)
        done = definite & (ridge == 0) & (gain <= max(_LEFT_TO_GAIN, accuracy) * np.maximum(1, np.abs(state.value)))
        done &= (np.abs(step) <= _STILL * (1 + np.abs(free))).all(axis=1)
        if done.any():
            found = _store(found, now, free, state, done)
            if done.all():
                break
            if done.mean() > 0.5:
                keep = np.flatnonzero(~done)
                likelihood, now, free, ridge = likelihood.take(keep), now[keep], free[keep], ridge[keep]
                state, step, definite, done = state.take(keep), step[keep], definite[keep], done[keep]
        trial = np.where(definite[:, None] & ~done[:, None], free + step, free)
        new = _evaluate(likelihood, path, trial, now)
        with np.errstate(invalid="ignore"):
            climbs = definite & (
                new.value >= state.value - max(_ROUNDING, accuracy) * np.maximum(1, np.abs(state.value))
            )
        ridge = np.where(
            done, 0.0, np.where(climbs, np.where(ridge > 1e-4, ridge / 10, 0.0), np.maximum(ridge * 8, 1e-3))
        )
        free, state = np.where(climbs[:, None], trial, free), new.where(climbs, state)
    return found


@dataclass(frozen=True, eq=False)
class _State:
    theta: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    slope: np.ndarray  # along the path
    curvature: np.ndarray

    def take(self, groups: np.ndarray) -> "_State":
        return _State(*(x[groups] for x in vars(self).values()))

    def where(self, holds: np.ndarray, other: "_State") -> "_State":
        if holds.all():
            return self
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return _State(*(np.where(holds.reshape(-1, *(1,) * (a.ndim - 1)), a, b) for a, b in pairs))


def _evaluate(likelihood: Likelihood, path: Path, free: np.ndarray, groups: np.ndarray) -> _State:
    theta, jacobian, bend = path(free, groups)
    value, gradient, hessian = likelihood.evaluate(theta)
    value = np.where(np.isfinite(value), value, -np.inf)
    if jacobian is None:
        return _State(theta, value, gradient, hessian, gradient, hessian)
    with np.errstate(invalid="ignore", over="ignore"):
        slope = np.einsum("gi,gim->gm", gradient, jacobian)
        curvature = np.einsum("gim,gij,gjn->gmn", jacobian, hessian, jacobian)
        if bend is not None:
            curvature = curvature + bend(gradient)
    return _State(theta, value, gradient, hessian, slope, curvature)


def _store(found: Maxima, now: np.ndarray, free: np.ndarray, state: _State, done: np.ndarray) -> Maxima:
    at = now[done]
    for name in ("theta", "value", "gradient", "hessian"):
        getattr(found, name)[at] = getattr(state, name)[done]
    found.free[at], found.converged[at] = free[done], True
    return found


def solve(curvature: np.ndarray, slope: np.ndarray, ridge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The step to the top of the quadratic that touches the likelihood, and whether it has one (LDL')."""
    m = slope.shape[1]
    a, b = -curvature, slope.copy()
    scale = [np.abs(a[:, i, i]) + 1e-300 for i in range(m)]
    if ridge.any():
        for i in range(m):
            a[:, i, i] += ridge * scale[i]
    definite = np.isfinite(a.sum(axis=(1, 2)) + b.sum(axis=1))
    with np.errstate(all="ignore"):
        for i in range(m):
            definite &= a[:, i, i] > 1e-13 * scale[i]
            for j in range(i + 1, m):
                factor = a[:, j, i] / a[:, i, i]
                a[:, j, i:] -= factor[:, None] * a[:, i, i:]
                b[:, j] -= factor * b[:, i]
        for i in reversed(range(m)):
            for j in range(i + 1, m):
                b[:, i] -= a[:, i, j] * b[:, j]
            b[:, i] /= a[:, i, i]
    if not definite.all():
        b[~definite] = 0.0
    return b, definite
