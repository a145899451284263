"""Whole durations re-drawn phase by phase: what recoveries that come back would take, were their phases independent.

Where few recoveries were seen from end to end, attempts that were called off or failed later still tell how long their
first phases took. Each phase is drawn from its own law (Kaplan-Meier), independently of the others, and they are added
up. Where phases are long together the true spread is larger than this, and the quantiles above the median are too
short; the measured durations stand beside it, and docs/calibration_recovery.md shows by how much.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import Curves, kaplan_meier, quantiles

FEWEST, FEWEST_FOR_MORE = 3, 10
DRAWS, BOOTSTRAPS, DRAWS_OF_EACH = 20_000, 400, 400
NO_PHASE, APART = "a phase was never seen", "phases were recorded differently from recovery to recovery"
FEW, ENDLESS = f"a phase was seen fewer than {FEWEST} times", "a phase did not end often enough to be drawn"
FEW_FOR_MORE = f"a phase was seen fewer than {FEWEST_FOR_MORE} times: only the median, without an interval"
MANY = np.iinfo(np.int64).max
_ESTIMATES = {
    "median_hours": ("low", "high"),
    "p90_hours": ("p90_low", "p90_high"),
    "chance_within": ("chance_low", "chance_high"),
}
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class _Seen:
    """Phases [h] of recoveries in order of group: NaN where unknown, ended, and the group of each."""

    hours: np.ndarray
    ended: np.ndarray
    group: np.ndarray
    groups: int


def redraw_totals(
    phases: pd.DataFrame, number: int, *, within_hours, rng, bootstraps: int = BOOTSTRAPS
) -> pd.DataFrame:
    """Quantiles of whole durations and the chance to be in time, re-drawn phase by phase.

    Parameters
    ----------
    phases : DataFrame
        Result of `measure_phase_durations`, with `group` (from 0).
    number : int
        How many phases there are; the last one is what was not split.
    within_hours : array of float, shape (groups,)
        An objective of each group [h]; NaN: none.
    rng : Generator
    bootstraps : int
        How many times recoveries are drawn anew for the intervals.

    Returns
    -------
    DataFrame
        One row per group: n_fewest (times its least seen phase ended), median_hours with low and high, p90_hours and
        chance_within (of those that come back) likewise (bootstrap over recoveries); measured_median_hours with
        measured_low and measured_high, measured_p90_hours of the n_whole that came back; reason (why any is null).
    """
    limit = np.asarray(within_hours, dtype=float)
    seen, drawn_from, reason = _wide(phases, len(limit), number)
    times = np.where(drawn_from, _times_ended(seen), MANY).min(axis=1)
    fewest = np.where(times == MANY, 0, times)
    drawn = _asked(_totals(_curves(seen), drawn_from, DRAWS, rng), limit)
    bad = [reason != "", fewest < FEWEST, np.isnan(drawn[0]), fewest < FEWEST_FOR_MORE]
    reason = np.select(bad, [reason, FEW, ENDLESS, FEW_FOR_MORE], "")
    more = reason == ""
    low, high = (
        _limits(seen, drawn_from & more[:, None], limit, bootstraps=bootstraps, rng=rng)
        if more.any()
        else (drawn, drawn)
    )
    columns = {"n_fewest": fewest}
    for i, (name, ends) in enumerate(_ESTIMATES.items()):
        shown = more | (reason == FEW_FOR_MORE) if name == "median_hours" else more
        columns[name] = np.where(shown, drawn[i], np.nan)
        columns |= {end: np.where(more, x[i], np.nan) for end, x in zip(ends, (low, high), strict=True)}
    why = pd.Series(reason, dtype="object").where(~more).astype("str")
    return pd.DataFrame(columns).join(_measured(phases, len(limit))).assign(reason=why)


def _wide(phases: pd.DataFrame, groups: int, number: int) -> tuple[_Seen, np.ndarray, np.ndarray]:
    """Phases as a row per recovery, which phases each group's totals are drawn from, and why none are ("")."""
    rows = phases[phases["outcome"] != "failed"]
    code, first = pd.factorize(rows["row"] + rows["group"] * (rows["row"].max() + 1 if len(rows) else 1))
    hours, ended = np.full((len(first), number), np.nan), np.zeros((len(first), number), dtype=bool)
    place = (code, rows["phase"].to_numpy(np.int64))
    hours[place], ended[place] = rows["hours"].to_numpy(float), (rows["outcome"] == "ended").to_numpy(bool)
    group, whole = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=bool)
    group[code], whole[code] = rows["group"].to_numpy(np.int64), rows["whole"].to_numpy(bool)
    order = np.argsort(group, kind="stable")
    seen = _Seen(hours[order], ended[order], group[order], groups)
    times = _times_ended(seen)
    every = (times[:, :-1] > 0).all(axis=1)
    in_whole = np.zeros((groups, number), dtype=np.int64)
    np.add.at(in_whole, group[whole], ended[whole].astype(np.int64))
    n_whole = np.bincount(group[whole], minlength=groups)[:, None]
    alike = ((in_whole == 0) | (in_whole == n_whole)).all(axis=1)
    drawn_from = np.where(every[:, None], np.arange(number) < number - 1, in_whole > 0)
    reason = np.select([every, n_whole[:, 0] == 0, ~alike], ["", NO_PHASE, APART], "")
    return seen, drawn_from & (reason == "")[:, None], reason


def _times_ended(seen: _Seen) -> np.ndarray:
    """How often each phase ended, shape (groups, phases)."""
    times = np.zeros((seen.groups, seen.hours.shape[1]), dtype=np.int64)
    np.add.at(times, seen.group, seen.ended.astype(np.int64))
    return times


def _curves(seen: _Seen) -> Curves:
    """The law of each phase of each group."""
    row, phase = np.nonzero(~np.isnan(seen.hours))
    number = seen.hours.shape[1]
    cell, at = seen.group[row] * number + phase, (row, phase)
    return kaplan_meier(seen.hours[at], seen.ended[at], group=cell, groups=seen.groups * number, confidence=None)


def _totals(curves: Curves, drawn_from: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Totals of phases drawn apart [h], in order, shape (groups, draws); infinite where a phase has no end."""
    total = np.zeros((len(drawn_from), draws))
    key, hours, bounds = 2 * curves.group + 1 - curves.survival, np.append(curves.hours, np.inf), curves.bounds
    for phase in range(drawn_from.shape[1]):
        groups = np.flatnonzero(drawn_from[:, phase])
        cell = groups * drawn_from.shape[1] + phase
        row = np.searchsorted(key, 2 * cell[:, None] + rng.random((len(groups), draws)))
        total[groups] += hours[np.where(row < bounds[cell + 1][:, None], row, len(curves.hours))]
    return np.sort(total, axis=1)


def _asked(totals: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Median, P90 and the share within the limit of each group's totals, NaN where infinite or not asked."""
    at = [int(np.ceil(share * totals.shape[1])) - 1 for share in (0.5, 0.9)]
    within = np.where(np.isnan(limit), np.nan, (totals <= limit[:, None]).mean(axis=1))
    return np.stack([np.where(np.isinf(totals[:, i]), np.nan, totals[:, i]) for i in at] + [within])


def _limits(seen: _Seen, drawn_from: np.ndarray, limit: np.ndarray, *, bootstraps: int, rng):
    """The middle 95 % of what is re-drawn from recoveries drawn anew, each with all its phases."""
    n = np.bincount(seen.group, minlength=seen.groups)
    first, size = np.repeat(np.cumsum(n) - n, n), np.repeat(n, n)
    each, found = max(1, _AT_ONCE // (drawn_from.size * DRAWS_OF_EACH)), []
    for done in range(0, bootstraps, each):
        count = min(each, bootstraps - done)
        row = (first + (rng.random((count, len(first))) * size).astype(np.int64)).ravel()
        group = (np.arange(count)[:, None] * seen.groups + seen.group).ravel()
        anew = _Seen(seen.hours[row], seen.ended[row], group, count * seen.groups)
        totals = _totals(_curves(anew), np.tile(drawn_from, (count, 1)), DRAWS_OF_EACH, rng)
        found.append(_asked(totals, np.tile(limit, count)).reshape(len(_ESTIMATES), count, seen.groups))
    drawn = np.sort(np.where(np.isnan(x := np.concatenate(found, axis=1)), np.inf, x), axis=1)
    low, high = (drawn[:, int(np.ceil(share * bootstraps)) - 1] for share in (0.025, 0.975))
    return np.where(np.isinf(low), np.nan, low), np.where(np.isinf(high), np.nan, high)


def _measured(phases: pd.DataFrame, groups: int) -> pd.DataFrame:
    """The whole durations of those that came back."""
    rows = phases[phases["whole"].to_numpy(bool)]
    whole = rows.groupby(["group", "row"], sort=True)["hours"].sum().reset_index()
    group = whole["group"].to_numpy(np.int64)
    curves = kaplan_meier(whole["hours"], np.ones(len(whole), dtype=bool), group=group, groups=groups)
    median, p90 = quantiles(curves, 0.5), quantiles(curves, 0.9)["estimate"]
    named = {"measured_median_hours": "estimate", "measured_low": "low", "measured_high": "high"}
    found = {name: median[column].to_numpy() for name, column in named.items()}
    p90 = p90.where(curves.n >= FEWEST_FOR_MORE).to_numpy()
    return pd.DataFrame({"n_whole": curves.n, **found, "measured_p90_hours": p90})
