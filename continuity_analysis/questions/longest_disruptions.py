"""Was any single disruption longer than the organisation can bear (MTPD)?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.longest_disruptions import DRILL, measure_single_disruptions
from continuity_analysis.models.objectives import judge_longest
from continuity_analysis.periods import read_period
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.recoveries_seen import judged_at, seen_recoveries
from continuity_analysis.questions.restoration import durations

COLUMNS = (
    "service", "n", "n_over", "n_before", "n_censored", "n_tolerable", "longest_hours", "longest_source", "longest_id",
    "longest_started_at", "n_drills_over", "minimum_capacity", "rto_within_hours", "rto_over_mtpd", "objective",
    "verdict", "provisional", "reason",
)  # fmt: skip


def longest_disruptions(logs, period) -> pd.DataFrame:
    """The longest single disruption of each service against its maximum tolerable period of disruption.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        One row per service: n (disruptions that began in the period or were under way at its start: incidents, and
        real recoveries end to end), n_over (longer than the MTPD), n_before (began before the period), n_censored
        (without an end so far), n_tolerable (left out: by its stated impact the service stayed at or above its
        minimum_capacity); longest_hours in its whole length, longest_source (incident or recovery), longest_id and
        longest_started_at; n_drills_over (fresh or not: drills that would not have been back within the MTPD; no
        disruption, so no breach); rto_within_hours, rto_over_mtpd (the RTO promises less than the MTPD demands);
        objective (the MTPD) [h], verdict, provisional, reason.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    known = measure_downtime(*look_at(logs, window)).set_index("service")[["agreed_hours", "unknown_hours"]]
    promised = promises(logs.catalog, known.index)
    capacity, limit = promised["minimum_capacity"], promised["mtpd_hours"]
    recoveries = seen_recoveries(logs, judged_at(logs, window)[0])
    every = measure_single_disruptions(
        durations(logs, window), recoveries, logs.incidents, window=window, capacity=capacity
    )
    found = known.join(_longest(every[~every["tolerable"]], limit))
    counts = {"n_tolerable": every[every["tolerable"]], "n_drills_over": _drills_over(recoveries, limit)}
    counts = {name: rows["service"].value_counts().reindex(known.index) for name, rows in counts.items()}
    names = ["n", "n_over", "n_before", "n_censored", *counts]
    found = found.assign(**counts)
    found[names] = found[names].fillna(0).astype("int64")
    judged = judge_longest(found, limit, unfinished=bool(logs.as_of < window.end)).reset_index()
    rto = promised["rto_within_hours"].to_numpy()
    over = pd.Series(rto > limit.to_numpy()).where(~np.isnan(rto) & limit.notna().to_numpy()).astype("boolean")
    judged = judged.assign(minimum_capacity=capacity.to_numpy(float), rto_within_hours=rto, rto_over_mtpd=over)
    return judged[list(COLUMNS)]


def _longest(rows: pd.DataFrame, limit: pd.Series) -> pd.DataFrame:
    """The longest disruption of each service, and how many there were."""
    rows = rows.assign(over=rows["hours"] > rows["service"].map(limit).astype(float) * (1 + 1e-12))
    grouped = rows.groupby("service")
    counts = grouped.agg(n=("hours", "size"), n_over=("over", "sum"), n_before=("before", "sum"))
    counts = counts.assign(n_censored=grouped["censored"].sum())
    first = rows.sort_values("hours", ascending=False, kind="stable").drop_duplicates("service").set_index("service")
    columns = {"hours": "longest_hours", "source": "longest_source", "id": "longest_id"}
    columns["started_at"] = "longest_started_at"
    return counts.join(first[list(columns)].rename(columns=columns))


def _drills_over(recoveries: pd.DataFrame, limit: pd.Series) -> pd.DataFrame:
    """Drills whose staged disruption was longer than the MTPD, or never over."""
    rows = recoveries[(recoveries["kind"] == DRILL) & recoveries["end_to_end"]]
    return rows[(rows["disrupted_hours"] > rows["service"].map(limit).astype(float)).to_numpy(bool)]
