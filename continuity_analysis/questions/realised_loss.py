"""How much data did recoveries really lose, and does any log show the point they went back to?"""

import pandas as pd

from continuity_analysis.measurements.realised_loss import measure_realised_loss
from continuity_analysis.periods import read_period
from continuity_analysis.questions.exposed import observe_backups


def realised_loss(logs, *, period=None) -> pd.DataFrame:
    """Data lost in every completed restore and drill, the newest first.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        Only disruptions in it; without one, recoveries of which no disruption is on record as well.

    Returns
    -------
    DataFrame
        service, recovery_id, kind (drill: rehearsed), disrupted_at, recovery_point_at, backup_id; lost_hours (from the
        point to the disruption [h]); at_risk_hours (age of the newest point on record at the disruption [h]: what had
        to be lost); gap_hours (how far the point recovered to lies beyond the newest one on record [h]); evidence (on
        record, no listing shows it, backup not on record, nobody was watching; null where neither a point nor a backup
        is said).
    """
    every = observe_backups(logs)
    found = measure_realised_loss(logs.recoveries, every.longest, every.coverage, members=every.members)
    if period is not None:
        window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
        found = found[(found["disrupted_at"] >= window.start) & (found["disrupted_at"] < window.end)]
    return found.sort_values(["disrupted_at", "service"], ascending=[False, True], ignore_index=True)
