"""Incidents as they are counted: with the catalogue's corrections, or raw to be shown beside."""

import pandas as pd

from continuity_analysis.logs.causes import classify
from continuity_analysis.measurements.once import once

EXCLUDED = "excluded"


@once
def counted_incidents(logs, *, corrected: bool = True) -> pd.DataFrame:
    """Incidents with the catalogue's corrections applied, or raw.

    Parameters
    ----------
    logs : Logs
    corrected : bool
        False for the incidents as ingested.

    Returns
    -------
    DataFrame
        The columns of `logs.incidents`, and correction (why a row was corrected; null where it was not). What a
        correction excludes is kept with the status "excluded", so that it can be listed and nothing of it counts.
        `cause` is of the class that the catalogue's rules give, `cause_basis` says what it rests on.
    """
    return classify(_counted(logs, corrected=corrected), logs.catalog.causes)


def _counted(logs, *, corrected: bool) -> pd.DataFrame:
    raw = logs.incidents.assign(correction=pd.Series(None, index=logs.incidents.index, dtype="str"))
    reasons = {c.incident: c.because for c in logs.catalog.corrections if c.exclude}
    if not corrected or not logs.catalog.corrections:
        return raw
    excluded = raw[raw["incident_id"].isin(reasons)]
    excluded = excluded.assign(status=EXCLUDED, correction=excluded["incident_id"].map(reasons))
    return pd.concat([logs.corrected_incidents[raw.columns], excluded], ignore_index=True)
