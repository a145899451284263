"""Years of a platform, simulated under several scenarios with the same luck.

Years are drawn in blocks, all services of a block at once. A year takes all its parameters from one draw of their laws,
and a scenario changes only what it says: the failures that stay begin at the same moment and meet the same chances, so
that the difference between two scenarios varies much less than either of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import HOURS_PER_YEAR
from continuity_analysis.models.edits import Edits
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.simulated_block import Block
from continuity_analysis.models.simulated_costs import Costs

BLOCK = 1_000
YEARS = 10_000


@dataclass(frozen=True, eq=False)
class SimulatedYears:
    """What each simulated year of each service cost under one scenario; arrays of shape (services, years).

    Attributes
    ----------
    services : Index
    draws : int
        Year i has the parameters of draw i modulo this.
    hours : float
        Length of a year [h].
    down : ndarray
        Down time [h]; NaN: the law of failures is not known.
    whole : ndarray
        Down time of the service with everything it needs [h]; NaN: something of it is not known.
    failures : ndarray
        How many there were.
    recoveries : ndarray
        How many of them needed a backup; NaN: not known.
    lost : ndarray
        Data lost, added up over them [h of work]; NaN: not known, infinite: there was no recovery point.
    worst_lost : ndarray
        The most that one of them lost [h].
    worst_recovery : ndarray
        The longest of them [h], 0: none.
    """

    services: pd.Index
    draws: int
    hours: float
    down: np.ndarray
    whole: np.ndarray
    failures: np.ndarray
    recoveries: np.ndarray
    lost: np.ndarray
    worst_lost: np.ndarray
    worst_recovery: np.ndarray


def simulate(
    platform: Platform,
    scenarios: Mapping[str, Edits],
    *,
    years: int = YEARS,
    hours: float = HOURS_PER_YEAR,
    seed: int = 0,
) -> dict[str, SimulatedYears]:
    """Years of a platform under each scenario.

    Parameters
    ----------
    platform : Platform
    scenarios : mapping of str to Edits
        A scenario's years do not depend on which others are asked with it.
    years : int
        How many are simulated.
    hours : float
        Length of a year [h].
    seed : int

    Returns
    -------
    dict of str to SimulatedYears
    """
    names = list(scenarios)
    parts: dict[str, list[Costs]] = {name: [] for name in names}
    for number, first in enumerate(range(0, years, BLOCK)):
        draw = np.arange(first, min(first + BLOCK, years)) % platform.draws
        block = Block(platform, list(scenarios.values()), draw, hours=hours, key=(seed, number))
        for name in names:
            parts[name].append(block.costs(scenarios[name]))
    return {name: _years(platform, scenarios[name], parts.pop(name), hours) for name in names}  # nothing twice


def _years(platform: Platform, edits: Edits, parts: list[Costs], hours: float) -> SimulatedYears:
    """Blocks side by side, null where a law is not known."""
    joined = {f: np.concatenate([getattr(p, f) for p in parts], axis=1) for f in Costs.__dataclass_fields__}
    unknown = _unknown(platform, edits)
    for name, rows in unknown.items():
        joined[name] = np.where(rows[:, None], np.nan, joined[name])
    return SimulatedYears(platform.services, platform.draws, hours, **joined)


def _unknown(platform: Platform, edits: Edits) -> dict[str, np.ndarray]:
    """Services of which something is not known."""
    n = len(platform.services)
    down = np.isnan(platform.failures.rate).all(axis=1)
    whole = down.copy()
    if platform.needs is not None:
        np.logical_or.at(whole, platform.needs[:, 0], down[platform.needs[:, 1]])
    law = platform.recoveries
    share = down if law is None else down | np.isnan(law.share).all(axis=1)
    points = platform.recovery_points
    usual, size = (np.full(n, np.nan), np.zeros(n)) if points is None else (points.every, points.law.size)
    lost = share | (size == 0) | (~np.isnan(edits.backup_every) & np.isnan(usual))
    return {
        "down": down, "failures": down, "whole": whole, "recoveries": share, "worst_recovery": share,
        "lost": lost, "worst_lost": lost,
    }  # fmt: skip
