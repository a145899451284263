"""Where does the time go: to detect, acknowledge, mitigate or restore; and when in the week do incidents begin?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.observations import CLOCKS
from continuity_analysis.measurements.phases import measure_phases
from continuity_analysis.measurements.week import DAYS, hours_of_week
from continuity_analysis.questions.restoration import grouped_durations, restoration

TIMES = {
    "time to detect": ("started", "detected"),
    "time to acknowledge": ("detected", "acknowledged"),
    "time to mitigate": ("started", "mitigated"),
    "time to restore": ("started", "restored"),
}
BLOCK_HOURS = 3
_FROM_RESTORATION = (
    "n", "n_censored", "n_excluded", "median_hours", "low", "high", "p90_hours", "p90_low", "p90_high", "mean_hours",
    "mean_low", "mean_high", "restricted_mean_hours", "restricted_mean_low", "restricted_mean_high", "horizon_hours",
    "geometric_mean_hours", "length_biased_mean_hours",
)  # fmt: skip


def response_times(logs, period, *, by: str = "all") -> pd.DataFrame:
    """Time to detect, acknowledge, mitigate and restore (MTTD, MTTA, MTTM, MTTR), each by its two clock ends.

    Parameters
    ----------
    logs, period, by
        As of `restoration`.

    Returns
    -------
    DataFrame
        One row per group and time: the group, time, start, end (clock ends), n, n_censored, n_excluded (mostly: nobody
        recorded that moment), the median, P90 and means as of `restoration` [h].
    """
    parts = [
        restoration(logs, period, by=by, start=start, end=end).assign(time=time, start=start, end=end)
        for time, (start, end) in TIMES.items()
    ]
    found = pd.concat(parts, ignore_index=True)
    order = found.assign(row=found.groupby("time", sort=False).cumcount()).sort_values("row", kind="stable").index
    return found.loc[order, [by, "time", "start", "end", *_FROM_RESTORATION]].reset_index(drop=True)


def restoration_phases(logs, period, *, by: str = "all") -> pd.DataFrame:
    """Where the hours of a period's restored incidents went, from one known moment to the next.

    Parameters
    ----------
    logs, period, by
        As of `restoration`.

    Returns
    -------
    DataFrame
        One row per group and phase, in their order: the group; start and end (clock ends; what nobody recorded between
        them is in one phase with its neighbour); n (incidents with that phase), n_restored (of the group), hours in
        all, share of the group's hours, median_hours [h]. The hours of a group add up to those of its incidents.
    """
    rows, labels = grouped_durations(logs, period, by=by, clocks=("started", "restored"))
    used = rows[rows["excluded"].isna() & ~rows["censored"]].reset_index(drop=True)
    phases = measure_phases(used)
    phases = phases.assign(group=used["group"].to_numpy()[phases["row"]])
    grouped = phases.groupby(["group", "start", "end"], as_index=False)
    found = grouped.agg(n=("hours", "size"), hours=("hours", "sum"), median_hours=("hours", "median"))
    total = found.groupby("group")["hours"].transform("sum")
    share = found["hours"] / total.where(total > 0)
    restored = np.bincount(used["group"], minlength=len(labels))
    found = found.assign(share=share, n_restored=restored[found["group"]], **{by: labels[found["group"]].to_numpy()})
    places = {name: place for place, name in enumerate(CLOCKS)}
    order = np.lexsort((found["end"].map(places), found["start"].map(places), found["group"]))
    return found.iloc[order].reset_index(drop=True)[
        [by, "start", "end", "n", "n_restored", "hours", "share", "median_hours"]
    ]


def incidents_by_hour(logs, period) -> pd.DataFrame:
    """When in the week a period's incidents began, by the clock of the logs' zone, in blocks of three hours.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        One row per day and block, all of the week: day (Monday first), hour (first of the block), n (incidents that
        began then), hours they lasted in all, open ones up to when they were last seen [h].
    """
    rows, _ = grouped_durations(logs, period, by="all", clocks=("started", "restored"))
    used = rows[rows["excluded"].isna()]
    day, hour = hours_of_week(used["started"], zone=logs.timezone)
    place = day * (24 // BLOCK_HOURS) + hour // BLOCK_HOURS
    blocks = len(DAYS) * (24 // BLOCK_HOURS)
    return pd.DataFrame({
        "day": pd.Series(np.repeat(DAYS, 24 // BLOCK_HOURS), dtype="str"),
        "hour": np.tile(np.arange(0, 24, BLOCK_HOURS), len(DAYS)),
        "n": np.bincount(place, minlength=blocks),
        "hours": np.bincount(place, weights=used["hours"], minlength=blocks),
    })  # fmt: skip
