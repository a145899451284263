"""Verdicts: `judge_…` adds objective, verdict, provisional and reason to an estimate; nothing else does.

A verdict is on what was *achieved*, in the target's own unit; the rules are those of section 5 of the definitions.
Every function takes the estimates (one row per group) and the targets (one per row, NaN where none is promised), and
returns a copy of the estimates with these columns added. Where a period is not over, BREACHED is said only once it
cannot be met any more; anything else is provisional.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import column, count, flags, hours, judged, percent, reals

_NO_HOURS = "no agreed hours lie in the period so far"
_ROUNDING = 1e-12  # a ratio that misses its target by less is on it


def judge_availability(estimates: pd.DataFrame, objective, *, unplanned=False, period_hours=None) -> pd.DataFrame:
    """Judge achieved availability by its bounds [1 - (D+U)/T, 1 - D/T].

    Parameters
    ----------
    estimates : DataFrame
        Columns `agreed_hours` (T, up to as_of), `unknown_hours` (U), `down_hours` and `unplanned_hours` (D) [h];
        optionally `availability_if_no_impact` and `availability_if_full_impact` (of what is judged), with
        `unknown_if_no_hours` and `unknown_if_full_hours` where those differ, between which a verdict may not differ.
    objective : array of float
        Promised availability, 0 to 1; NaN: not set.
    unplanned : bool or array of bool
        True where only unplanned down time is judged.
    period_hours : array of float, optional
        Agreed hours of the whole period [h]; where they exceed `agreed_hours` the period is unfinished.
    """
    n, agreed, unknown = len(estimates), column(estimates, "agreed_hours"), column(estimates, "unknown_hours")
    goal, whole = reals(objective, n), reals(agreed if period_hours is None else period_hours, n)
    unfinished = whole > agreed * (1 + _ROUNDING)
    down = np.where(flags(unplanned, n), column(estimates, "unplanned_hours"), column(estimates, "down_hours"))
    budget = whole * (1 - goal)
    spent_at = np.where(unfinished, budget, np.inf)
    places = [
        _place(d, goal, agreed=agreed, unknown=u, spent_at=spent_at)
        for d, u in ((down, unknown), *(_if(estimates, impact, down, unknown=unknown) for impact in ("no", "full")))
    ]
    place, so_far = places[0], percent(1 - down / np.where(agreed > 0, agreed, np.nan))
    spent = "down " + hours(down) + " of the " + hours(budget) + " that the whole period allows"
    rules = [
        (np.isnan(goal), "NOT_SET", "no availability is promised"),
        (~(agreed > 0), "INSUFFICIENT", _NO_HOURS),
        (~(unknown < agreed * (1 - _ROUNDING)), "INSUFFICIENT", "no source was watching in the period"),
        ((place != places[1]) | (place != places[2]), "INSUFFICIENT",
         "the verdict depends on the impact assumed: state impact_by_severity"),
        (place == "spent", "BREACHED", spent),
        (place == "met", "MET", "at least " + percent(1 - (down + unknown) / np.where(agreed > 0, agreed, np.nan))
         + ", promised " + percent(goal)),
        ((place == "missed") & unfinished, "AT_RISK", so_far + " at most so far; " + spent),
        (place == "missed", "BREACHED", so_far + " at most, promised " + percent(goal)),
        (True, "INSUFFICIENT", hours(unknown) + " without coverage decide: bring the exports up to date"),
    ]  # fmt: skip
    return judged(estimates, goal, rules, unfinished=unfinished)


def judge_restoration(estimates: pd.DataFrame, within_hours, *, share, unfinished=False) -> pd.DataFrame:
    """Judge `restore`: the share restored within the target, F(target), against the promised share.

    Parameters
    ----------
    estimates : DataFrame
        Columns `n`, `n_censored` and `share_within`, F(target) from the survival curve (NaN: not known); optionally
        `share_at_least`, what is certain of it where open incidents are younger than the target.
    within_hours, share : array of float
        The target [h] and the share promised, 0 to 1; NaN: not set.
    unfinished : bool
        True where the period is not over; only a promise for all incidents can then be broken for good.
    """
    n, limit, promised = len(estimates), reals(within_hours, len(estimates)), reals(share, len(estimates))
    known, open_still = column(estimates, "share_within"), column(estimates, "n_censored")
    least = column(estimates, "share_at_least", default=np.nan)
    reached = np.where(np.isnan(known) & (least >= promised - _ROUNDING), least, known)
    said = percent(reached) + " restored within " + hours(limit) + ", promised " + percent(promised)
    missed, running = reached < promised - _ROUNDING, flags(unfinished, n)
    rules = [
        (np.isnan(limit), "NOT_SET", "no time to restore is promised"),
        (~(column(estimates, "n") > 0), "INSUFFICIENT", "no incident that can be measured began in the period"),
        (np.isnan(reached), "INSUFFICIENT", "open and not yet " + hours(limit) + " old: " + count(open_still)),
        (missed & running & (promised < 1), "AT_RISK", said + "; later incidents can still make up for it"),
        (missed, "BREACHED", said),
        (True, "MET", said),
    ]
    return judged(estimates, limit, rules, unfinished=running)


def judge_recovery_point(estimates: pd.DataFrame, within_hours, *, share, period_hours=None) -> pd.DataFrame:
    """Judge `rpo`: the share of covered time with an exposure over the target against the share allowed.

    Parameters
    ----------
    estimates : DataFrame
        Columns `covered_hours` [h], `share_over_objective` (of covered time); optionally `share_over_proven` (the part
        of it that cannot be retention thinning in a listing), `share_over_cautious` (had a run taken as long as
        backups lie apart) and `direction` ("exact", "lower bound" or "unknown").
    within_hours, share : array of float
        The target [h] and the share promised, 0 to 1; NaN: not set.
    period_hours : array of float, optional
        Length of the whole period [h] where it is not over; NaN where it is.
    """
    n, limit, promised = len(estimates), reals(within_hours, len(estimates)), reals(share, len(estimates))
    covered, over = column(estimates, "covered_hours"), column(estimates, "share_over_objective")
    proven = column(estimates, "share_over_proven", default=over)
    cautious = column(estimates, "share_over_cautious", default=over)
    direction = np.asarray(estimates.get("direction", pd.Series(["exact"] * n)), dtype=str)
    whole, allowed = reals(period_hours, n), 1 - promised + _ROUNDING
    said = percent(over) + " of covered time over " + hours(limit) + ", allowed " + percent(1 - promised)
    marks = {"unknown": " (direction unknown: run times were learned)", "lower bound": " (a lower bound)"}
    said = said + pd.Series([marks.get(d, "") for d in direction], dtype="str")
    rules = [
        (np.isnan(limit), "NOT_SET", "no recovery point is promised"),
        (~(covered > 0), "INSUFFICIENT", "no backup listing or history covers the period"),
        (proven * covered > np.where(np.isnan(whole), covered, whole) * allowed, "BREACHED", said),
        ((over > allowed) & ~(proven > allowed), "INSUFFICIENT",
         said + "; listings of survivors so far apart cannot prove it: keep them regularly, or a history"),
        (over > allowed, "AT_RISK", said + "; what the whole period allows is not used up"),
        ((direction == "lower bound") & (cautious > allowed), "INSUFFICIENT",
         said + "; run times or recovery points that the log lacks decide: add them"),
        (True, "MET", said),
    ]  # fmt: skip
    return judged(estimates, limit, rules, unfinished=~np.isnan(whole))


def judge_recovery_time(estimates: pd.DataFrame, within_hours, *, chance, unfinished=False) -> pd.DataFrame:
    """Judge `rto` by the recoveries whose evidence is fresh; the proven chance never gates.

    Parameters
    ----------
    estimates : DataFrame
        Columns `n_evaluable`, `n_met`, `n_real_over`, `n_drills_over` (counts) and `chance` (point estimate).
    within_hours, chance : array of float
        The target [h] and the chance required, 0 to 1; NaN: not set.
    """
    n, limit, required = len(estimates), reals(within_hours, len(estimates)), reals(chance, len(estimates))
    evaluable, met = column(estimates, "n_evaluable"), column(estimates, "n_met")
    real, drills = column(estimates, "n_real_over"), column(estimates, "n_drills_over")
    said = count(met) + " of " + count(evaluable) + " within " + hours(limit)
    rules = [
        (np.isnan(limit), "NOT_SET", "no recovery time is promised"),
        (real > 0, "BREACHED", said + "; real recoveries over it: " + count(real)),
        (~(evaluable > 0), "INSUFFICIENT", "no fresh end-to-end recovery or drill to go by: rehearse one"),
        (drills > 0, "AT_RISK", said + "; drills over it: " + count(drills)),
        (column(estimates, "chance") < required - _ROUNDING, "AT_RISK", said + ", required " + percent(required)),
        (True, "MET", said),
    ]
    return judged(estimates, limit, rules, unfinished=flags(unfinished, n))


def judge_longest(estimates: pd.DataFrame, within_hours, *, unfinished=False) -> pd.DataFrame:
    """Judge `mtpd`: any single disruption longer than the target breaches it.

    Parameters
    ----------
    estimates : DataFrame
        Columns `longest_hours` (of disruptions, open ones up to when they were last seen) [h; NaN: none], `n_censored`
        (open ones), `agreed_hours` so far and `unknown_hours` of them (in which a longer one could hide) [h].
    within_hours : array of float
        The target [h]; NaN: not set.
    """
    n, limit, longest = len(estimates), reals(within_hours, len(estimates)), column(estimates, "longest_hours")
    unknown, open_still = column(estimates, "unknown_hours"), column(estimates, "n_censored")
    said = pd.Series(np.where(np.isnan(longest), "no disruption", "longest disruption " + hours(longest)), dtype="str")
    said, running = said + ", tolerable " + hours(limit), flags(unfinished, n)
    rules = [
        (np.isnan(limit), "NOT_SET", "no maximum tolerable disruption is set"),
        (longest > limit * (1 + _ROUNDING), "BREACHED", said),
        ((open_still > 0) & ~running, "INSUFFICIENT", said + "; without an end so far: " + count(open_still)),
        (~(column(estimates, "agreed_hours") > 0), "INSUFFICIENT", _NO_HOURS),
        (~(unknown <= limit), "INSUFFICIENT", hours(unknown) + " without coverage could hide a longer one"),
        (True, "MET", said),
    ]
    return judged(estimates, limit, rules, unfinished=running)


def judge_share(estimates: pd.DataFrame, objective, *, achieved: str, unfinished=False) -> pd.DataFrame:
    """Judge `requests` and `latency`: a share of requests against the promised one, by its bounds where it has some.

    Parameters
    ----------
    estimates : DataFrame
        The column named by `achieved`, 0 to 1 (NaN: not measured); optionally that name with `_low` and `_high`,
        between which a verdict may not differ, and with `_open`, a sentence that says what keeps them apart.
    objective : array of float
        Promised share, 0 to 1; NaN: not set.
    """
    n, goal, reached = len(estimates), reals(objective, len(estimates)), column(estimates, achieved)
    low, high = (column(estimates, f"{achieved}_{end}", default=reached) for end in ("low", "high"))
    said, missed = percent(reached) + " of requests, promised " + percent(goal), high < goal - _ROUNDING
    running = flags(unfinished, n)
    apart = estimates.get(f"{achieved}_open", pd.Series("what is not known decides", estimates.index)).to_numpy(object)
    rules = [
        (np.isnan(goal), "NOT_SET", "no share of requests is promised"),
        (np.isnan(reached), "INSUFFICIENT", "no requests were measured in the period: add access logs"),
        (missed & running & (goal < 1), "AT_RISK", said + "; later requests can still make up for it"),
        (missed, "BREACHED", said),
        (low >= goal - _ROUNDING, "MET", said),
        (True, "INSUFFICIENT", said + "; " + apart),
    ]
    return judged(estimates, goal, rules, unfinished=running)


def _place(down, goal, *, agreed, unknown, spent_at) -> np.ndarray:
    """Where availability lies: met, missed, the whole period's budget spent, or open for lack of coverage."""
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = 1 - (down + unknown) / agreed, 1 - down / agreed
    holds = [down > spent_at * (1 + _ROUNDING), low >= goal - _ROUNDING, high < goal - _ROUNDING]
    return np.select(holds, ["spent", "met", "missed"], "open")


def _if(estimates: pd.DataFrame, impact: str, down: np.ndarray, *, unknown: np.ndarray):
    """Down time and unknown time [h] had the assumed impacts all been none, or full."""
    ratio = column(estimates, f"availability_if_{impact}_impact", default=np.nan)
    unseen = column(estimates, f"unknown_if_{impact}_hours", default=unknown)
    rest = column(estimates, "agreed_hours") - unseen
    return np.where(np.isnan(ratio), np.where(rest > 0, down, 0.0), (1 - ratio) * rest), unseen
