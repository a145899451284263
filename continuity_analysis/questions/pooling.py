"""What do few incidents of a service say of its time to restore, and which service stands out?"""

import numpy as np
import pandas as pd

from continuity_analysis.models.pooling import compare_with_common, own_medians, pool_durations, seen_durations
from continuity_analysis.questions.restoration import ALL_SERVICES, grouped_durations

OF_ALL = (
    "n_services", "typical_hours", "typical_low", "typical_high", "between_sd", "within_sd", "between_share",
    "between_low", "between_high", "common_hours", "n_common", "freedom",
)  # fmt: skip
COLUMNS = (
    "service", "n", "n_censored", "n_excluded", "raw_hours", "raw_low", "raw_high", "pooled_hours", "pooled_low",
    "pooled_high", "own_share", "own_hours", "n_effective", "p", "adjusted_p", "verdict", "reason", *OF_ALL,
)  # fmt: skip


def pooled_restoration(logs, period, *, start: str = "started", end: str = "restored") -> pd.DataFrame:
    """Median time of each service by its own incidents and pooled with all others, and which services stand out.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it; incidents that began in it count.
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    DataFrame
        One row per service: n, n_censored (still open), n_excluded (also those begun before
        their source's coverage); raw_hours with raw_low and raw_high, the lognormal
        median of its own incidents; pooled_hours with pooled_low and pooled_high; own_share, how much of the pooled
        value is its own; own_hours and n_effective, its place in the funnel; p, adjusted_p, verdict ("longer",
        "shorter", "as expected by chance", "none has ended") against one law common to all; reason, why it is not
        pooled. Then, the same in every row, of all services: n_services, typical_hours with typical_low and
        typical_high; between_sd and within_sd, the deviations of the logarithms; between_share, the share of their
        variance that lies between services, with between_low and between_high; common_hours, n_common and freedom, the
        law common to all. Durations in [h]; null below 5 services with an ended incident.

    Raises
    ------
    InputError
        If a clock end is none of these.
    """
    rows, labels = grouped_durations(logs, period, by="service", clocks=(start, end))
    names = labels[labels != ALL_SERVICES].reset_index(drop=True)
    rows = rows[rows["group"] < len(names)]
    left_out = rows["excluded"].notna() | (rows["entry_hours"] > 0)
    used = rows[~left_out]
    seen = seen_durations(used, groups=len(names))
    pooled, whole = pool_durations(seen)
    compared, common = compare_with_common(seen, whole["within_sd"])
    excluded = np.bincount(rows.loc[left_out, "group"], minlength=len(names))
    of_all = {name: float(value) for name, value in pd.concat([whole, common]).items() if name in OF_ALL}
    table = pd.concat([own_medians(seen), pooled, compared], axis=1)
    table = table.assign(service=names, n_excluded=excluded, **of_all).astype({"n_services": "int64"})
    return table[list(COLUMNS)]
