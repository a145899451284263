"""How far services differ: the likelihood of the ratio r = tau / sigma, with mu and sigma integrated out.

Flat in mu and in log sigma, which for complete data gives the profile of the restricted likelihood (REML) itself. The
ratio runs over a grid of v = asinh(r √m), with m the mean number of incidents of a service: even about r = 0 and of
light tails, so that the trapezoidal rule and a cubic spline are next to exact. The grid is narrowed until it covers
what the likelihood does not rule out, and no more.

References
----------
Patterson, H. D. and Thompson, R. (1971), Recovery of inter-block information when block sizes are unequal,
Biometrika 58.
Harville, D. A. (1974), Bayesian inference for variance components using only error contrasts, Biometrika 61.
Rue, H., Martino, S. and Chopin, N. (2009), Approximate Bayesian inference for latent Gaussian models by using
integrated nested Laplace approximations, JRSS B 71.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.lifetimes.families import FAMILIES
from continuity_analysis.models.lifetimes.fitting import free_path
from continuity_analysis.models.lifetimes.newton import Maxima, maximise
from continuity_analysis.models.pooling.marginal import Effects, Services

GRID, OF_SIGMA, OF_MU = 17, 5, 3
MANY = 2_000  # observations, from which on log sigma is so well known that three points are enough
FIRST_RATIO, LARGEST_RATIO = 8.0, 300.0
_ACCURACY = 1e-6
_COVERED, _FALLEN, _ENOUGH, _MOST_ROUNDS = 10.0, 5.0, 12, 12


@dataclass(frozen=True, eq=False)
class Ratios:
    """A grid over the ratio tau / sigma and, at each of its points, over sigma; mu is integrated out.

    Attributes
    ----------
    v, ratio, loglik : ndarray, shape (GRID,)
        The grid, and the logarithm of the likelihood of the ratio.
    step : ndarray, shape (GRID,)
        What each point stands for, in units of the ratio.
    share : ndarray, shape (GRID, of sigma)
        Of the likelihood of each ratio, by sigma.
    sigma : ndarray, shape (GRID, of sigma)
    mu, mu_variance : ndarray, shape (GRID, of sigma)
    mean, variance : ndarray, shape (GRID, of sigma, services)
        Of the location of each service, what is not known of mu included.
    own : ndarray, shape (GRID, of sigma, services)
        How much of each service's location is its own: 1 less its variance given mu over tau².
    """

    v: np.ndarray
    ratio: np.ndarray
    loglik: np.ndarray
    step: np.ndarray
    share: np.ndarray
    sigma: np.ndarray
    mu: np.ndarray
    mu_variance: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    own: np.ndarray


@dataclass(frozen=True, eq=False)
class _Held:
    """The likelihood of α and β at some ratios, as `maximise` asks for it."""

    services: Services
    ratio: np.ndarray
    columns: int = 2

    def take(self, ratios: np.ndarray) -> "_Held":
        return _Held(self.services, self.ratio[ratios])

    def evaluate(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = self.services.effects(theta, self.ratio)
        return found.value, found.gradient, found.hessian


@dataclass(frozen=True, eq=False)
class _Peaks:
    """Where the likelihood is largest at some ratios, and how wide in mu and log sigma."""

    mu: np.ndarray
    log_sigma: np.ndarray
    mu_width: np.ndarray  # sigma held
    sigma_width: np.ndarray
    turn: np.ndarray  # how mu goes with log sigma
    loglik: np.ndarray  # Laplace's, mu and log sigma integrated out


def integrate_ratios(services: Services, spread: float, incidents: float) -> Ratios | None:
    """The grid of what the likelihood does not rule out.

    Parameters
    ----------
    services : Services
    spread : float
        A first guess of the deviation of the logarithms.
    incidents : float
        Mean number of incidents of a service.

    Returns
    -------
    Ratios or None
        None where the likelihood does not fall as services differ more and more, or a maximum was not found.
    """
    root = np.sqrt(incidents)
    v, most = np.linspace(0, np.arcsinh(FIRST_RATIO * root), GRID), np.arcsinh(LARGEST_RATIO * root)
    start = np.column_stack([np.zeros(GRID), np.sqrt(1 + np.minimum(np.sinh(v) / root, 2) ** 2) / spread])
    for _ in range(_MOST_ROUNDS):
        top = maximise(_Held(services, np.sinh(v) / root), free_path(FAMILIES["lognormal"]), start, accuracy=_ACCURACY)
        if not top.converged.all():
            reached = int(top.converged.argmin())
            if reached < 2:
                return None
            most = v[reached - 1]
            v, start = _covering(v, np.arange(GRID) < reached, top, end=most)
            continue
        peaks = _peaks(top, services.centre)
        weighted = peaks.loglik + 2 * np.log(np.cosh(v))
        seen = weighted > weighted.max() - _COVERED
        if v[-1] == most and weighted[-1] > weighted.max() - _FALLEN:
            return None
        further = seen[-1] and v[-1] < most
        if seen.sum() >= _ENOUGH and not further:
            return _integrate(services, peaks, v, root=root)
        v, start = _covering(v, seen, top, end=most if further else None)
    return None


def _covering(v: np.ndarray, seen: np.ndarray, top: Maxima, *, end: float | None) -> tuple[np.ndarray, np.ndarray]:
    """A grid over what is seen of another and one point on either side, or up to an end, and where to start from."""
    first, last = np.flatnonzero(seen)[[0, -1]]
    grid = np.linspace(v[max(first - 1, 0)], end or v[min(last + 1, len(v) - 1)], GRID)
    return grid, np.column_stack([np.interp(grid, v, x) for x in top.theta.T])


def _peaks(top: Maxima, centre: float) -> _Peaks:
    """From α and β to mu and log sigma."""
    (alpha, beta), h = top.theta.T, top.hessian
    turn = np.zeros((len(alpha), 2, 2))  # of α and β by mu and log sigma
    turn[:, 0, 0], turn[:, 0, 1], turn[:, 1, 1] = -beta, -alpha, -beta
    precision = -np.einsum("gki,gkl,glj->gij", turn, h, turn)
    in_mu, both, in_sigma = precision[:, 0, 0], precision[:, 0, 1], precision[:, 1, 1]
    mu_width, sigma_width = 1 / np.sqrt(in_mu), 1 / np.sqrt(in_sigma - both**2 / in_mu)
    loglik = top.value + np.log(mu_width) + np.log(sigma_width)
    return _Peaks(centre - alpha / beta, -np.log(beta), mu_width, sigma_width, -both / in_mu, loglik)


def _integrate(services: Services, peaks: _Peaks, v: np.ndarray, *, root: float) -> Ratios:
    """Gauss-Hermite rules over log sigma, and over mu given it, at each ratio."""
    (x, of_x), (z, of_z) = (_hermite(n) for n in (3 if services.n > MANY else OF_SIGMA, OF_MU))
    off = peaks.sigma_width[:, None] * x
    sigma = np.exp(peaks.log_sigma[:, None] + off)
    width = peaks.mu_width[:, None] * np.exp(off)
    mu = (peaks.mu[:, None] + peaks.turn[:, None] * off)[..., None] + width[..., None] * z
    beta = np.broadcast_to(1 / sigma[..., None], mu.shape).ravel()
    theta, ratio = np.column_stack([(services.centre - mu.ravel()) * beta, beta]), np.sinh(v) / root
    found = services.effects(theta, np.repeat(ratio, mu[0].size))
    log = found.value.reshape(mu.shape) + of_x[:, None] + of_z + np.log(peaks.sigma_width[:, None] * width)[..., None]
    by_sigma = np.logaddexp.reduce(log, axis=2)
    loglik = np.logaddexp.reduce(by_sigma, axis=1)
    share, of_mu = np.exp(by_sigma - loglik[:, None]), np.exp(log - by_sigma[..., None])
    centre = (of_mu * mu).sum(axis=2)
    step = np.gradient(v) * np.cosh(v) / root
    step[[0, -1]] /= 2
    mu_variance = (of_mu * (mu - centre[..., None]) ** 2).sum(axis=2)
    each = _locations(found, mu, of_mu[..., None], tau=(ratio[:, None] * sigma)[..., None])
    return Ratios(v, ratio, loglik, step, share, sigma, centre, mu_variance, *each)


def _locations(found: Effects, mu: np.ndarray, of_mu: np.ndarray, *, tau: np.ndarray):
    """Mean and variance of the services' locations over mu, and how much of them is their own."""
    u, own_variance = (e.reshape(*mu.shape, -1) for e in (found.mean, found.variance))
    location = mu[..., None] + tau[..., None] * u
    mean, given = (of_mu * location).sum(axis=2), (of_mu * own_variance).sum(axis=2)
    variance = tau**2 * given + (of_mu * (location - mean[:, :, None]) ** 2).sum(axis=2)
    return mean, variance, 1 - given


def _hermite(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances from a peak in its widths, and the logarithms of what each counts for."""
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    return x, np.log(w) + x**2 / 2
