"""The catalogue's corrections of incidents; what was ingested never changes."""

from collections.abc import Iterable

import pandas as pd

from continuity_analysis.catalog import Correction

_BASIS = {"started_at": ("started_basis", "impact"), "restored_at": ("restored_basis", "restored")}


def correct(incidents: pd.DataFrame, corrections: Iterable[Correction], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """A copy of the incidents with the corrections applied, matched by `incident_id`.

    Parameters
    ----------
    incidents : DataFrame
    corrections : iterable of Correction
        Later ones win over earlier ones of the same incident.
    as_of : pandas.Timestamp
        A corrected moment later than this has not happened yet and becomes null.

    Returns
    -------
    DataFrame
        The columns of `incidents` and `correction`: why a row was corrected, null where it was not. Excluded
        incidents are left out. An open incident that a correction says was restored is resolved.
    """
    corrected = incidents.assign(correction=pd.Series(None, index=incidents.index, dtype="str"))
    excluded = pd.Series(False, index=incidents.index)
    for correction in corrections:
        rows = corrected["incident_id"] == correction.incident
        excluded |= rows & correction.exclude
        _apply(corrected, rows, correction, as_of)
    return corrected[~excluded].reset_index(drop=True)


def _apply(incidents: pd.DataFrame, rows: pd.Series, correction: Correction, as_of: pd.Timestamp) -> None:
    """Change the rows of `incidents` (our own copy) as the correction says."""
    said = correction.model_dump(exclude={"incident", "because", "exclude"}, exclude_none=True)
    for column, value in said.items():
        if isinstance(value, pd.Timestamp) and column != "started_at" and value > as_of:
            value = pd.NaT
        incidents.loc[rows, column] = value
        if column in _BASIS:
            incidents.loc[rows, _BASIS[column][0]] = _BASIS[column][1]
    ended = rows & (incidents["status"] == "open") & incidents["restored_at"].notna()
    incidents.loc[ended, "status"] = "resolved"
    before = incidents.loc[rows, "correction"]
    incidents.loc[rows, "correction"] = (before + "; ").fillna("") + correction.because
