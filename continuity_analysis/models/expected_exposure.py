"""Expected recovery-point exposure: what the process that made the backup cycles would do again, with its interval.

In the long run the mean age of the newest usable recovery point is

    E[G²] / 2 E[G] + E[run - held] + cov(held, run - G) / E[G]

where G is the time between the begins of two usable backups, run how long they take and held how long after its begin
lies the moment whose data one holds. With a regular schedule that never misses it is half the interval plus the run
time; with misses of chance p it is run time + interval (1 + p) / 2 (1 - p).

The interval joins the exact limits of the chance of a miss with the bootstrap of whole cycles: its lower limit is drawn
from the law that gives the exact lower limit of that chance, its upper limit from that of the upper. Where no run was
ever missed the lower limit is what the schedule gives without misses. Where misses cluster, few strings of them say
little of how long the longest are: the limits are the wider ones of two laws of their length, that of the strings seen,
resampled, and the geometric one, whose chance to end has exact limits as well.

Where more than half of the runs that were due gave no backup nothing is expected: then retries within minutes may have
set the usual interval, and what looks missed was never due.

References
----------
Cox, D. R. (1962), Renewal Theory, ch. 5 (the age at a random moment).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from continuity_analysis.models.backup_cycles import DRAWS, CycleLaw
from continuity_analysis.models.resampled_cycles import draws_of, evenly, outer_uniforms, resampled_means
from continuity_analysis.words import show

FEWEST_DUE = 20
FEWEST_CYCLES = 10
FEWEST_STRINGS = 5
MOST_MISSED = 0.5
"""Above this share of missed runs the usual interval is not one that runs keep to, and nothing was calibrated."""
CONFIDENCE = 0.95
_AT_ONCE = 4_000  # cycles per step, so that memory stays small
_TAIL = (1 - CONFIDENCE) / 2
_ENDS = {"low": _TAIL, "high": 1 - _TAIL}


def estimate_expected_exposure(law: CycleLaw) -> pd.DataFrame:
    """Expected mean exposure of each asset in the long run, were its cycles to go on as they did.

    Parameters
    ----------
    law : CycleLaw

    Returns
    -------
    DataFrame
        One row per asset: asset; expected_hours, expected_low, expected_high (95 %) [h]; n_cycles, n_due, n_missed;
        clustered; reason (why there is no expectation).
    """
    reason = why_not(law)
    found = long_run_estimates(law)[0]
    return pd.DataFrame(
        {
            "asset": law.assets,
            "expected_hours": found[0],
            "expected_low": found[1],
            "expected_high": found[2],
            "n_cycles": law.n,
            "n_due": law.due,
            "n_missed": law.misses,
            "clustered": law.clustered,
            "reason": pd.array(reason, dtype="str"),
        }
    )


def why_not(law: CycleLaw) -> np.ndarray:
    """Why nothing is expected of each asset; empty where something is."""
    runs = list(zip(law.due, law.misses, strict=True))
    due = [f"{n} backup runs were due: at least {FEWEST_DUE} are needed" for n in law.due]
    few = [f"{n} complete backup cycles: at least {FEWEST_CYCLES} are needed" for n in law.n]
    strings = [
        f"failed or missed runs cluster; strings of them seen: {n}, at least {FEWEST_STRINGS} are needed"
        for n in law.strings
    ]
    stopped = [
        f"no usable backup was begun for {show(e, 'hours')}, longer than ever before: what stopped them is not foreseen"
        for e in law.elapsed
    ]
    mostly = [f"of {n} runs due at the usual interval {k} gave no backup: no cycle to go by" for n, k in runs]
    said = [np.array(sentences, dtype=object) for sentences in (due, few, mostly, stopped, strings)]
    holds = [law.due < FEWEST_DUE, law.n < FEWEST_CYCLES, law.misses > MOST_MISSED * law.due]
    holds.append(law.elapsed > 1.5 * law.longest)
    holds.append(law.clustered & (law.strings < FEWEST_STRINGS))
    return np.select(holds, said, "").astype(object)


def long_run_estimates(law: CycleLaw, every_hours: Sequence[float | None] = (None,)) -> np.ndarray:
    """Mean age in the long run under some schedules (None: as it is), shape (schedules, 3, assets) [h].

    The three are the estimate, and the lower and upper limit of its 95 % interval; NaN where `why_not` says why.
    """
    known = np.flatnonzero(why_not(law) == "")
    uniform = outer_uniforms(int(law.n[known].max(initial=0)))
    found = np.full((len(every_hours), 3, len(law)), np.nan)
    for part in np.split(known, np.flatnonzero(np.diff(np.cumsum(law.n[known]) // _AT_ONCE)) + 1):
        rows = law.rows(part)
        seen, drawn = _run_moments(rows, None), _run_moments(rows, uniform)
        for place, hours in enumerate(every_hours):
            changed = rows if hours is None else rows.every(hours)
            moments = seen | _gap_moments(changed, None)
            estimate = long_run_mean(changed.chance_seen(), moments, clustered=rows.clustered)[:, 0]
            low, high = _limits(changed, drawn | _gap_moments(changed, uniform))
            found[place][:, part] = estimate, np.minimum(low, estimate), np.maximum(high, estimate)
    return found


def long_run_mean(chance: np.ndarray, moments: dict[str, np.ndarray], *, clustered: np.ndarray) -> np.ndarray:
    """Mean age [h], shape (assets, draws).

    Parameters
    ----------
    chance : ndarray, shape (assets, draws)
        That a due run is missed; that a string of misses begins, where they cluster.
    moments : dict of ndarray, shape (assets, draws)
        First and second moment of the interval and of what a miss (a string) costs: interval, interval_squared, lost,
        lost_squared; delay (mean of run - held), covariance (of run and held), coupling (covariance of interval and
        held) [h, h²].
    clustered : ndarray of bool, shape (assets,)
    """
    p = np.minimum(chance, 1 - 1e-9)
    how_many, squared = p / (1 - p), p * (1 + p) / (1 - p) ** 2  # moments of how many misses follow, one by one
    each = clustered[:, None]
    lost = np.where(each, p, how_many) * moments["lost"]
    lost_squared = np.where(each, p, squared) * moments["lost_squared"]
    gap = moments["interval"] + lost
    gap_squared = moments["interval_squared"] + 2 * moments["interval"] * lost + lost_squared
    return (gap_squared / 2 + moments["covariance"] - moments["coupling"]) / gap + moments["delay"]


def _limits(law: CycleLaw, moments: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Both limits of each asset."""
    chances, limits = evenly(2)[draws_of(law)], []
    for which, share in _ENDS.items():
        chance, geometric = law.chance_of_miss(chances, which), moments | _geometric(law, moments, which)
        drawn = [long_run_mean(chance, m, clustered=law.clustered) for m in (moments, geometric)]
        wider = np.minimum if which == "low" else np.maximum
        limits.append(wider(*(np.quantile(x, share, axis=1) for x in drawn)))
    return limits


def _geometric(law: CycleLaw, moments: dict[str, np.ndarray], which: str) -> dict[str, np.ndarray]:
    """What a string costs if after each miss it ends with the same chance, drawn from the law of that one's limit."""
    from scipy.special import betaincinv

    misses, strings = (x[:, None].astype(float) for x in (law.misses, law.strings))
    more = (strings + 1, misses - strings) if which == "low" else (strings, misses - strings + 1)
    uniform = evenly(5)[draws_of(law, of=1)]
    ends = np.where(more[1] > 0, betaincinv(*(np.maximum(x, 1e-12) for x in more), uniform), 1.0)
    ends, hours = np.maximum(ends, 1e-9), law.hours_of_a_miss()[:, None]
    each = law.clustered[:, None]
    return {
        "lost": np.where(each, hours / ends, moments["lost"]),
        "lost_squared": np.where(each, hours**2 * (2 - ends) / ends**2, moments["lost_squared"]),
    }


def _run_moments(law: CycleLaw, uniform: np.ndarray | None) -> dict[str, np.ndarray]:
    """Of the runs as they were, shape (assets, 1), or of each resampled history, (assets, draws)."""
    values = np.stack([law.run, law.held, law.run * law.held], axis=1)
    run, held, product = np.moveaxis(resampled_means(law, values, uniform), -1, 0)
    return {"delay": run - held, "covariance": product - run * held}


def _gap_moments(law: CycleLaw, uniform: np.ndarray | None) -> dict[str, np.ndarray]:
    """Of the intervals and of what a miss costs, which is as long as an interval where none was ever missed."""
    if law.step is None:
        values = np.stack([law.interval, law.interval**2, law.interval * law.held, law.held], axis=1)
        interval, squared, product, held = np.moveaxis(resampled_means(law, values, uniform), -1, 0)
        coupling = product - interval * held
    else:
        shape = (len(law), 1 if uniform is None else DRAWS)
        interval, squared, coupling = (np.full(shape, x) for x in (law.step, law.step**2, 0.0))
    lost, lost_squared = interval.copy(), squared.copy()
    some = np.flatnonzero(law.n_strings > 0)
    if len(some):
        lost[some], lost_squared[some] = _lost(law.rows(some), uniform)
    names = ("interval", "interval_squared", "coupling", "lost", "lost_squared")
    return dict(zip(names, (interval, squared, coupling, lost, lost_squared), strict=True))


def _lost(law: CycleLaw, uniform: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """First and second moment of what a miss (a string of them, where they cluster) costs, for assets with some."""
    string, miss = law.missed_hours, law.missed_hours / law.missed
    squares = string**2, miss**2
    if law.step is not None:  # a stop of x steps takes floor(x + a uniform) runs away
        part = string / law.step % 1
        squares = squares[0] + part * (1 - part) * law.step**2, np.full(len(miss), law.step**2)
        miss = np.full(len(miss), law.step)
    values = np.stack([string, squares[0], miss, squares[1]], axis=1)
    means = np.moveaxis(resampled_means(law, values, uniform, strings=True), -1, 0)
    clustered = law.clustered[:, None]
    return np.where(clustered, means[0], means[2]), np.where(clustered, means[1], means[3])
