"""How much data would we lose if only what is proven, or lies elsewhere, can be relied on? Or if only the primary went?

These views stand beside `recovery_point` and bear no verdict: an objective speaks of corruption or attack with all
backups that are there, unless it says that it is `against: loss of primary`.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.recovery_point import estimate_recovery_point
from continuity_analysis.questions.exposed import Exposed, observe_exposure
from continuity_analysis.questions.exposure_views import VIEWS
from continuity_analysis.questions.judged_exposure import lacking_of
from continuity_analysis.questions.recovery_point import points_counted

COLUMNS = (
    "view", "p50_hours", "p95_hours", "p99_hours", "worst_hours", "mean_hours", "covered_hours", "unknown_hours",
    "unprotected_share", "share_over_objective", "p95_low_hours", "worst_low_hours", "unprotected_low_share", "n",
    "direction", "objective", "reason",
)  # fmt: skip
UNWATCHED = "no backup listing vouches for any moment of the period"
NO_EVIDENCE_YET = "nothing vouches for any moment of the period"


def recovery_point_views(logs, period, *, by: str = "service") -> pd.DataFrame:
    """Recovery-point exposure over all backups, and over fewer or others, side by side.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    by : {"service", "asset", "tier"}
        As of `recovery_point`.

    Returns
    -------
    DataFrame
        Four rows of each group, in the order of the worst exposure over all backups: `by`, view, then the columns that
        `recovery_point` has (n: recovery points that were usable in the period; lags of replicas among them), and
        reason (why nothing is known). The views: *all* backups; *proven*: those that a restore or a full read has
        proven, from then on; *off-site*: those at locations that the catalogue says are elsewhere (`off_site`); *loss
        of primary*: all backups, and replicas by their lag.

    Raises
    ------
    InputError
        If `by` is none of these.
    """
    found = pd.concat([_view(logs, period, by, view=v) for v in VIEWS], ignore_index=True)
    worst = found[found["view"] == "all"].set_index(by)["worst_hours"]
    order = found.assign(
        worst=found[by].map(worst).fillna(-1), place=found["view"].map({v: i for i, v in enumerate(VIEWS)})
    )
    order = order.sort_values(["worst", by, "place"], ascending=[False, True, True])
    return found.loc[order.index, [by, *COLUMNS]].reset_index(drop=True)


def _view(logs, period, by: str, *, view: str) -> pd.DataFrame:
    """One view, with what it would be at best."""
    exposed, most = (observe_exposure(logs, period, by, view=view, longest=longest) for longest in (False, True))
    found, best = (_estimate(e, view, by) for e in (exposed, most))
    known = exposed.pieces[exposed.pieces["state"] != "unknown"]
    whole = found[by].map(known.groupby(by)["proven"].all()).eq(True).fillna(False)
    low = {"p95_low_hours": "p95_hours", "worst_low_hours": "worst_hours", "unprotected_low_share": "unprotected_share"}
    return found.assign(**{name: best[column].where(whole) for name, column in low.items()})


def _estimate(exposed: Exposed, view: str, by: str) -> pd.DataFrame:
    within = exposed.promised["rpo_within_hours"].rename_axis(by)
    estimates = estimate_recovery_point(exposed.pieces, by=by, within_hours=within)
    estimates = estimates.set_index(by).reindex(exposed.groups.rename(by)).reset_index()
    estimates[["covered_hours", "unknown_hours"]] = estimates[["covered_hours", "unknown_hours"]].fillna(0.0)
    n = estimates[by].map(points_counted(exposed, by)).fillna(0).astype("int64")
    dark = (estimates["covered_hours"] == 0).to_numpy()
    reasons = pd.array(np.where(dark, _reasons(exposed, by, view), ""), dtype="str")
    return estimates.assign(
        view=view,
        n=n,
        objective=within.to_numpy(),
        direction=estimates["direction"].fillna("unknown"),
        reason=pd.Series(reasons).where(dark),
    )


def _reasons(exposed: Exposed, by: str, view: str) -> list[str]:
    """What each group lacks, if it lacks anything."""
    return (
        lacking_of(exposed, by)
        .reindex(exposed.groups)
        .fillna(UNWATCHED if view == "all" else NO_EVIDENCE_YET)
        .to_list()
    )
