"""How long do we take to detect, acknowledge, mitigate and restore? Per service, severity or cause."""

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.clock import to_microseconds, to_moments
from continuity_analysis.measurements.durations import in_period, measure_durations
from continuity_analysis.measurements.observations import combine_fleet, observe_incidents
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.week import parts_of_week
from continuity_analysis.models.lifetimes import quantiles
from continuity_analysis.models.objectives import judge_restoration
from continuity_analysis.models.restoration import curves_of, estimate_restoration, estimate_survival
from continuity_analysis.periods import read_period

BY = ("service", "severity", "cause", "part_of_week", "all")
ALL_SERVICES = "all services"
ESTIMATES = (
    "n", "n_censored", "n_late", "n_excluded", "n_upper_bound", "n_corrected", "median_hours", "low", "high",
    "p75_hours", "p75_low", "p75_high", "p90_hours", "p90_low", "p90_high", "p95_hours", "p95_low", "p95_high",
    "mean_hours", "mean_low", "mean_high", "restricted_mean_hours", "restricted_mean_se", "restricted_mean_low",
    "restricted_mean_high", "horizon_hours", "geometric_mean_hours", "length_biased_mean_hours", "max_hours",
    "longest_open_hours", "share_within", "share_low", "share_high", "share_at_least", "raw_n", "raw_median_hours",
)  # fmt: skip
VERDICT = ("objective", "share_promised", "verdict", "provisional", "reason")
DURATIONS = (
    "service", "product", "incident_id", "title", "severity", "cause", "started_at", "hours", "censored", "entry_hours",
    "resolution_hours", "excluded", "end_basis", "remark", "correction",
)  # fmt: skip


def restoration(logs, period, *, by: str = "service", start: str = "started", end: str = "restored") -> pd.DataFrame:
    """How long incidents that began in a period took, from one clock end to another.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    by : {"service", "severity", "cause", "part_of_week", "all"}
        Groups; part_of_week is when they began, by the clock of the logs' zone. Every service there is has its row, and
        the last one is "all services", in which an incident that disrupted several counts once, as it does in the other
        groups.
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    DataFrame
        The group, then: n, n_censored (still open, counted up to when last seen so), n_late (begun before their
        source's coverage, counted from then on), n_excluded (see `durations`),
        n_upper_bound (ended by a ticket's closure), n_corrected (by the catalogue); median_hours with low and high;
        p75, p90, p95 likewise; the means; share_within the objective with share_low and share_high; raw_n and
        raw_median_hours, without corrections; objective [h], share_promised, verdict, provisional, reason. All
        durations in [h]; null where too few incidents reach them.

    Raises
    ------
    InputError
        If `by` or a clock end is none of these.
    """
    rows, labels = grouped_durations(logs, period, by=by, clocks=(start, end))
    within, promised = _targets(logs, labels, by=by, asked=(start, end) == ("started", "restored"))
    estimates = estimates_of_groups(rows, groups=len(labels), within_hours=within)
    if logs.catalog.corrections:
        raw, raw_labels = grouped_durations(logs, period, by=by, clocks=(start, end), corrected=False)
        raw = estimates_of_groups(raw, groups=len(raw_labels), within_hours=np.nan).set_axis(raw_labels).reindex(labels)
    else:
        raw = estimates
    unfinished = logs.as_of < read_period(period, timezone=logs.timezone, as_of=logs.as_of).end
    judged = judge_restoration(estimates, within, share=promised, unfinished=unfinished).assign(
        **{by: labels, "share_promised": promised},
        raw_n=raw["n"].fillna(0).to_numpy(dtype=np.int64),
        raw_median_hours=raw["median_hours"].to_numpy(),
    )
    return judged[[by, *ESTIMATES, *VERDICT]]


def time_for_share(logs, period, shares: pd.Series) -> pd.Series:
    """Time by which a share of each service's incidents was restored [h]; null where the curve does not reach it.

    Parameters
    ----------
    logs, period
        As of `restoration`.
    shares : Series
        Share of each service, 0 to 1, indexed by service.
    """
    rows, labels = grouped_durations(logs, period, by="service", clocks=("started", "restored"))
    used = rows[rows["excluded"].isna()]
    curves = curves_of(used, groups=len(labels))
    at = {share: quantiles(curves, share)["estimate"].set_axis(labels) for share in shares.unique()}
    times = pd.DataFrame(at).reindex(shares.index)
    return pd.Series([times.at[name, share] for name, share in shares.items()], index=shares.index, dtype="float64")


def durations(logs, period, *, start: str = "started", end: str = "restored") -> pd.DataFrame:
    """Every incident that began in a period, or was under way at its start, and how long it took.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
        The two clock ends.

    Returns
    -------
    DataFrame
        service, product, incident_id, title, severity, cause, started_at, hours [h], censored (open; hours up to when
        it was last seen open), excluded (why it is no observation; null where it is one), end_basis (null, or that the
        end is a ticket's closure), remark, correction (why the catalogue corrected it). One row per service and
        incident, in order of start.
    """
    found = _cohort(logs, period, observe_incidents(logs), clocks=(start, end))
    return found.assign(started_at=to_moments(found["started"]))[list(DURATIONS)]


def survival(logs, period, *, by: str = "service", start: str = "started", end: str = "restored") -> pd.DataFrame:
    """Share of incidents still going on after a time (Kaplan-Meier), per group.

    Parameters
    ----------
    logs, period, by, start, end
        As of `restoration`.

    Returns
    -------
    DataFrame
        group (as text), hours [h], survival, low, high, n_at_risk; each curve begins at 0 h. Groups without an
        observation are left out.
    """
    rows, labels = grouped_durations(logs, period, by=by, clocks=(start, end))
    curves = estimate_survival(rows[rows["excluded"].isna()], groups=len(labels))
    names = labels.astype("str").fillna("unknown").to_numpy()
    return curves.assign(group=pd.Series(names[curves["group"]], dtype="str"))


def grouped_durations(logs, period, *, by: str, clocks: tuple[str, str], corrected: bool = True):
    """Durations of a period with the number of their group, and the label of each group.

    Parameters
    ----------
    logs, period, by
        As of `restoration`.
    clocks : tuple of two str
        The clock ends.
    corrected : bool
        Whether the catalogue's corrections are applied.
    """
    return group_observations(observe_incidents(logs, corrected=corrected), logs, period=period, by=by, clocks=clocks)


def group_observations(observed: pd.DataFrame, logs, *, period, by: str, clocks: tuple[str, str]):
    """As `grouped_durations`, of incidents that were observed already, or of some of them.

    Parameters
    ----------
    observed : DataFrame
        Result of `observe_incidents`, or rows of it.
    logs, period, by, clocks
        As of `grouped_durations`.
    """
    if by not in BY:
        raise InputError(f"Expected by to be one of {', '.join(BY)}, got {by!r}.")
    fleet = _cohort(logs, period, combine_fleet(observed), clocks=clocks)
    if by == "all":
        return fleet.assign(group=0), pd.Series([ALL_SERVICES], dtype="str")
    if by != "service":
        kinds = parts_of_week(fleet["started"], zone=logs.timezone) if by == "part_of_week" else fleet[by]
        group, labels = pd.factorize(kinds, sort=True, use_na_sentinel=False)
        return fleet.assign(group=group), pd.Series(labels)
    names = measure_services(logs)["service"]
    single = _cohort(logs, period, observed, clocks=clocks)
    rows = pd.concat(
        [single.assign(group=pd.Index(names).get_indexer(single["service"])), fleet.assign(group=len(names))]
    )
    return rows[rows["group"] >= 0], pd.concat([names, pd.Series([ALL_SERVICES], dtype="str")], ignore_index=True)


def estimates_of_groups(rows: pd.DataFrame, *, groups: int, within_hours) -> pd.DataFrame:
    """Estimates of each group, and how many were left out, marked or corrected."""
    used = rows["excluded"].isna()
    marks = {"n_excluded": ~used, "n_upper_bound": used & rows["end_basis"].notna(),
             "n_corrected": rows["correction"].notna()}  # fmt: skip
    counts = {name: np.bincount(rows.loc[mark, "group"], minlength=groups) for name, mark in marks.items()}
    return estimate_restoration(rows[used], groups=groups, within_hours=within_hours).assign(**counts)


def _cohort(logs, period, observations: pd.DataFrame, *, clocks: tuple[str, str]) -> pd.DataFrame:
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    first, last = (int(m) for m in to_microseconds([window.start, window.end]))
    return in_period(measure_durations(observations, start=clocks[0], end=clocks[1]), first, end=last)


def _targets(logs, labels: pd.Series, *, by: str, asked: bool) -> tuple[np.ndarray, np.ndarray]:
    """Promised time to restore [h] and share per group; only services have one, and only from start to restoration."""
    stated = [logs.catalog.services.get(name) if by == "service" and asked else None for name in labels]
    restore = [s.objectives.restore if s else None for s in stated]
    return tuple(np.array([getattr(r, f) if r else np.nan for r in restore]) for f in ("within_hours", "share"))
