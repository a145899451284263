"""Whole durations re-drawn phase by phase: what recoveries that come back would take, were their phases independent.

Where few recoveries were seen from end to end, attempts that were called off or failed later still tell how long their
first phases took. Each phase is drawn from its own law (Kaplan-Meier), independently of the others, and they are added
up. That is honest for the median, and little of it hangs on independence; of the tail it is not: with 10 to 30 of each
phase the interval of a re-drawn P90 would hold in 77 to 91 % even if phases were independent, and in 60 to 70 % if they
are long together (docs/calibration_recovery.md). So no P90 of it is printed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import Curves, kaplan_meier, quantiles

FEWEST, FEWEST_FOR_INTERVAL = 3, 10
DRAWS, BOOTSTRAPS, DRAWS_OF_EACH = 20_000, 200, 400
NO_PHASE, APART = "a phase was never seen", "phases were recorded differently from recovery to recovery"
FEW, ENDLESS = f"a phase was seen fewer than {FEWEST} times", "a phase did not end often enough to be drawn"
FEW_FOR_INTERVAL = f"a phase was seen fewer than {FEWEST_FOR_INTERVAL} times: no interval"
MANY = np.iinfo(np.int64).max
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class _Seen:
    """Phases [h] of recoveries in order of group: NaN where unknown, ended, and the group of each."""

    hours: np.ndarray
    ended: np.ndarray
    group: np.ndarray
    groups: int


def redraw_totals(
    phases: pd.DataFrame, number: int, *, groups: int, rng: np.random.Generator, share: float = 0.5
) -> pd.DataFrame:
    """The time by which a share of whole recoveries is over, re-drawn phase by phase.

    Parameters
    ----------
    phases : DataFrame
        Result of `measure_phase_durations`, with `group` (from 0).
    number, groups : int
        How many phases there are, of which the last one is what was not split, and how many groups.
    rng : Generator
    share : float
        0.5 for the median.

    Returns
    -------
    DataFrame
        One row per group: n_fewest (times its least seen phase ended), redrawn_hours with low and high (bootstrap over
        recoveries, from 10 of each phase); n_whole (that came back), measured_hours of them with measured_low and
        measured_high [h]; reason (why any that is re-drawn is null).
    """
    seen, drawn_from, reason = _wide(phases, groups, number)
    times = np.where(drawn_from, _times_ended(seen), MANY).min(axis=1)
    fewest = np.where(times == MANY, 0, times)
    hours = _at(_totals(_curves(seen), drawn_from, DRAWS, rng), share)
    bad = [reason != "", fewest < FEWEST, np.isnan(hours), fewest < FEWEST_FOR_INTERVAL]
    reason = np.select(bad, [reason, FEW, ENDLESS, FEW_FOR_INTERVAL], "")
    enough = reason == ""
    low, high = _limits(seen, drawn_from & enough[:, None], share, rng)
    columns = {
        "n_fewest": fewest,
        "redrawn_hours": np.where(enough | (reason == FEW_FOR_INTERVAL), hours, np.nan),
        "low": np.where(enough, low, np.nan),
        "high": np.where(enough, high, np.nan),
    }
    why = pd.Series(reason, dtype="object").where(~enough).astype("str")
    return pd.DataFrame(columns).join(_measured(phases, groups, share)).assign(reason=why)


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


def _at(totals: np.ndarray, share: float) -> np.ndarray:
    """The time by which a share of each group's totals is over; NaN where that is never."""
    hours = totals[:, int(np.ceil(share * totals.shape[1])) - 1]
    return np.where(np.isinf(hours), np.nan, hours)


def _limits(seen: _Seen, drawn_from: np.ndarray, share: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """The middle 95 % of what is re-drawn from recoveries drawn anew, each with all its phases."""
    if not drawn_from.any():
        return (np.full(seen.groups, np.nan),) * 2
    n = np.bincount(seen.group, minlength=seen.groups)
    first, size = np.repeat(np.cumsum(n) - n, n), np.repeat(n, n)
    each, found = max(1, _AT_ONCE // (drawn_from.size * DRAWS_OF_EACH)), []
    for done in range(0, BOOTSTRAPS, each):
        count = min(each, BOOTSTRAPS - done)
        row = (first + (rng.random((count, len(first))) * size).astype(np.int64)).ravel()
        group = (np.arange(count)[:, None] * seen.groups + seen.group).ravel()
        anew = _Seen(seen.hours[row], seen.ended[row], group, count * seen.groups)
        totals = _totals(_curves(anew), np.tile(drawn_from, (count, 1)), DRAWS_OF_EACH, rng)
        found.append(_at(totals, share).reshape(count, seen.groups))
    drawn = np.sort(np.nan_to_num(np.concatenate(found), nan=np.inf), axis=0)
    limits = (drawn[int(np.ceil(at * BOOTSTRAPS)) - 1] for at in (0.025, 0.975))
    return tuple(np.where(np.isinf(x), np.nan, x) for x in limits)


def _measured(phases: pd.DataFrame, groups: int, share: float) -> pd.DataFrame:
    """The same of the whole durations of those that came back."""
    rows = phases[phases["whole"].to_numpy(bool)]
    whole = rows.groupby(["group", "row"], sort=True)["hours"].sum().reset_index()
    group = whole["group"].to_numpy(np.int64)
    curves = kaplan_meier(whole["hours"], np.ones(len(whole), dtype=bool), group=group, groups=groups)
    found = quantiles(curves, share)
    named = {"measured_hours": "estimate", "measured_low": "low", "measured_high": "high"}
    return pd.DataFrame({"n_whole": curves.n, **{name: found[c].to_numpy() for name, c in named.items()}})
