"""How often backups must run: the chance to meet the objective under other schedules, and the longest that will do.

Run times and misses stay what they were (`CycleLaw.every`). Of several assets of a service the time over the target is
added up, as if it never fell together: the chance is then, if anything, too low.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.backup_cycles import DRAWS, CycleLaw
from continuity_analysis.models.expected_exposure import long_run_estimates
from continuity_analysis.models.exposure_forecast import chance_within, hours_over
from continuity_analysis.models.simulated_strings import hours_over_of_strings, never_over, only_strings

EVERY_HOURS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0)
_EXPECTED = ["expected_hours", "expected_low", "expected_high"]


def estimate_schedules(
    law: CycleLaw, group: np.ndarray, *, hours: float, objectives: pd.DataFrame, every_hours=EVERY_HOURS
) -> pd.DataFrame:
    """Expected exposure and the chance to meet the objective, were runs due every so many hours.

    Parameters
    ----------
    law : CycleLaw
        One row per asset and group: an asset that several need repeats.
    group : ndarray of int64
        Number of the group of each row, from 0, in order.
    hours : float
        Length of the period [h].
    objectives : DataFrame
        One row per group: within_hours [h], share, required_chance (0 to 1).
    every_hours : sequence of float
        Intervals to try [h].

    Returns
    -------
    DataFrame
        One row per group and interval, in that order: group, every_hours, expected_hours, expected_low, expected_high
        (in the long run; of several assets that of the worst) [h], chance, chance_error, reason (why null: runs would
        overlap), longest (whether it is the longest that has the chance required).
    """
    steps = sorted(every_hours)
    once, which = np.unique(law.assets, return_index=True)
    expected = long_run_estimates(law.rows(which), steps)[:, :, np.searchsorted(once, law.assets)]
    parts = [_of_one(law.every(h), group, hours=hours, objectives=objectives) for h in steps]
    parts = [p.assign(every_hours=h, **_worst(e, group)) for p, e, h in zip(parts, expected, steps, strict=True)]
    table = pd.concat(parts, ignore_index=True).sort_values(["group", "every_hours"], ignore_index=True)
    table.loc[table["reason"] != "", _EXPECTED] = np.nan
    required = objectives["required_chance"].to_numpy(dtype=float)[table["group"].to_numpy(dtype=np.int64)]
    will_do = table["every_hours"].where(table["chance"] >= required)
    return table.assign(longest=will_do.eq(will_do.groupby(table["group"]).transform("max")))


def _worst(expected: np.ndarray, group: np.ndarray) -> dict[str, np.ndarray]:
    """Estimate and limits of the asset of each group whose estimate is the longest."""
    order = np.lexsort((expected[0], group))
    last = order[np.append(np.diff(group[order]) > 0, True)[: len(group)]]
    return dict(zip(_EXPECTED, expected[:, last], strict=True))


def _of_one(law: CycleLaw, group: np.ndarray, *, hours: float, objectives: pd.DataFrame) -> pd.DataFrame:
    limit, share = (objectives[c].to_numpy(dtype=float) for c in ("within_hours", "share"))
    together = np.zeros((len(objectives), DRAWS))
    np.add.at(together, group, _over(law, hours, limit=limit[group]))
    overlap = np.zeros(len(objectives), dtype=bool)
    np.logical_or.at(overlap, group, usual_run(law) > law.step)
    chance = np.where(overlap, np.nan, chance_within(together, hours, share=share))
    reason = np.where(overlap, "more than one run in 20 takes longer", "")
    table = pd.DataFrame({"group": range(len(objectives)), "chance": chance})
    return table.assign(chance_error=np.sqrt(chance * (1 - chance) / DRAWS), reason=pd.array(reason, dtype="str"))


def usual_run(law: CycleLaw) -> np.ndarray:
    """What 19 runs in 20 of each asset take no longer than [h]."""
    owner = np.repeat(np.arange(len(law)), law.n)
    rows = np.arange(len(owner)) - np.repeat(np.cumsum(law.n) - law.n, law.n) + law.first[owner]
    return pd.Series(law.run[rows]).groupby(owner).quantile(0.95).reindex(range(len(law))).to_numpy()


def _over(law: CycleLaw, hours: float, *, limit: np.ndarray) -> np.ndarray:
    """Hours of the period over the target of each asset and draw, of strings alone where only they can be."""
    few, over = only_strings(law, limit), np.full((len(law), DRAWS), np.nan)
    never = few & never_over(law, limit)
    over[never] = 0.0
    for which, simulate in ((few & ~never, hours_over_of_strings), (~few, hours_over)):
        rows = np.flatnonzero(which & ~np.isnan(limit))
        if len(rows):
            over[rows] = simulate(law.rows(rows), np.arange(len(rows)), hours=hours, within_hours=limit[rows])
    return over
