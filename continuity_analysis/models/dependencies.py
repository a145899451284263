"""Does what should fail apart fail together, and which improvement buys most?

Measured is what happened; predicted is what the parts' own down times would give if they fell independently of each
other. An impact below 1 is taken level by level: down by at least x, for every x, added up.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import HOURS_PER_YEAR
from continuity_analysis.models.structure import at_least_up

FEWEST_JOINT = 3


def estimate_dependence(seen) -> pd.DataFrame:
    """Measured and predicted availability of every system, and their ratio.

    Parameters
    ----------
    seen : Systems
        Result of `measure_dependencies` or `measure_redundancy`.

    Returns
    -------
    DataFrame
        One row per system of several parts: service, kind, parts (names, joined by ", "), n_parts, required,
        known_hours, own_availability (of the service itself in that time), measured_availability,
        predicted_availability, dependence_ratio (measured unavailability over predicted; null below 3 joint outages),
        joint_hours, n_joint, reason (why the ratio is null). Hours in [h].
    """
    systems = seen.systems
    known = np.where(systems["known_hours"] > 0, systems["known_hours"], np.nan)
    own = seen.parts["own"].to_numpy(bool)
    weighted = _per_part(seen)
    own_hours = np.bincount(seen.parts["system"][own], weights=weighted[own], minlength=len(systems))
    measured, predicted = systems["measured_hours"] / known, np.where(np.isnan(known), np.nan, _predicted(seen))
    enough = (systems["n_joint"] >= FEWEST_JOINT).to_numpy() & (predicted > 0)
    ratio = np.divide(measured, predicted, out=np.full(len(systems), np.nan), where=enough)
    names = seen.parts.groupby("system")["part"].agg(", ".join).reindex(range(len(systems)), fill_value="")
    whole = systems.assign(
        parts=names.astype("str").to_numpy(),
        own_availability=np.where(systems["kind"] == "depends_on", 1 - own_hours / known, np.nan),
        measured_availability=1 - measured,
        predicted_availability=1 - predicted,
        dependence_ratio=ratio,
        reason=_reason(systems, enough),
    )
    columns = ["service", "kind", "parts", "n_parts", "required", "known_hours", "own_availability"]
    columns += ["measured_availability", "predicted_availability", "dependence_ratio", "joint_hours", "n_joint"]
    return whole.loc[whole["n_parts"] > 1, [*columns, "reason"]].reset_index(drop=True)


def estimate_gains(seen) -> pd.DataFrame:
    """What it would buy if one part never failed, as if parts failed independently.

    Returns
    -------
    DataFrame
        service, kind, part, own, unavailability (of the part, in the system's known time), importance (Birnbaum's, at
        the level of any impact), hours_per_year_won (of the whole; 8760 h a year), n (outages of the part). Null
        where nothing was known.
    """
    systems, parts = seen.systems, seen.parts
    system = parts["system"].to_numpy(np.int64)
    known = np.where(systems["known_hours"] > 0, systems["known_hours"], np.nan)[system]
    won = np.zeros(len(parts))
    for width, down in _slices(seen):
        won += width * _importance(seen, down) * down
    any_level = next((down for _, down in _slices(seen)), np.zeros(len(parts)))
    lowest = seen.levels[seen.levels["level"] == seen.levels["level"].min()]
    found = parts.assign(
        service=systems["service"].to_numpy()[system],
        kind=systems["kind"].to_numpy()[system],
        unavailability=_per_part(seen) / known,
        importance=np.where(np.isnan(known), np.nan, _importance(seen, any_level)),
        hours_per_year_won=np.where(np.isnan(known), np.nan, won) * HOURS_PER_YEAR,
        n=np.bincount(lowest["part"], weights=lowest["n"], minlength=len(parts)).astype(np.int64),
    )
    columns = ["service", "kind", "part", "own", "unavailability", "importance", "hours_per_year_won", "n"]
    order = np.lexsort((found["part"], -found["hours_per_year_won"], system))
    return found.iloc[order].reset_index(drop=True)[columns]


def _slices(seen):
    """For each level of impact: how much it adds to the one below, and the share of time each part is down by it."""
    known = seen.systems["known_hours"].to_numpy(float)[seen.parts["system"]]
    before = 0.0
    for level, rows in seen.levels.groupby("level"):
        hours = np.bincount(rows["part"], weights=rows["hours"], minlength=len(seen.parts))
        yield level - before, np.divide(hours, known, out=np.zeros(len(hours)), where=known > 0)
        before = level


def _per_part(seen) -> np.ndarray:
    """Down time of each part, weighted by impact [h]."""
    known = seen.systems["known_hours"].to_numpy(float)[seen.parts["system"]]
    return sum((width * down * known for width, down in _slices(seen)), np.zeros(len(seen.parts)))


def _predicted(seen) -> np.ndarray:
    required = seen.systems["required"].to_numpy(np.int64)
    parts = [width * (1 - at_least_up(_table(seen, 1 - down), required)) for width, down in _slices(seen)]
    return sum(parts, np.zeros(len(required)))


def _importance(seen, down: np.ndarray) -> np.ndarray:
    """Birnbaum's importance of each part: the chance that exactly as many others are up as make it decide."""
    system, place = seen.parts["system"].to_numpy(np.int64), _places(seen)
    required = seen.systems["required"].to_numpy(np.int64)[system]
    others = _table(seen, 1 - down)[system]
    others[np.arange(len(system)), place] = np.nan
    return at_least_up(others, required - 1) - at_least_up(others, required) if len(system) else np.zeros(0)


def _table(seen, up: np.ndarray) -> np.ndarray:
    """Availability of the parts, one row per system; NaN where it has no more parts."""
    table = np.full((len(seen.systems), int(seen.systems["n_parts"].max()) if len(seen.systems) else 0), np.nan)
    table[seen.parts["system"], _places(seen)] = up
    return table


def _places(seen) -> np.ndarray:
    return seen.parts.groupby("system").cumcount().to_numpy()


def _reason(systems: pd.DataFrame, enough: np.ndarray) -> pd.Series:
    few = "needs at least 3 outages in which parts were down together, had " + systems["n_joint"].astype("str")
    nothing = np.where(systems["known_hours"] > 0, few, "no time in which every part was known")
    return pd.Series(np.where(enough, None, nothing), index=systems.index, dtype="str")
