"""How often must backups run? The chance to keep the promise under other schedules."""

import numpy as np
import pandas as pd

from continuity_analysis.models.schedule_needed import EVERY_HOURS, estimate_schedules
from continuity_analysis.questions.foreseen import foresee

COLUMNS = (
    "every_hours", "expected_hours", "expected_low", "expected_high", "chance", "chance_error", "objective",
    "share_promised", "required_chance", "now_hours", "longest", "reason",
)  # fmt: skip


def schedule_needed(logs, period, *, by: str = "service", every_hours=EVERY_HOURS, history=None) -> pd.DataFrame:
    """The chance to meet the RPO objective under other schedules, with the run times and misses that were seen.

    Parameters
    ----------
    logs, period, by, history
        As of `expected_recovery_point`; what is simulated is a period as long.
    every_hours : sequence of float
        Intervals to try [h].

    Returns
    -------
    DataFrame
        `by`, every_hours, in that order; expected_hours with its 95 % interval (mean in the long run, of the worst
        asset) [h]; chance with chance_error; objective [h], share_promised, required_chance; now_hours (the mean
        interval at present; the longest of several assets); longest (whether it is the longest interval that has the
        chance required); reason. A group that cannot be foreseen, or promised nothing, has one row with the reason.
    """
    seen = foresee(logs, period, by=by, history=history)
    table = seen.table[[by, "objective", "share_promised", "required_chance", "reason"]].reset_index(names="row")
    within = table["objective"].to_numpy(dtype=float)[seen.known]
    promised = np.flatnonzero(~np.isnan(within))
    rows = np.flatnonzero(np.isin(seen.group, promised))
    law, group = seen.law.rows(rows), np.searchsorted(promised, seen.group[rows])
    stated = table.loc[seen.known[promised]].rename(columns={"objective": "within_hours", "share_promised": "share"})
    found = estimate_schedules(law, group, hours=seen.exposed.window.hours, objectives=stated, every_hours=every_hours)
    found["row"] = seen.known[promised][found.pop("group").to_numpy(dtype=np.int64)]
    now = pd.Series(law.mean_interval(), index=seen.known[promised][group]).groupby(level=0).max()
    found["now_hours"] = found["row"].map(now).astype(float)
    out = table.merge(found, on="row", how="left", suffixes=("", "_schedule"))
    nothing = np.where(out["objective"].isna(), seen.exposed.why_unpromised(out[by]), "")
    unknown = out["reason"].fillna("")
    unknown = unknown + np.where((unknown != "") & (nothing != ""), "; ", "") + nothing
    why = out.pop("reason_schedule").fillna("").where(out["every_hours"].notna(), unknown)
    out = out.assign(reason=why.where(why != ""), longest=out["longest"].eq(True))
    return out.sort_values([by, "every_hours"], ignore_index=True)[[by, *COLUMNS]]
