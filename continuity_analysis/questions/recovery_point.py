"""How much data would we lose? Recovery-point exposure per service, asset or tier, over all watched time."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.exposure_episodes import measure_exposure_episodes
from continuity_analysis.models.exposure_law import exposure_exceedance, law_of
from continuity_analysis.models.objectives import judge_recovery_point
from continuity_analysis.models.recovery_point import estimate_recovery_point
from continuity_analysis.questions.expected_recovery_point import coming_recovery_point
from continuity_analysis.questions.exposed import Exposed, observe_exposure
from continuity_analysis.questions.judged_exposure import lacking_of, observe_judged

COLUMNS = (
    "p50_hours", "p95_hours", "p99_hours", "worst_hours", "mean_hours", "covered_hours", "unknown_hours",
    "unprotected_share", "share_over_objective", "share_over_proven", "n", "n_episodes", "share_assumed", "direction",
    "objective", "share_promised", "against", "verdict", "provisional", "reason", "expected", "expected_low",
    "expected_high", "chance_next_period", "required_chance",
)  # fmt: skip
EXPECTED = COLUMNS[-5:]
JUDGED = "judged"
OF_TIERS = ("n_services", "n_without_tier")


def recovery_point(logs, period, *, by: str = "service") -> pd.DataFrame:
    """Achieved recovery-point exposure of every service (or asset, or tier) in a period, the worst first.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    by : {"service", "asset", "tier"}
        A service has, at each moment, the exposure of the worst asset it needs, and a tier that of the worst service of
        it that has or needs backups. A tier promises what all of these promise alike, else nothing; a service of which
        no tier is stated is in none.

    Returns
    -------
    DataFrame
        `by`, then: quantiles and worst of the age of the newest usable recovery point (infinite: unprotected at some
        moment) and its mean over protected time, all over covered time [h]; covered_hours, unknown_hours;
        unprotected_share, share_over_objective, share_over_proven (not only in a single listing of survivors),
        share_assumed (rests on an assumed point); n (backups usable in the period), n_episodes over the objective (or,
        without one, unprotected); direction; objective [h], share_promised, against (the disruption that the whole row
        is about: corruption or attack, or where a service's objective says so, loss of primary), verdict, provisional,
        reason; of services and tiers, as of `expected_recovery_point`, expected with its 95 % prediction interval: the
        age kept to for the share of time promised (all of it where none is) in the coming period [h];
        chance_next_period, that of meeting the objective then, and required_chance. By tier also n_services (of
        it) and n_without_tier (services that have or need backups and are in no tier).

    Raises
    ------
    InputError
        If `by` is none of these.
    """
    return judged_recovery_point(observe_judged(logs, period, by), logs, by=by)


def judged_recovery_point(parts: dict[str, Exposed], logs, *, by: str, ahead: bool = True) -> pd.DataFrame:
    """`recovery_point`, of what `observe_judged` measured already; if not `ahead`, without what is expected."""
    rows = [_judged(e, logs, by=by, ahead=ahead).assign(against=against) for against, e in parts.items()]
    judged = pd.concat(rows, ignore_index=True) if len(rows) > 1 else rows[0]
    judged = judged.sort_values(["worst_hours", by], ascending=[False, True], ignore_index=True)
    return judged[[by, *COLUMNS, *(OF_TIERS if by == "tier" else ())]]


def _judged(exposed: Exposed, logs, *, by: str, ahead: bool) -> pd.DataFrame:
    promised = exposed.promised
    within = promised["rpo_within_hours"].rename_axis(by)
    estimates = estimate_recovery_point(exposed.pieces, by=by, within_hours=within)
    estimates = estimates.set_index(by).reindex(exposed.groups.rename(by)).reset_index()
    estimates["direction"] = estimates["direction"].fillna("unknown")
    estimates[["covered_hours", "unknown_hours"]] = estimates[["covered_hours", "unknown_hours"]].fillna(0.0)
    episodes = measure_exposure_episodes(exposed.pieces, exposed.usable, by=by, within_hours=within)
    estimates["n_episodes"] = estimates[by].map(episodes[by].value_counts()).fillna(0).astype("int64")
    estimates["n"] = estimates[by].map(points_counted(exposed, by)).fillna(0).astype("int64")
    share = promised["rpo_share"].to_numpy()
    foreseen = ahead and by != "asset"  # an asset has promised nothing
    coming = coming_recovery_point(logs, window=exposed.window, by=by) if foreseen else None
    estimates = _with_coming(estimates, coming, by=by)
    unfinished = pd.notna(logs.as_of) and logs.as_of < exposed.window.end
    left = (exposed.window.end - exposed.end) / pd.Timedelta(hours=1) if unfinished else np.nan
    whole = estimates["covered_hours"] + estimates["unknown_hours"] + left  # of it none before it was in service
    judged = judge_recovery_point(estimates, within.to_numpy(), share=share, period_hours=whole)
    unset = judged["verdict"] == "NOT_SET"
    reason = judged["reason"].mask(unset, pd.Series(exposed.why_unpromised(judged[by]).to_numpy(), dtype="str"))
    lacking = judged[by].map(lacking_of(exposed, by)).where(judged["covered_hours"] == 0)
    reason = reason.mask(lacking.notna() & ~unset, lacking)
    judged = judged.assign(share_promised=share, reason=reason)
    if by == "tier":
        tiers = exposed.tiers["tier"]
        judged = judged.assign(n_services=judged[by].map(tiers.value_counts()), n_without_tier=int(tiers.isna().sum()))
    return judged


def _with_coming(estimates: pd.DataFrame, coming: pd.DataFrame | None, *, by: str) -> pd.DataFrame:
    """The estimates with what is expected of each service; or null."""
    if coming is None:
        return estimates.assign(**dict.fromkeys(EXPECTED, np.nan))
    rows = coming.reindex(estimates[by]).reset_index(drop=True)
    return pd.concat([estimates, rows], axis=1)


def exposure(logs, period, *, by: str = "service", view: str = JUDGED) -> pd.DataFrame:
    """The age of the newest usable recovery point over a period, as pieces between which it jumps.

    Parameters
    ----------
    logs, period, by
        As of `recovery_point`.
    view : {"judged", "all", "proven", "off-site", "loss of primary"}
        As of `recovery_point_views`; by default what each is judged by: all backups, and of a service whose objective
        says so, replicas as well (loss of primary).

    Returns
    -------
    DataFrame
        `by`, from_at, until_at, from_hours, until_hours (age at both ends; infinite: unprotected, missing: unknown),
        state (protected, unprotected, unknown), backup_id (of the newest point, or of the base its logs build on),
        asset (the worst one), direction; by tier also service (the worst one).
    """
    pieces = _pieces(logs, period, by, view=view)
    law = law_of(pieces, by)
    ages = {"from_hours": law.youngest / HOUR, "until_hours": law.oldest / HOUR}
    other = np.where(law.unprotected, np.inf, np.nan)
    pieces = pieces.assign(**{name: np.where(law.protected, age, other) for name, age in ages.items()})
    names = ["from_at", "until_at", "from_hours", "until_hours", "state", "backup_id", "asset", "direction"]
    names += ["service"] if by == "tier" else []
    return pieces[list(dict.fromkeys([by, *names]))]


def exposure_law(logs, period, *, by: str = "service", view: str = JUDGED) -> pd.DataFrame:
    """For how large a share of covered time more than so many hours of data would have been lost.

    Parameters
    ----------
    logs, period, by, view
        As of `exposure`.

    Returns
    -------
    DataFrame
        `by`, hours, share_longer, at every knot of the exact law; a straight line between them.
    """
    return exposure_exceedance(_pieces(logs, period, by, view=view), by=by)


def _pieces(logs, period, by: str, *, view: str) -> pd.DataFrame:
    """Pieces of exposure, in the order of groups and time."""
    if view != JUDGED:
        return observe_exposure(logs, period, by, view=view).pieces
    parts = [exposed.pieces for exposed in observe_judged(logs, period, by).values()]
    return parts[0] if len(parts) == 1 else pd.concat(parts).sort_values([by, "from_at"], ignore_index=True)


def exposure_episodes(logs, period, *, by: str = "service") -> pd.DataFrame:
    """Stretches in which the exposure was over the objective (without one: in which there was no recovery point).

    Parameters
    ----------
    logs, period, by
        As of `recovery_point`.

    Returns
    -------
    DataFrame
        `by`, from_at, until_at, hours, worst_hours, asset, cause (late, failed, slow, expired, broken chain, never;
        of a service judged against loss of primary, replicas behind), the worst first.
    """
    parts = observe_judged(logs, period, by).values()
    found = [
        measure_exposure_episodes(e.pieces, e.usable, by=by, within_hours=e.promised["rpo_within_hours"]) for e in parts
    ]
    episodes = pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
    return episodes.sort_values(["worst_hours", "hours"], ascending=False, ignore_index=True)


def points_counted(exposed: Exposed, by: str) -> pd.Series:
    """By group, how many backups were usable at some moment of the window, and samples of replicas; no log chunks."""
    rows = exposed.usable[exposed.usable["usable"] & (exposed.usable["method"] != "log")]
    ended = rows["usable_until_at"].fillna(pd.Timestamp.max.tz_localize("UTC").as_unit("us")) <= exposed.window.start
    rows = rows[(rows["usable_from_at"] < exposed.end) & ~ended]
    rows = rows if by == "asset" else rows.merge(exposed.assets_of(by), on="asset")
    return rows[by].value_counts()
