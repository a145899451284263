"""When systems failed, each on a clock of its own: what trends are read from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class FailureTimes:
    """Failures of many systems, in order; several systems may be looked at together as one group.

    Attributes
    ----------
    hours : ndarray of float, shape (failures,)
        Time on the clock of its system at which each failed, above 0 [h].
    system : ndarray of int64, shape (failures,)
        Number of its system, from 0.
    end : ndarray of float, shape (systems,)
        Until when each was observed [h].
    group : ndarray of int64, shape (systems,)
        Group of each system, from 0.
    """

    hours: np.ndarray
    system: np.ndarray
    end: np.ndarray
    group: np.ndarray

    @cached_property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1) + 1)

    @cached_property
    def n(self) -> np.ndarray:
        """Failures of each system."""
        return np.bincount(self.system, minlength=len(self.end))

    @cached_property
    def ends_it(self) -> np.ndarray:
        """Which failures ended the observation of their system: it is failure truncated, the others time truncated."""
        last = np.append(self.system[1:] != self.system[:-1], True)[: len(self.system)]
        return last & (self.hours == self.end[self.system])

    def count(self, which: np.ndarray) -> np.ndarray:
        """How many of the failures `which` each group has."""
        return np.bincount(self.group[self.system[which]], minlength=self.groups)

    def total(self, values: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Sum over the failures `which` of each group."""
        found = np.bincount(self.group[self.system[which]], weights=values[which], minlength=self.groups)
        return found.astype(float)  # of none they would be whole numbers


def failure_times(hours, system, end, *, group=None) -> FailureTimes:
    """Failures in order, checked.

    Parameters
    ----------
    hours : array of float, shape (failures,)
        Time on the clock of its system [h]; a failure at the very end of it ended its observation.
    system : array of int, shape (failures,)
    end : array of float, shape (systems,)
    group : array of int, shape (systems,), optional
        Each system is a group of its own otherwise.

    Raises
    ------
    ValueError
        If a failure is not within (0, end] of its system.
    """
    hours, end = np.asarray(hours, dtype=float), np.asarray(end, dtype=float)
    system = np.asarray(system, dtype=np.int64)
    group = np.arange(len(end)) if group is None else np.asarray(group, dtype=np.int64)
    if not ((hours > 0) & (hours <= end[system])).all():
        raise ValueError("Expected failures after 0 and not after the end of the observation of their system.")
    order = np.lexsort((hours, system))
    return FailureTimes(hours[order], system[order], end, group)
