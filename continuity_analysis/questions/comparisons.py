"""Do incidents take longer than they did, or than others; and could MTTR have shown it?"""

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.durations import measure_durations
from continuity_analysis.measurements.observations import combine_fleet, observe_incidents
from continuity_analysis.models.comparisons import compare_durations
from continuity_analysis.models.detectable import estimate_visibility
from continuity_analysis.periods import Period, read_moment, read_period
from continuity_analysis.questions.restoration import grouped_durations

OTHERS = "others"
SIZES = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
COLUMNS = (
    "verdict", "n_first", "n_second", "n_censored_first", "n_censored_second", "median_first", "median_second",
    "median_ratio", "ratio_low", "ratio_high", "mean_ratio", "mean_ratio_low", "mean_ratio_high", "p", "adjusted_p",
    "detectable_ratio", "first", "second",
)  # fmt: skip


def compare_restoration(
    logs, period, *, against="previous", by: str = "service", start: str = "started", end: str = "restored"
) -> pd.DataFrame:
    """Whether incidents of a period took longer or shorter than those of another, or than those of other groups.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    against : str, Period or pair of moments
        "previous" (the period just before), "year-before", any period, or "others": each group of this period against
        all other groups of it.
    by : {"service", "severity", "cause", "part_of_week", "all"}
        Groups, as of `restoration`.
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    DataFrame
        One row per group: verdict ("longer", "shorter", "no evidence of a change", "too few to tell"), which rests on
        the permutation log-rank test within severities (adjusted_p, Benjamini-Hochberg over the groups, at 5 %);
        n_first and n_second, incidents there and here, how many of them are open, their medians [h], the ratios of
        medians and restricted means (here over there) with intervals, detectable_ratio, which these numbers of
        incidents would have shown 8 times in 10; first and second, what was compared. Incidents begun before their
        source's coverage are left out.

    Raises
    ------
    InputError
        If `by` or a clock end is none of these, or groups of one alone are to be compared with others.
    PeriodError
        If `against` cannot be read.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    here, labels = grouped_durations(logs, window, by=by, clocks=(start, end))
    if isinstance(against, str) and against == OTHERS:
        return _with_others(here, labels, by=by)
    other = _other_period(against, window, logs)
    there, before = grouped_durations(logs, other, by=by, clocks=(start, end))
    names = pd.concat([labels, before]).drop_duplicates()
    names = (names if by == "service" else names.sort_values()).reset_index(drop=True)
    place = pd.Index(names)
    rows = [
        rows.assign(group=place.get_indexer(known)[rows["group"]], second=second)
        for rows, known, second in ((there, before, False), (here, labels, True))
    ]
    return _compared(pd.concat(rows), names, by=by).assign(first=other.name, second=window.name)


def compare_before_after(logs, period, moment, *, by: str = "service") -> pd.DataFrame:
    """Whether incidents that began from a moment of a period on took longer or shorter than those before it.

    Parameters
    ----------
    logs, period, by
        As of `compare_restoration`.
    moment : str or timestamp
        When something changed: a release, a process, a team.

    Returns
    -------
    DataFrame
        As of `compare_restoration`.

    Raises
    ------
    InputError
        If the moment is not within the period.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    moment = read_moment(moment, timezone=logs.timezone)
    if not window.start < moment < window.end:
        raise InputError(f"Expected a moment within {window.name}, got {moment:%Y-%m-%d %H:%M} UTC.")
    return compare_restoration(logs, (moment, window.end), against=(window.start, moment), by=by)


def restoration_visibility(logs, period, *, change: float = 0.1) -> pd.DataFrame:
    """Can MTTR see this? How far it moves by itself, from all incidents on record, resampled.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        Whose number of incidents is asked about.
    change : float
        Share by which durations change.

    Returns
    -------
    DataFrame
        One row per number of incidents in a period, that of the period asked about marked `asked`: n (durations on
        record), mean_hours, per_period, change, false_move, missed, low, high, needed_mean, needed_test, as
        `estimate_visibility` has them. All null below 30 durations.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    durations = measure_durations(combine_fleet(observe_incidents(logs)))
    used = durations[durations["excluded"].isna() & (durations["entry_hours"] == 0)]
    begun = grouped_durations(logs, window, by="all", clocks=("started", "restored"))[0]
    asked = int(begun["excluded"].isna().sum())
    history = used.loc[~used["censored"], "hours"].to_numpy(dtype=float)
    sizes = sorted({*SIZES, asked} - {0})
    found = pd.DataFrame([estimate_visibility(history, per_period=n, change=change) for n in sizes])
    return found.assign(asked=np.array(sizes) == asked).astype({"n": "int64", "per_period": "int64"})


def _other_period(against, window: Period, logs) -> Period:
    if isinstance(against, str) and against == "previous":
        return window.previous()
    if isinstance(against, str) and against == "year-before":
        return window.year_before()
    return read_period(against, timezone=logs.timezone, as_of=logs.as_of)


def _with_others(here: pd.DataFrame, labels: pd.Series, *, by: str) -> pd.DataFrame:
    """Each group against all the others; rows of all services together, which are no group, stand for nothing here."""
    single = labels[labels != "all services"] if by == "service" else labels
    if len(single) < 2:
        raise InputError(f"Expected two groups or more to compare with others, got {len(single)}: choose another `by`.")
    rows = here[here["group"] < len(single)]
    each = [rows.assign(second=rows["group"] == group, group=group) for group in range(len(single))]
    return _compared(pd.concat(each), single, by=by).assign(first="all others", second="its own")


def _compared(rows: pd.DataFrame, names: pd.Series, *, by: str) -> pd.DataFrame:
    used = rows[rows["excluded"].isna() & (rows["entry_hours"] == 0)]  # a shuffle supposes all were seen from the start
    severity = used["severity"].fillna(0) if by != "severity" else 0
    found = compare_durations(used.assign(stratum=severity), groups=len(names))
    return found.assign(**{by: names.to_numpy(), "first": "", "second": ""})[[by, *COLUMNS]]
