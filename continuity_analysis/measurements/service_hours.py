"""Agreed service hours: in service, not retired, and outside what is not agreed (closed hours, maintenance)."""

from collections.abc import Callable, Hashable, Mapping

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import Intervals, difference, intervals
from continuity_analysis.measurements.occurrences import measure_occurrences


def measure_agreed(services: pd.DataFrame, start: int, *, end: int, outside: Intervals) -> Intervals:
    """Agreed in-service hours of every service within [start, end).

    Parameters
    ----------
    services : DataFrame
        Result of `measure_services`; a service without `in_service_from` counts from `start` on.
    start, end : int
        Microseconds since 1970.
    outside : Intervals
        Time that is not agreed, per row of `services`, as `measure_closed` and `measure_maintenance` return it.

    Returns
    -------
    Intervals
        Disjoint, in order; the group is the row of `services`.
    """
    since, retired = (to_microseconds(services[c]) for c in ("in_service_from", "retired_at"))
    first = np.maximum(start, since)  # UNKNOWN is the smallest number there is
    last = np.where(retired == UNKNOWN, end, np.minimum(end, retired))
    whole = intervals(np.arange(len(services)), first, last)
    return difference(whole[whole.end > whole.start], outside)


def measure_maintenance(stated: Mapping, services: pd.DataFrame, *, start: int, end: int, timezone: str) -> Intervals:
    """Agreed maintenance windows that overlap [start, end), per row of `services`.

    Parameters
    ----------
    stated : mapping of str to Service
        The services of the catalogue.
    timezone : str
        IANA zone in which the clock times of the windows are understood, where a service has none of its own.

    Raises
    ------
    CatalogError
        If a rule leaves open on which day it begins, such as every second Sunday.
    """
    rules = [(name, (rule, s.timezone or timezone)) for name, s in stated.items() for rule in s.maintenance]
    return for_services(rules, services, lambda rule: _windows(*rule, start=start, end=end))


def for_services(rules: list[tuple[str, Hashable]], services: pd.DataFrame, work: Callable) -> Intervals:
    """What each rule gives, for each service that has it; a rule is worked out once, however many share it.

    Parameters
    ----------
    rules : list of (name of a service, rule)
    services : DataFrame
        Result of `measure_services`.
    work : callable
        Rule -> Intervals, whatever their group.

    Returns
    -------
    Intervals
        The group is the row of `services`; not in order.
    """
    row = {name: i for i, name in enumerate(services["service"])}
    rows: dict = {}
    for name, rule in rules:
        rows.setdefault(rule, []).append(row[name])
    parts = [intervals([], [], [])]
    for rule, of in rows.items():
        found = work(rule)
        parts.append(intervals(np.repeat(of, len(found)), np.tile(found.start, len(of)), np.tile(found.end, len(of))))
    return together(*parts)


def together(*parts: Intervals) -> Intervals:
    """All intervals of several sets, one after the other."""
    return intervals(*(np.concatenate([getattr(p, f) for p in parts]) for f in ("group", "start", "end")))


def _windows(rule, zone: str, *, start: int, end: int) -> Intervals:
    length = round(rule.duration_hours * HOUR)
    starts = measure_occurrences(rule, zone, start=start - length, end=end, key="maintenance")
    ends = starts + length
    near = (ends > start) & (starts < end)
    return intervals(np.zeros(near.sum()), starts[near], ends[near])
