"""What is asked of a fitted law: its location or scale, a quantile, its mean, the effect of a covariate."""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.lifetimes.families import Family
from continuity_analysis.models.lifetimes.likelihood import Likelihood
from continuity_analysis.models.lifetimes.newton import Maxima, Path, solve


@dataclass(frozen=True)
class Quantity:
    """What is asked of a fit: the location at some covariates and what the scale adds to it, or the scale itself.

    Attributes
    ----------
    at : tuple of float
        Multiples of the coefficients, the first is the location's.
    share : float or None
        For the time by which this share has ended.
    mean : bool
        For the mean duration.
    is_scale : bool
    on_hours : bool
        Whether it is given in hours rather than on their logarithm.
    """

    at: tuple[float, ...] = (1.0,)
    share: float | None = None
    mean: bool = False
    is_scale: bool = False
    on_hours: bool = False

    def added(self, family: Family, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the scale adds to the location, with its first two derivatives."""
        if self.mean:
            return family.log_mean(scale)
        z = 0.0 if self.share is None else float(family.standard_quantile(self.share))
        return z * scale, np.full_like(scale, z), np.zeros_like(scale)

    def centre(self, likelihood: Likelihood) -> np.ndarray:
        """What is to be added to values in centred logarithms, shape (groups,)."""
        return np.zeros(len(likelihood.centre)) if self.is_scale else self.at[0] * likelihood.centre

    def multiples(self, likelihood: Likelihood) -> tuple[np.ndarray, int]:
        """Multiples of all coefficients, and which of them is solved for where the quantity is held."""
        at = np.zeros(likelihood.columns - 1)
        at[: len(self.at)] = self.at
        return at, int(np.flatnonzero(at)[0])

    @np.errstate(over="ignore", invalid="ignore")
    def estimate(self, likelihood: Likelihood, top: Maxima) -> tuple[np.ndarray, np.ndarray]:
        """The quantity (the logarithm of a scale) at the maximum and its standard error, in centred logarithms."""
        last, family = top.theta[:, -1], likelihood.family
        slope = np.zeros_like(top.theta)
        if self.is_scale:
            estimate, slope[:, -1] = -np.log(last), -1 / last
        else:
            (at, _), (added, first, _) = self.multiples(likelihood), self.added(family, 1 / last)
            location = -(top.theta[:, :-1] @ at) / last
            estimate = location + added
            slope[:, :-1], slope[:, -1] = -at / last[:, None], -location / last - first / last**2
        free = slice(None) if family.scale is None else slice(None, -1)
        slope, hessian = np.where(np.isfinite(estimate)[:, None], slope, 0.0)[:, free], top.hessian[:, free, free]
        step, _ = solve(hessian, slope, np.zeros(len(slope)))
        return estimate, np.sqrt((step * slope).sum(axis=1))

    def free_at(self, likelihood: Likelihood, top: Maxima) -> np.ndarray:
        """What is still free where the quantity is held, at the maximum; in units of the scale where that is held."""
        if self.is_scale:
            return top.theta[:, :-1] / top.theta[:, -1:]
        theta = top.theta if likelihood.family.scale is None else top.theta[:, :-1]
        return np.delete(theta, self.multiples(likelihood)[1], axis=1)

    def slope(self, likelihood: Likelihood, held: Maxima) -> np.ndarray:
        """How the largest logarithm of the likelihood with the quantity held changes with its value."""
        last = held.theta[:, -1]
        if self.is_scale:
            return -held.gradient[:, -1] * last
        at, j = self.multiples(likelihood)
        return -held.gradient[:, j] * last / at[j]

    def held(self, likelihood: Likelihood, value: np.ndarray) -> Path:
        """The path along which the quantity keeps a value (of a scale, its logarithm)."""
        return _scale_held(likelihood, value) if self.is_scale else _location_held(self, likelihood, value)


LOCATION, SCALE = Quantity(), Quantity(is_scale=True, on_hours=True)
MEAN = Quantity(mean=True, on_hours=True)


def quantile_of_fit(share: float, *covariates: float) -> Quantity:
    """The time by which a share has ended [h]."""
    return Quantity((1.0, *covariates), share=share, on_hours=True)


def coefficient(number: int) -> Quantity:
    """What one covariate, numbered from 1, adds to the logarithm of hours."""
    return Quantity((*(0.0,) * number, 1.0))


def _scale_held(likelihood: Likelihood, value: np.ndarray) -> Path:
    k = likelihood.columns

    def path(free, groups):
        per_scale = np.exp(-value[groups])[:, None]
        jacobian = per_scale[:, :, None] * np.eye(k, k - 1)
        return np.concatenate([free * per_scale, per_scale], axis=1), jacobian, None

    return path


def _location_held(quantity: Quantity, likelihood: Likelihood, value: np.ndarray) -> Path:
    """One coefficient follows from the others and the scale."""
    k, fixed = likelihood.columns, likelihood.family.scale
    at, j = quantity.multiples(likelihood)
    others = np.delete(np.arange(k if fixed is None else k - 1), j)
    coefficients = others[others < k - 1]

    def path(free, groups):
        theta, jacobian = np.zeros((len(free), k)), np.zeros((len(free), k, len(others)))
        theta[:, others], jacobian[:, others, np.arange(len(others))] = free, 1.0
        if fixed is not None:
            theta[:, -1] = 1 / fixed
        last = theta[:, -1]
        with np.errstate(all="ignore"):
            added, first, second = quantity.added(likelihood.family, 1 / last)
            rest = theta[:, coefficients] @ at[coefficients]
            theta[:, j] = -(last * (value[groups] - added) + rest) / at[j]
            jacobian[:, j, : len(coefficients)] = -at[coefficients] / at[j]
            if fixed is None:
                jacobian[:, j, -1] = -(value[groups] - added + first / last) / at[j]

        def bend(gradient):
            extra = np.zeros((len(free), len(others), len(others)))
            with np.errstate(all="ignore"):
                extra[:, -1, -1] = gradient[:, j] * second / (last**3 * at[j])
            return extra

        return theta, jacobian, bend if fixed is None and quantity.mean else None

    return path
