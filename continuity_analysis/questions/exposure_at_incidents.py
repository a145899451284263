"""How much data was at risk when incidents really began, and was that more than at a random moment?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.exposure_at import exposure_at, hours_left
from continuity_analysis.measurements.observations import combine_fleet, observe_incidents
from continuity_analysis.models.exposure_at_incidents import estimate_exposure_at_incidents, positions
from continuity_analysis.models.exposure_law import law_of
from continuity_analysis.questions.exposed import Exposed, observe_backups, observe_exposure
from continuity_analysis.questions.restoration import ALL_SERVICES

_KEY = ["product", "incident_id"]
INCIDENTS = (
    "service", "product", "incident_id", "title", "cause", "started_at", "noticed_at", "hours", "position", "asset",
    "backup_id", "hours_when_noticed", "survived",
)  # fmt: skip
_ROUNDING = 1e-9


def incident_exposures(logs, period) -> pd.DataFrame:
    """Every unplanned incident that began in a period, with what was at risk at that moment.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.

    Returns
    -------
    DataFrame
        service, product, incident_id, title, cause, started_at, noticed_at (detected, else acknowledged); hours (age of
        the newest recovery point at the start [h]: infinite: there was none, null: unknown), position (share of the
        period's time with less at risk), asset (the worst), backup_id (that held the point); hours_when_noticed (from
        the newest point before the start that was still there when it was noticed, to the start), survived (whether
        that is no more than hours; null where that is not known). The worst first.
    """
    return _incidents(logs, observe_exposure(logs, period, "service"))[list(INCIDENTS)]


def exposure_at_incidents(logs, period) -> pd.DataFrame:
    """Data at risk at the start of each service's incidents beside that at a random moment of the period.

    Parameters
    ----------
    logs, period
        As of `incident_exposures`.

    Returns
    -------
    DataFrame
        Every service that has backups or needs them, then "all services", in which an incident that disrupted several
        counts once (for the one it disrupted first): n, n_unknown, median_hours, worst_hours at the starts,
        random_median_hours, random_worst_hours; mean_position (one half if incidents begin without regard to backups),
        n_worse (in the worse half of the time), share_worse with low and high; p_value (one-sided; null below 5
        incidents), p_adjusted (for the number of services), verdict (worse, no evidence; null below 5), n_lost of
        n_noticed (the point was gone when the incident was noticed), reason.
    """
    exposed = observe_exposure(logs, period, "service")
    rows = _incidents(logs, exposed)
    groups = exposed.groups.append(pd.Index([ALL_SERVICES]))
    fleet = combine_fleet(_counted(logs, exposed))[["service", *_KEY]]
    once = rows.merge(fleet, on=["service", *_KEY]).assign(group=len(groups) - 1)
    rows = pd.concat([rows.assign(group=groups.get_indexer(rows["service"])), once], ignore_index=True)
    law = law_of(exposed.pieces, "service")
    found = estimate_exposure_at_incidents(rows, law, groups=groups, alone=groups == ALL_SERVICES)
    return found.rename_axis("service").reset_index()


def _counted(logs, exposed: Exposed) -> pd.DataFrame:
    """Incidents of services with backups that began in the period and count."""
    low, high = (int(to_microseconds([m])[0]) for m in (exposed.window.start, exposed.end))
    seen = observe_incidents(logs)
    begun = (seen["started"] >= low) & (seen["started"] < high)
    return seen[begun & seen["excluded"].isna() & seen["service"].isin(exposed.groups)].reset_index(drop=True)


def _incidents(logs, exposed: Exposed) -> pd.DataFrame:
    rows = _counted(logs, exposed)
    noticed = rows["detected"].where(rows["detected"] != UNKNOWN, rows["acknowledged"])
    noticed = noticed.where(noticed == UNKNOWN, np.maximum(noticed, rows["started"]))
    rows = rows.assign(**{f"{c}_at": to_moments(m) for c, m in (("started", rows["started"]), ("noticed", noticed))})
    there = exposure_at(exposed.pieces, rows, by="service", at="started_at")
    law = law_of(exposed.pieces, "service")
    position = positions(law, law.groups.get_indexer(rows["service"]), there["hours"].to_numpy())
    asked = rows.rename(columns={"started_at": "before", "noticed_at": "at"})[["service", "before", "at"]]
    every = observe_backups(logs)
    least, most = (hours_left(usable, asked, exposed.members) for usable in (every.usable, every.longest))
    watched = exposure_at(exposed.pieces, asked, by="service", at="at")["hours"].notna().to_numpy()
    hours = there["hours"].to_numpy()
    kept = watched & ~np.isnan(hours) & (least <= hours + _ROUNDING) & np.isfinite(hours)
    lost = watched & np.isfinite(hours) & (most > hours + _ROUNDING)
    survived = pd.Series(pd.array(kept, dtype="boolean")).where(kept | lost)
    rows = rows.assign(**there.to_dict("series"), position=position, survived=survived)
    rows = rows.assign(hours_when_noticed=np.where(watched, least, np.nan))
    return rows.sort_values(["hours", "started"], ascending=[False, True], ignore_index=True)
