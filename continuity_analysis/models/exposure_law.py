"""The law of recovery-point exposure, exact: every piece is a uniform between the ages at its two ends.

The age at a random covered moment exceeds x with probability S(x) = (sum over pieces of the time spent beyond x) /
(covered time): piecewise linear, with knots at the ages where pieces begin and end. Unprotected time counts as
infinitely old. Sums are of whole microseconds, so nothing is lost to rounding.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

HOUR = 3_600_000_000


@dataclass(frozen=True, eq=False)
class ExposureLaw:
    """Pieces of exposure of many groups, as numbers.

    Attributes
    ----------
    groups : Index
        Names of the groups.
    code : ndarray of int64, shape (n,)
        Group of each piece.
    length : ndarray of int64
        How long each lasts [us].
    youngest, oldest : ndarray of int64
        The age at both ends [us]; equal while logs are shipped as they grow.
    protected, unprotected : ndarray of bool
        Neither: unknown.
    """

    groups: pd.Index
    code: np.ndarray
    length: np.ndarray
    youngest: np.ndarray
    oldest: np.ndarray
    protected: np.ndarray
    unprotected: np.ndarray

    @cached_property
    def known(self) -> np.ndarray:
        """Whether somebody was watching."""
        return self.protected | self.unprotected

    def total(self, which: np.ndarray, weight=1) -> np.ndarray:
        """Time [us] of each group spent in the pieces chosen, times a weight."""
        return np.bincount(self.code, np.where(which, self.length * weight, 0.0), len(self.groups))

    @cached_property
    def time_known(self) -> np.ndarray:
        """Time [us] of each group in which somebody was watching."""
        return self.total(self.known)

    @cached_property
    def time_protected(self) -> np.ndarray:
        """Time [us] of each group in which there was a usable recovery point."""
        return self.total(self.protected)

    @cached_property
    def time_without_age(self) -> np.ndarray:
        """Time [us] of each group in which logs were shipped as they grew."""
        return self.total(self.protected & (self.oldest == self.youngest))

    def over(self, hours: np.ndarray, *, only=True, added=0.0) -> np.ndarray:
        """Time [us] of each group spent beyond an age [h], in the pieces chosen, each made older by `added` [h]."""
        limit = np.asarray(hours, dtype=float)[self.code] * HOUR
        beyond = np.clip(self.oldest + added * HOUR - limit, 0, self.length)
        beyond = np.where(self.unprotected, self.length, np.where(self.protected, beyond, 0)) * only
        return np.where(np.isnan(hours), np.nan, np.bincount(self.code, np.nan_to_num(beyond), len(self.groups)))

    def worst(self) -> np.ndarray:
        """Highest age [h] of each group: infinite if it was ever unprotected, NaN if nothing is covered."""
        return self.quantile(1.0)

    def quantile(self, share) -> np.ndarray:
        """The smallest age [h] not exceeded for `share` of each group's covered time; NaN where that is not known."""
        covered, finite, young = self.time_known, self.time_protected, self.time_without_age
        share = np.broadcast_to(np.asarray(share, dtype=float), covered.shape)
        sought = share * covered
        sought = np.where((sought > finite) & (sought <= finite * (1 + 1e-12)), finite, sought)
        answerable = (covered > 0) & (sought <= finite)
        inside = np.flatnonzero(answerable & (sought > young))
        answer = np.where(answerable, 0.0, np.where((covered > 0) & (sought > finite), np.inf, np.nan))
        rest = sought[inside] - young[inside]
        code, age, below, active = self.knots
        start = below[np.searchsorted(code, inside)] if len(inside) else below[:0]
        at = np.searchsorted(below, start + np.ceil(rest).astype(np.int64)) - 1
        answer[inside] = (age[at] + (rest - (below[at] - start)) / active[at]) / HOUR
        return answer

    @cached_property
    def knots(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Group, age [us], time spent below that age (running on from group to group) [us] and pieces just above it."""
        rises = self.protected & (self.oldest > self.youngest)
        code, young, old = (x[rises] for x in (self.code, self.youngest, self.oldest))
        code, age, change = _in_order(code, young, old)
        active = np.cumsum(change)
        spent = np.where(code[1:] == code[:-1], active[:-1] * np.diff(age), 0)
        return code, age, np.append(0, np.cumsum(spent))[: len(age)], active


def _in_order(code: np.ndarray, young: np.ndarray, old: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Group, age and whether a piece begins (1) or ends there (-1), in the order of group and age.

    All three are sorted as one number each, where they fit in 64 bits.
    """
    bits = int(old.max(initial=0)).bit_length() + 1
    if int(code.max(initial=0)).bit_length() + bits > 62 or young.min(initial=0) < 0:
        code, age, change = np.tile(code, 2), np.append(young, old), np.repeat([1, -1], len(code))
        order = np.lexsort((age, code))
        return code[order], age[order], change[order]
    place = code.astype(np.int64) << bits
    marks = np.append(place + (young << 1), place + (old << 1) + 1)
    marks.sort()
    return marks >> bits, (marks & ((1 << bits) - 1)) >> 1, 1 - 2 * (marks & 1)


def law_of(pieces: pd.DataFrame, by: str) -> ExposureLaw:
    """The law of the exposure of each group.

    Parameters
    ----------
    pieces : DataFrame
        Columns `by`, from_at, until_at, data_at, state.
    by : str
        "service", "asset" or "tier".
    """
    code, groups = pd.factorize(pieces[by], sort=True)
    start, end, data = (
        pieces[c].to_numpy(dtype="datetime64[us]").view(np.int64) for c in ("from_at", "until_at", "data_at")
    )
    protected = (pieces["state"] == "protected").to_numpy(dtype=bool)
    youngest, oldest = (np.where(protected, np.maximum(t - np.where(protected, data, t), 0), 0) for t in (start, end))
    unprotected = (pieces["state"] == "unprotected").to_numpy(dtype=bool)
    return ExposureLaw(groups, code, end - start, youngest, oldest, protected, unprotected)


def exposure_exceedance(pieces: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """The exceedance S(x) at all its knots; between them it is a straight line.

    Returns
    -------
    DataFrame
        `by`, hours, share_longer: the share of covered time with an age above `hours`, at each knot and at 0. What
        remains beyond the last knot is the unprotected share.
    """
    law = law_of(pieces, by)
    code, age, below, _ = law.knots
    every = np.arange(len(law.groups))
    young = law.time_without_age
    start = np.append(below, 0)[np.searchsorted(code, every)]
    code, age = np.append(every, code), np.append(np.zeros(len(every), dtype=np.int64), age)
    below = young[code] + np.append(np.zeros(len(every)), below - start[code[len(every) :]])
    covered = law.time_known[code]
    with np.errstate(invalid="ignore", divide="ignore"):
        longer = 1 - below / covered
    out = pd.DataFrame({by: law.groups.take(code), "hours": age / HOUR, "share_longer": longer})[covered > 0]
    return out.drop_duplicates([by, "hours"], keep="last").sort_values([by, "hours"], ignore_index=True)
