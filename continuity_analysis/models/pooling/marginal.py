"""The likelihood of services whose locations are drawn from one normal law, each location integrated out.

The logarithm of a duration of service i is mu + b_i + e, with b_i ~ N(0, tau²) and e ~ N(0, sigma²). With
u_i = b_i / tau and the ratio r = tau / sigma every z of the lognormal likelihood is α + β y - r u_i, where
β = 1 / sigma and α = -mu / sigma: linear in α, β and u. So, r held, the logarithm of the likelihood of (α, β) with all
u integrated out has one maximum at most (Prékopa), and its integrands are log-concave: a rule about the mode of each
serves. Censored and interval-censored durations enter as they do in `models.lifetimes`, whose likelihood this is.

References
----------
Pinheiro, J. C. and Bates, D. M. (1995), Approximations to the log-likelihood function in the nonlinear mixed-effects
model, Journal of Computational and Graphical Statistics 4 (adaptive quadrature).
Louis, T. A. (1982), Finding the observed information matrix when using the EM algorithm, JRSS B 44.
Prékopa, A. (1973), On logarithmic concave measures and functions, Acta Scientiarum Mathematicarum 34.
"""

from dataclasses import dataclass, replace

import numpy as np

from continuity_analysis.models.lifetimes.families import FAMILIES
from continuity_analysis.models.lifetimes.likelihood import Likelihood, likelihood
from continuity_analysis.models.lifetimes.newton import ROWS_AT_ONCE
from continuity_analysis.models.lifetimes.observations import Observations

_MOST_STEPS, _STILL, _LONGEST = 40, 1e-3, 5.0
ALL, SOME, NONE = "all known", "some known", "none known"
_NODES = {ALL: 3, SOME: 9, NONE: 41}
_FINE, _REACH = 3.0, 9.0  # of z, over which the graded rule is even; of u, as far as it goes


@dataclass(frozen=True, eq=False)
class Effects:
    """What the services' own deviations u = b / tau are, given the parameters of each of several cases.

    Attributes
    ----------
    value : ndarray, shape (cases,)
        Logarithm of the likelihood, all u integrated out; not a number where a mode was not found.
    gradient, hessian : ndarray, shape (cases, 2) and (cases, 2, 2)
        With respect to α and β.
    mean, variance : ndarray, shape (cases, services)
        Of u.
    """

    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True, eq=False)
class Services:
    """Durations of services, each of which has some.

    Attributes
    ----------
    parts : tuple of _Part
        Services integrated by the same rule.
    place : ndarray of int64, shape (services,)
        Where each is among those of all parts, one after the other.
    centre : float
        Subtracted from all logarithms.
    n : int
        Number of durations.
    """

    parts: tuple["_Part", ...]
    place: np.ndarray
    centre: float
    n: int

    def effects(self, theta: np.ndarray, ratio: np.ndarray) -> Effects:
        """Integrate the services' own deviations out.

        Parameters
        ----------
        theta : ndarray, shape (cases, 2)
            α (of logarithms less `centre`) and β.
        ratio : ndarray, shape (cases,)
            tau / sigma.

        Returns
        -------
        Effects
        """
        found = [part.effects(theta, ratio) for part in self.parts]
        sums = (sum(getattr(e, name) for e in found) for name in ("value", "gradient", "hessian"))
        each = (np.concatenate([getattr(e, name) for e in found], axis=1) for name in ("mean", "variance"))
        return Effects(*sums, *(x[:, self.place] for x in each))


@dataclass(frozen=True, eq=False)
class _Part:
    """Services written out several times, to compute several cases at once.

    Attributes
    ----------
    copies : Likelihood
        Of groups number copy × services + service.
    deviation : ndarray, shape (services,)
        Of the centre of each service's logarithms from that of all.
    known : {"all known", "some known", "none known"}
        Which durations of each are known exactly.
    """

    copies: Likelihood
    deviation: np.ndarray
    known: str

    @property
    def nodes(self) -> int:
        """Of the rule."""
        return _NODES[self.known]

    def effects(self, theta: np.ndarray, ratio: np.ndarray) -> Effects:
        """Of its services, as `Services.effects`."""
        at_once = max(1, len(self.copies.centre) // len(self.deviation) // self.nodes)
        found = [self._effects(theta[i : i + at_once], ratio[i : i + at_once]) for i in range(0, len(theta), at_once)]
        columns = zip(*(vars(effects).values() for effects in found), strict=True)
        return Effects(*(np.concatenate(column) for column in columns))

    def _effects(self, theta: np.ndarray, ratio: np.ndarray) -> Effects:
        by_case = len(theta), len(self.deviation)
        start = (theta[:, :1] + theta[:, 1:] * self.deviation).ravel()
        scale, r = np.repeat(theta[:, 1], by_case[1]), np.repeat(ratio, by_case[1])
        mode, width = _modes(self._copies(len(start)), start, scale, r)
        off, counts = _graded(r) if self.known == NONE else _hermite(width, self.nodes)
        u = mode + off
        value, gradient, hessian = self._evaluate(start - r * u, scale)
        log = value - u**2 / 2 + counts
        most = log.max(axis=0)
        share = np.exp(log - most)
        total = share.sum(axis=0)
        share /= total
        value = most + np.log(total) - np.log(2 * np.pi) / 2
        slope, curve = _louis(gradient, hessian, share, own=np.tile(self.deviation, by_case[0]))
        mean = (share * u).sum(axis=0)
        variance = (share * (u - mean) ** 2).sum(axis=0)
        sums = (x.reshape(*by_case, *x.shape[1:]).sum(axis=1) for x in (value, slope, curve))
        return Effects(*sums, mean.reshape(by_case), variance.reshape(by_case))

    def _evaluate(self, first: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The likelihood at all nodes, shape (nodes, cases × services), as many as there are copies for at once."""
        nodes, size = first.shape
        at_once = max(1, len(self.copies.centre) // size)
        found = []
        for i in range(0, nodes, at_once):
            part = first[i : i + at_once].ravel()
            theta = np.column_stack([part, np.tile(scale, len(part) // size)])
            found.append(self._copies(len(part)).evaluate(theta))
        return tuple(np.concatenate(x).reshape(nodes, size, *x[0].shape[1:]) for x in zip(*found, strict=True))

    def _copies(self, groups: int) -> Likelihood:
        return self.copies if groups == len(self.copies.centre) else self.copies.take(np.arange(groups))


def services_of(seen: Observations, *, cases: int) -> Services:
    """Observations of services, each of which has some, for as many cases at once as fit into the processor's memory.

    Where all durations are known the integrand is normal, and three Gauss-Hermite nodes are exact; where some are, it
    is nearly so; where none is, it is a step, and a rule that is ever finer about its mode takes their place.

    Parameters
    ----------
    seen : Observations
    cases : int
        The most there will be at once.
    """
    known = seen.sums((seen.lower == seen.upper).astype(np.int64))
    known = np.select([known == seen.n, known > 0], [ALL, SOME], NONE)
    kinds = [(np.flatnonzero(known == kind), kind) for kind in (ALL, SOME, NONE) if (known == kind).any()]
    parts = [_part(seen.take(some), cases=cases, known=kind) for some, kind in kinds]
    place = np.argsort(np.concatenate([some for some, _ in kinds]))
    centre = float(np.average(np.concatenate([part.deviation for part in parts])[place], weights=seen.n))
    return Services(
        tuple(replace(part, deviation=part.deviation - centre) for part in parts), place, centre, len(seen.group)
    )


def _part(seen: Observations, *, cases: int, known: str) -> _Part:
    copies = max(1, min(cases * _NODES[known], ROWS_AT_ONCE // len(seen.group)))
    group = (seen.group + seen.groups * np.arange(copies)[:, None]).ravel()
    lower, upper = np.tile(seen.lower, copies), np.tile(seen.upper, copies)
    of = likelihood(Observations(group, lower, upper, None, None, None, seen.groups * copies), FAMILIES["lognormal"])
    return _Part(of, of.centre[: seen.groups], known)


def _hermite(width: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances from the mode and the logarithms of what each counts for, shape (nodes, …)."""
    t, w = np.polynomial.hermite_e.hermegauss(nodes)
    return t[:, None] * width, (np.log(w) + t**2 / 2)[:, None] + np.log(width)


def _graded(ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same, fine where z changes and ever wider apart further out, where only the law of u does."""
    scale, nodes = _FINE / np.maximum(ratio, 1.0), _NODES[NONE]
    most = np.arcsinh(_REACH / scale)
    x = np.linspace(-1, 1, nodes)[:, None] * most
    return scale * np.sinh(x), np.log(np.cosh(x)) + np.log(scale * 2 * most / (nodes - 1))


def _modes(of: Likelihood, start: np.ndarray, scale: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def _louis(gradient, hessian, share: np.ndarray, *, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Louis' identity: the mean of the Hessian plus the variance of the gradient over u, for each service."""
    mean = np.einsum("qgi,qg->gi", gradient, share)
    curve = np.einsum("qgij,qg->gij", hessian, share) + np.einsum("qgi,qgj,qg->gij", gradient, gradient, share)
    curve -= mean[:, :, None] * mean[:, None, :]
    mean[:, 1] += own * mean[:, 0]  # of α and β, from those of the service's own centred logarithms
    curve[:, 1, 1] += own * (2 * curve[:, 0, 1] + own * curve[:, 0, 0])
    curve[:, 0, 1] += own * curve[:, 0, 0]
    curve[:, 1, 0] = curve[:, 0, 1]
    return mean, curve
