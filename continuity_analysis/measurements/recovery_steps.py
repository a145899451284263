"""What it takes to bring one service back once work on it begins, and how long it takes until work begins.

Work begins with `started_at`; where that is not recorded, with the last of declared, detected and disrupted that is.
What a recovery took from there on is the service's own step; what came before is no step of any service: one disaster
is noticed and declared once.
"""

import numpy as np
import pandas as pd

_BEFORE = ("started_at", "declared_at", "detected_at", "disrupted_at")
_HOUR = pd.Timedelta(hours=1)


def measure_steps(recoveries: pd.DataFrame) -> pd.DataFrame:
    """The step of each recovery.

    Parameters
    ----------
    recoveries : DataFrame
        Result of `measure_recoveries`.

    Returns
    -------
    DataFrame
        One row per recovery with a step: service, whole (end to end; false: its data alone), outcome (restored, never,
        censored), data_hours (of restoring data) and back_hours (from there to the service being back; both infinite
        where it never was, and censored ones in back_hours: at least so long), from_disruption and from_declaration
        (until work began [h], null where the clock's begin is not recorded).
    """
    begin = recoveries[_BEFORE[0]]
    for earlier in _BEFORE[1:]:
        begin = begin.fillna(recoveries[earlier])
    whole = recoveries["end_to_end"].to_numpy(dtype=bool)
    took = ((recoveries["service_restored_at"] - begin) / _HOUR).to_numpy(dtype=float)
    seen = ((recoveries["ended_at"] - begin) / _HOUR).to_numpy(dtype=float)
    status = recoveries["status"].to_numpy(dtype=object)
    holds = [(status == "completed") & (took >= 0), status == "failed", seen >= 0]
    outcome = np.select(holds, np.array(["restored", "never", "censored"], dtype=object), None)
    total = np.select(holds, [took, np.inf, seen], np.nan)
    data = ((recoveries["data_restored_at"] - begin) / _HOUR).to_numpy(dtype=float)
    data = np.where((outcome == "restored") & (data >= 0) & (data <= took), data, 0.0)
    data = np.where(outcome == "never", np.inf, data)
    alone = recoveries["data_outcome"].to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "service": recoveries["service"].to_numpy(),
            "whole": whole,
            "outcome": np.where(whole, outcome, np.where(alone == "data", None, alone)),
            "data_hours": np.where(whole, data, np.where(alone == "censored", 0.0, recoveries["data_hours"])),
            "back_hours": np.where(whole, total, np.where(alone == "censored", recoveries["data_hours"], 0.0)),
        }
    )
    ended = whole & (outcome == "restored")
    rows["back_hours"] = np.where(ended, rows["back_hours"] - rows["data_hours"].where(ended, 0.0), rows["back_hours"])
    for name, clock in (("from_disruption", "disrupted_at"), ("from_declaration", "declared_at")):
        before = ((begin - recoveries[clock]) / _HOUR).to_numpy(dtype=float)
        rows[name] = np.where((before >= 0) & whole, before, np.nan)
    return rows[rows["outcome"].notna()].reset_index(drop=True)
