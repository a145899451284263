"""How far back could we go? What a slow attack asks, which is found weeks after it began."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.retention import measure_retention, mirrored
from continuity_analysis.models.exposure_law import HOUR, exposure_exceedance, law_of
from continuity_analysis.models.retention_depth import DAY, estimate_retention_depth
from continuity_analysis.questions.exposed import observe_backups, observe_seen

DAYS = (1, 7, 30, 90)


def retention_depth(logs, period, *, by: str = "service", days: Sequence[float] = DAYS) -> pd.DataFrame:
    """The age of the oldest usable recovery point over a period, and the chance that it is old enough.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    by : {"service", "asset", "tier"}
        A service goes back as far as the asset it needs that goes back least, a tier as far as such a service of it.
    days : sequence of float
        How long after its begin an intrusion may be found [d].

    Returns
    -------
    DataFrame
        `by`, min_days, p5_days (kept to for 95 % of the time), median_days, last_days at last_at [d]; covered_hours;
        without_share (no point at all), share_proven (not only in a single listing of survivors); chance_<d>d for each
        delay: that a point from before the intrusion is still there when it is found at a random moment. All of these
        are at least so: what went between two listings counts until the last that shows it. With `_high`: at most, if
        it was there until the first that lacks it; null unless all is proven, as a single listing does not show what
        went before it. The shallowest first; null where nothing is covered.

    Raises
    ------
    InputError
        If `by` is none of these, or a delay is not a positive number.
    """
    if not days or any(not d > 0 for d in days):
        raise InputError(f"Expected days to be positive numbers, such as 7 and 30, got {days!r}.")
    found, most = (_estimates(logs, period, by, days=days, longest=longest) for longest in (False, True))
    both = [c for c in found if c.startswith(("min_", "p5_", "median_", "chance_"))]
    whole = found["share_proven"] == 1
    found = found.assign(**{f"{c}_high": most[c].where(whole) for c in both}).fillna({"covered_hours": 0.0})
    return found.rename_axis(by).reset_index().sort_values(["median_days", by], ignore_index=True)


def retention(logs, period, *, by: str = "service") -> pd.DataFrame:
    """The age of the oldest usable recovery point over a period, as pieces between which it jumps.

    Parameters
    ----------
    logs, period, by
        As of `retention_depth`.

    Returns
    -------
    DataFrame
        `by`, from_at, until_at, from_days, until_days (depth at both ends; 0: no point, missing: unknown), state,
        backup_id (the oldest), asset (the one that goes back least).
    """
    _, pieces = _observed(logs, period, by)
    law = law_of(pieces, by)
    ages = {"from_days": law.youngest, "until_days": law.oldest}
    pieces = pieces.assign(**{c: np.where(law.protected, age / HOUR / DAY, np.nan) for c, age in ages.items()})
    names = ["from_at", "until_at", "from_days", "until_days", "state", "backup_id", "asset"]
    return pieces[list(dict.fromkeys([by, *names]))]


def retention_law(logs, period, *, by: str = "service") -> pd.DataFrame:
    """The chance that a point from before an intrusion is still there, by how long it took to find it.

    Parameters
    ----------
    logs, period, by
        As of `retention_depth`.

    Returns
    -------
    DataFrame
        `by`, days [d], chance, at every knot of the exact law; a straight line between them.
    """
    law = exposure_exceedance(_observed(logs, period, by)[1], by=by)
    return law.assign(days=law["hours"] / DAY, chance=law["share_longer"])[[by, "days", "chance"]]


def _estimates(logs, period, by: str, *, days, longest: bool) -> pd.DataFrame:
    groups, pieces = _observed(logs, period, by, longest=longest)
    return estimate_retention_depth(pieces, by=by, days=days).set_index(by).reindex(groups)


def _observed(logs, period, by: str, *, longest: bool = False) -> tuple[pd.Index, pd.DataFrame]:
    """Every group, and the pieces of its depth."""
    every = observe_backups(logs)
    usable = mirrored(every.longest if longest else every.usable)
    exposed = observe_seen(logs, period, by, replace(every, usable=usable))
    return exposed.groups, measure_retention(exposed.pieces)
