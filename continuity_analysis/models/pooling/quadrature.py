"""Rules that integrate over the deviation u of each service, about the mode of its integrand.

References
----------
Pinheiro, J. C. and Bates, D. M. (1995), Approximations to the log-likelihood function in the nonlinear mixed-effects
model, Journal of Computational and Graphical Statistics 4 (adaptive Gauss-Hermite quadrature).
Louis, T. A. (1982), Finding the observed information matrix when using the EM algorithm, JRSS B 44.
"""

import numpy as np

from continuity_analysis.models.lifetimes.likelihood import Likelihood

ALL, SOME, NONE = "all known", "some known", "none known"
NODES = {ALL: 3, SOME: 9, NONE: 41}
_MOST_STEPS, _STILL, _LONGEST = 40, 1e-3, 5.0
_FINE, _REACH = 3.0, 9.0  # of z, over which the graded rule is even; of u, as far as it goes


def rule(known: str, width: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distances from the mode and the logarithms of what each counts for.

    Where all durations are known the integrand is normal, and three Gauss-Hermite nodes are exact; where some are, it
    is nearly so; where none is, it is a step, and a trapezoidal rule that is fine where z changes and ever wider apart
    further out, where only the law of u does, takes their place.

    Parameters
    ----------
    known : {"all known", "some known", "none known"}
        Which durations of the services are known exactly.
    width : ndarray, shape (g,)
        Of the integrand at its mode.
    ratio : ndarray, shape (g,)
        tau / sigma.

    Returns
    -------
    ndarray, ndarray, both of shape (nodes, g)
    """
    nodes = NODES[known]
    if known == NONE:
        scale = _FINE / np.maximum(ratio, 1.0)
        most = np.arcsinh(_REACH / scale)
        x = np.linspace(-1, 1, nodes)[:, None] * most
        return scale * np.sinh(x), np.log(np.cosh(x)) + np.log(scale * 2 * most / (nodes - 1))
    t, w = np.polynomial.hermite_e.hermegauss(nodes)
    return t[:, None] * width, (np.log(w) + t**2 / 2)[:, None] + np.log(width)


def modes(of: Likelihood, start: np.ndarray, scale: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the integrand of each service is largest, and how wide it is there; not a number where it was not found."""
    u = np.zeros(len(start))
    for _ in range(_MOST_STEPS):
        _, slope, curve = of.evaluate(np.column_stack([start - ratio * u, scale]))
        precision = 1 - ratio**2 * curve[:, 0, 0]
        step = (-ratio * slope[:, 0] - u) / precision
        u = u + np.clip(step, -_LONGEST, _LONGEST)
        still = np.abs(step) * np.sqrt(precision) <= _STILL
        if still.all():
            break
    return np.where(still, u, np.nan), 1 / np.sqrt(precision)


def louis_identity(gradient, hessian, share: np.ndarray, *, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Louis' identity: the mean of the Hessian plus the variance of the gradient over u, for each service."""
    mean = np.einsum("qgi,qg->gi", gradient, share)
    curve = np.einsum("qgij,qg->gij", hessian, share) + np.einsum("qgi,qgj,qg->gij", gradient, gradient, share)
    curve -= mean[:, :, None] * mean[:, None, :]
    mean[:, 1] += own * mean[:, 0]  # of α and β, from those of the service's own centred logarithms
    curve[:, 1, 1] += own * (2 * curve[:, 0, 1] + own * curve[:, 0, 0])
    curve[:, 0, 1] += own * curve[:, 0, 0]
    curve[:, 1, 0] = curve[:, 0, 1]
    return mean, curve
