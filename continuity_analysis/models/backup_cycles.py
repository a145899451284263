"""The law of backup cycles: what a simulated future is drawn from, and what its history leaves open.

A cycle is a backup that became usable, with its run time and the time until the next run was due, and the runs after it
that gave none. Cycles are resampled whole. Whether a due run gives a backup is a chance of its own, so that what was
never seen is not taken as impossible: k misses among n due runs leave the chance open as far as the exact interval of
Clopper and Pearson does. Misses are taken as independent unless they cluster: then a cycle's whole string of misses is
the unit (a block from one regeneration to the next), and the chance is that such a string begins.

References
----------
Bertail, P. and Clémençon, S. (2006), Regenerative block bootstrap for Markov chains, Bernoulli 12.
Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits, Biometrika 26.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from continuity_analysis.models.strings_of_misses import chance_of_so_few_strings

DRAWS = 1_000
SEED = 19_620_415
CLUSTERED = 0.05  # misses cluster where so few strings of them were as likely as this, or less, were they independent
_COLUMNS = ("run_hours", "held_hours", "interval_hours")


@dataclass(frozen=True, eq=False)
class CycleLaw:
    """Cycles of many assets, one asset after the other.

    Attributes
    ----------
    assets : Index
        Names.
    first, n : ndarray of int64, shape (assets,)
        First of the complete cycles of each, and how many there are.
    run, held, interval : ndarray, shape (cycles,)
        From begun to usable, to the moment held, and to when the next run was due [h].
    first_string, n_strings : ndarray of int64, shape (assets,)
        Likewise, of the complete cycles that have misses.
    missed, missed_hours : ndarray, shape (strings,)
        Runs missed in each, and how long they took up [h].
    due, misses, strings : ndarray of int64, shape (assets,)
        Due runs after the first one, how many of them gave no backup, and in how many unbroken strings.
    clustered : ndarray of bool, shape (assets,)
    elapsed, age, longest : ndarray, shape (assets,)
        At the end of the watched time: since the newest usable backup began, and how old its data was; and the longest
        complete cycle [h].
    often : ndarray, shape (assets,)
        How many times as likely as before a string of clustered misses is to begin in a cycle.
    step : float, optional
        How far runs are apart, under another schedule than the one observed [h].
    """

    assets: pd.Index
    first: np.ndarray
    n: np.ndarray
    run: np.ndarray
    held: np.ndarray
    interval: np.ndarray
    first_string: np.ndarray
    n_strings: np.ndarray
    missed: np.ndarray
    missed_hours: np.ndarray
    due: np.ndarray
    misses: np.ndarray
    strings: np.ndarray
    clustered: np.ndarray
    elapsed: np.ndarray
    age: np.ndarray
    longest: np.ndarray
    often: np.ndarray
    step: float | None = None

    def __len__(self) -> int:
        return len(self.assets)

    @property
    def shift(self) -> np.ndarray:
        """By how much each asset's random numbers are moved, from its name: none depends on which others are there."""
        return np.array([crc32(str(name).encode()) % DRAWS for name in self.assets], dtype=np.int64)

    def rows(self, which: np.ndarray) -> "CycleLaw":
        """The law of some of the assets, which may repeat."""
        every = ("run", "held", "interval", "missed", "missed_hours", "step")
        return CycleLaw(
            **{f: getattr(self, f) if f in every else getattr(self, f)[which] for f in self.__dataclass_fields__}
        )

    def every(self, hours: float) -> "CycleLaw":
        """The same run times and misses, were runs due every so many hours, from a fresh backup on.

        Independent misses stay as likely per run. Where they cluster something stops the backups for a time: that stays
        as long, and begins as often per hour, whatever the schedule.
        """
        fresh = {"interval": np.full(len(self.run), float(hours)), "elapsed": np.zeros(len(self))}
        fresh |= {"age": np.zeros(len(self)), "often": hours / self.mean_interval(), "step": float(hours)}
        return CycleLaw(**{f: fresh.get(f, getattr(self, f)) for f in self.__dataclass_fields__})

    def mean_interval(self) -> np.ndarray:
        """Mean time until the next run is due [h], shape (assets,)."""
        sums = np.append(0, np.cumsum(self.interval))
        return (sums[self.first + self.n] - sums[self.first]) / np.maximum(self.n, 1)

    def hours_of_a_miss(self) -> np.ndarray:
        """How long one missed run took up on average [h], shape (assets,); NaN where none was missed."""
        hours, missed = (np.append(0, np.cumsum(x)) for x in (self.missed_hours, self.missed.astype(float)))
        last = self.first_string + self.n_strings
        with np.errstate(invalid="ignore", divide="ignore"):
            return (hours[last] - hours[self.first_string]) / (missed[last] - missed[self.first_string])

    def chance_of_miss(self, uniform, which: str = "middle") -> np.ndarray:
        """Chance that a due run is missed (that a string begins, where they cluster), at quantiles of what is open.

        Parameters
        ----------
        uniform : array of float, shape (assets,) or broadcasting against (assets, n)
        which : {"low", "middle", "high"}
            The laws of the exact lower limit, of Jeffreys, and of the exact upper limit.
        """
        from scipy.special import betaincinv

        k, n = (x[:, None].astype(float) for x in self._trials())
        below, above = {"low": (0, 1), "middle": (0.5, 0.5), "high": (1, 0)}[which]
        with np.errstate(invalid="ignore"):
            drawn = betaincinv(np.maximum(k + below, 1e-12), np.maximum(n - k + above, 1e-12), uniform)
        drawn = np.where(k + below == 0, 0.0, np.where(n - k + above == 0, 1.0, drawn))
        return self._as_often(drawn)

    def chance_seen(self) -> np.ndarray:
        """The share of due runs missed (of cycles with a string, where they cluster), shape (assets, 1)."""
        k, n = self._trials()
        return self._as_often((k / np.maximum(n, 1))[:, None])

    def _trials(self) -> tuple[np.ndarray, np.ndarray]:
        k = np.where(self.clustered, self.strings, self.misses)
        n = np.where(self.clustered, self.n, self.due)
        return np.minimum(k, n), n

    def _as_often(self, chance: np.ndarray) -> np.ndarray:
        return np.where(self.clustered[:, None], np.minimum(chance * self.often[:, None], 1.0), chance)


def law_of_cycles(cycles: pd.DataFrame) -> CycleLaw:
    """The law of the cycles of each asset.

    Parameters
    ----------
    cycles : DataFrame
        Result of `measure_backup_cycles`.
    """
    code, assets = pd.factorize(cycles["asset"], sort=True)
    size = len(assets)
    whole = cycles["complete"].to_numpy(dtype=bool)
    missed = cycles["missed"].to_numpy(dtype=np.int64)
    stretches = pd.Series(cycles["stretch"].to_numpy()).groupby(code).nunique().to_numpy(dtype=np.int64)
    misses = np.bincount(code, missed, minlength=size).astype(np.int64)
    strings = np.bincount(code, missed > 0, minlength=size).astype(np.int64)
    due = np.bincount(code, minlength=size) - stretches + misses
    some = whole & (missed > 0)
    n, n_strings = np.bincount(code[whole], minlength=size), np.bincount(code[some], minlength=size)
    newest = cycles.iloc[np.flatnonzero(np.append(code[1:] != code[:-1], True)[: len(code)])]
    waited = newest["waited_hours"].to_numpy(dtype=float)
    longest = np.zeros(size)
    np.maximum.at(longest, code[whole], cycles["waited_hours"].to_numpy(dtype=float)[whole])
    return CycleLaw(
        assets,
        np.cumsum(n) - n,
        n,
        *(cycles[c].to_numpy(dtype=float)[whole] for c in _COLUMNS),
        np.cumsum(n_strings) - n_strings,
        n_strings,
        missed[some],
        cycles["missed_hours"].to_numpy(dtype=float)[some],
        due=due,
        misses=misses,
        strings=strings,
        clustered=chance_of_so_few_strings(due, misses, strings) <= CLUSTERED,
        elapsed=waited,
        age=waited - newest["held_hours"].to_numpy(dtype=float),
        longest=longest,
        often=np.ones(size),
    )
