"""The likelihood of services whose locations are drawn from one normal law, each location integrated out.

The logarithm of a duration of service i is mu + b_i + e, with b_i ~ N(0, tau²) and e ~ N(0, sigma²). With
u_i = b_i / tau and the ratio r = tau / sigma every z of the lognormal likelihood is α + β y - r u_i, where
β = 1 / sigma and α = -mu / sigma: linear in α, β and u. So, r held, the logarithm of the likelihood of (α, β) with all
u integrated out has one maximum at most (Prékopa), and its integrands are log-concave: a rule about the mode of each
serves. Censored and interval-censored durations enter as they do in `models.lifetimes`, whose likelihood this is.

References
----------
Prékopa, A. (1973), On logarithmic concave measures and functions, Acta Scientiarum Mathematicarum 34.
"""

from dataclasses import dataclass, replace

import numpy as np

from continuity_analysis.models.lifetimes.families import FAMILIES
from continuity_analysis.models.lifetimes.likelihood import Likelihood, likelihood
from continuity_analysis.models.lifetimes.likelihood_rows import Rows
from continuity_analysis.models.lifetimes.newton import ROWS_AT_ONCE
from continuity_analysis.models.lifetimes.observations import Observations
from continuity_analysis.models.pooling.quadrature import ALL, NODES, NONE, SOME, louis_identity, modes, rule


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
        return NODES[self.known]

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
        mode, width = modes(self._copies(len(start)), start, scale, r)
        off, counts = rule(self.known, width, r)
        u = mode + off
        value, gradient, hessian = self._evaluate(start - r * u, scale)
        log = value - u**2 / 2 + counts
        most = log.max(axis=0)
        share = np.exp(log - most)
        total = share.sum(axis=0)
        share /= total
        value = most + np.log(total) - np.log(2 * np.pi) / 2
        slope, curve = louis_identity(gradient, hessian, share, own=np.tile(self.deviation, by_case[0]))
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
        value, *slopes = (np.concatenate(x).reshape(nodes, size, *x[0].shape[1:]) for x in zip(*found, strict=True))
        possible = np.isfinite(value)  # elsewhere the likelihood is less than any number that can be written
        if possible.all():
            return value, *slopes
        at = possible.reshape(nodes, size, 1)
        gradient, hessian = np.where(at, slopes[0], 0.0), np.where(at[..., None], slopes[1], 0.0)
        return np.where(possible, value, -np.inf), gradient, hessian

    def _copies(self, groups: int) -> Likelihood:
        return self.copies if groups == len(self.copies.centre) else self.copies.take(np.arange(groups))


def services_of(seen: Observations, *, cases: int) -> Services:
    """Observations of services, each of which has some, for as many cases at once as fit into the processor's memory.

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
    of = likelihood(seen, FAMILIES["lognormal"])
    size = seen.groups + of.lasting.count.sum() + of.between.count.sum()
    copies = max(1, min(cases * NODES[known], ROWS_AT_ONCE // int(size)))
    return _Part(_repeated(of, copies), of.centre, known)


def _repeated(of: Likelihood, copies: int) -> Likelihood:
    """The likelihood of the same groups several times over."""
    kinds = {name: _repeated_rows(getattr(of, name), len(of.centre), copies) for name in ("lasting", "between")}
    each = ("centre", "spread", "n_exact", "constant", "linear", "squares")
    return replace(of, **kinds, **{name: np.concatenate([getattr(of, name)] * copies) for name in each})


def _repeated_rows(rows: Rows, groups: int, copies: int) -> Rows:
    group = (rows.group + groups * np.arange(copies)[:, None]).ravel()
    columns = ([None if c is None else np.tile(c, copies) for c in cs] for cs in (rows.columns, rows.until))
    return Rows(group, np.tile(rows.count, copies), *map(tuple, columns))
