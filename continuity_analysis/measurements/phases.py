"""Where the time of an incident went: from one known moment to the next, so that the parts add up to the whole.

A moment that is not known, or lies outside what came before and the restoration, is left out, and the two phases beside
it are one: *detected to restored* says that nobody recorded when it was acknowledged or mitigated.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN
from continuity_analysis.measurements.observations import CLOCKS


def measure_phases(observations: pd.DataFrame) -> pd.DataFrame:
    """The phases of incidents that were restored.

    Parameters
    ----------
    observations : DataFrame
        Result of `observe_incidents` or `combine_fleet`, or rows of it.

    Returns
    -------
    DataFrame
        One row per incident and phase, in the order of both: row (of `observations`, by place), start and end (clock
        ends), hours [h]. Detected before it began counts as detected at once; where a source takes the making of its
        record for the start, the first phase begins with detection.
    """
    first, last = (observations[c].to_numpy() for c in ("started", "restored"))
    rows = np.flatnonzero((first != UNKNOWN) & (last != UNKNOWN) & (last >= first))
    recorded = observations["creation"].to_numpy(bool)[rows]
    since, at = np.where(recorded, CLOCKS.index("detected"), 0), first[rows]
    parts = []
    for number, clock in enumerate(CLOCKS[1:], start=1):
        moment = observations[clock].to_numpy()[rows]
        moment = np.where((clock == "detected") & (moment != UNKNOWN), np.maximum(moment, at), moment)
        known = (moment != UNKNOWN) & (moment >= at) & (moment <= last[rows]) & (since < number)
        took = (moment[known] - at[known]) / HOUR
        parts.append(pd.DataFrame({"row": rows[known], "from": since[known], "to": number, "hours": took}))
        since, at = np.where(known, number, since), np.where(known, moment, at)
    found = pd.concat(parts, ignore_index=True).sort_values(["row", "to"], ignore_index=True)
    names = np.asarray(CLOCKS)
    ends = {"start": names[found["from"].to_numpy(np.int64)], "end": names[found["to"].to_numpy(np.int64)]}
    return found.assign(**{c: pd.Series(v, dtype="str") for c, v in ends.items()})[["row", "start", "end", "hours"]]
