"""Strings of missed runs of a coming period, where nothing else can carry the exposure over the target.

With runs due often a period holds thousands of cycles and few strings of misses: only these are drawn, each after a
geometric number of cycles. The law is that of `simulated_cycles`.
"""

import numpy as np

from continuity_analysis.models.backup_cycles import DRAWS, CycleLaw
from continuity_analysis.models.resampled_cycles import draws_of, evenly, outer_uniforms
from continuity_analysis.models.simulated_cycles import lost_hours, picked, uniforms

_AT_ONCE = 2_000_000  # simulated strings per step, so that memory stays small
_LARGEST = 1 - 2.0**-53  # no random number is larger


def only_strings(law: CycleLaw, within_hours: np.ndarray) -> np.ndarray:
    """Whether one interval and the slowest run are within the target [h], for each asset of a law with a `step`."""
    if law.step is None or not len(law.run):
        return np.zeros(len(law), dtype=bool)
    return law.step + _slowest(law) <= within_hours


def _slowest(law: CycleLaw) -> np.ndarray:
    """The slowest run of each asset less the earliest moment held [h]; infinite where there is no complete cycle."""
    slowest = np.full(len(law), np.inf)
    some = np.flatnonzero(law.n > 0)
    slowest[some] = _most(law.run, law.first[some], law.n[some]) + _most(-law.held, law.first[some], law.n[some])
    return slowest


def _longest_string(law: CycleLaw) -> np.ndarray:
    """What the longest string of misses of each asset took up [h]; 0 where none was ever seen."""
    longest, some = np.zeros(len(law)), np.flatnonzero(law.n_strings > 0)
    longest[some] = _most(law.missed_hours, law.first_string[some], law.n_strings[some])
    return longest


def _most(values: np.ndarray, first: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The largest of `n` values from the first on, for each asset."""
    ends = np.stack([first, first + n], axis=1)
    return np.maximum.reduceat(np.append(values, 0.0), ends.ravel())[::2]


def never_over(law: CycleLaw, within_hours: np.ndarray) -> np.ndarray:
    """Whether not even the longest string that can be drawn carries an asset over its target [h]: nothing to simulate.

    Parameters
    ----------
    law : CycleLaw
        With a `step`.
    within_hours : ndarray, shape (assets,)
        The target [h], for which `only_strings` holds.
    """
    chance = law.chance_of_miss(np.full((len(law), 1), evenly(2).max()))[:, 0]
    with np.errstate(divide="ignore"):
        more = np.floor(np.log1p(-_LARGEST) / np.log(np.clip(chance, 0, _LARGEST)))
    lost = np.where(law.clustered, _longest_string(law) + law.step, law.step * (1 + more))
    return law.step + lost + _slowest(law) <= within_hours


def hours_over_of_strings(law: CycleLaw, group: np.ndarray, *, hours: float, within_hours: np.ndarray) -> np.ndarray:
    """Hours of the period over the target, shape (assets, DRAWS).

    Parameters
    ----------
    law : CycleLaw
        With a `step`.
    group : ndarray of int64
        0, 1, …: each asset on its own.
    hours : float
        Length of the period [h].
    within_hours : ndarray, shape (assets,)
        The target [h], for which `only_strings` holds.
    """
    outer, found = outer_uniforms(int(law.n.max(initial=1))), np.zeros((len(law), DRAWS))
    chance = law.chance_of_miss(evenly(2)[draws_of(law)])[..., None]
    count = hours / law.step * chance.max(initial=0)
    steps = int(count + 4 * np.sqrt(count)) + 3
    for part in np.array_split(np.arange(len(law)), max(1, -(-len(law) * DRAWS * steps // _AT_ONCE))):
        limit = within_hours[part][:, None, None]
        found[part] = _hours_over(law.rows(part), outer, chance[part], hours=hours, steps=steps, limit=limit)
    return found


def _hours_over(law: CycleLaw, outer: np.ndarray, chance: np.ndarray, *, hours: float, steps: int, limit) -> np.ndarray:
    while True:
        ended, over = _strings(law, outer, chance, steps=steps, limit=limit)
        if not ended.size or ended[..., -1].min() >= hours:
            break
        steps = int(steps * 1.3) + 2
    left = np.clip(hours - (ended - over), 0, over)
    return left.sum(axis=-1)


def _strings(law: CycleLaw, outer: np.ndarray, chance: np.ndarray, *, steps: int, limit: np.ndarray):
    """When the exposure falls again after each string, and for how long it was over the target by then [h]."""
    draw = draws_of(law)
    before, luck, which, first, second = (uniforms(what, steps)[draw] for what in (3, 4, 6, 8, 9))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.clip(chance, 0, 1 - 1e-9)
        between = np.ceil(np.log1p(-before) / np.log1p(-p))
        more = np.floor(np.log1p(-luck) / np.log(p))
    between = np.where(p > 0, between, np.inf)
    held, run = (picked(law.first, law.n, outer, (inner, draw)) for inner in (first, second))
    lost = lost_hours(law, outer, which=which, rows=held)
    lost = np.where(law.clustered[:, None, None], lost, lost * (1 + np.nan_to_num(more)))
    begun = np.cumsum(between * law.step + lost, axis=-1)
    ages = law.step + lost + law.run[run] - law.held[held]
    return begun + law.run[run], np.clip(ages - limit, 0, law.step + lost)
