"""Local times that state no zone: how many files have them, the zone assumed, and what clock changes did to them."""

import json

import pandas as pd

from continuity_analysis.ingest.clocks import NEVER, TWICE


def measure_local_times(logs) -> pd.DataFrame:
    """Files with local times, per format and assumed zone.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    DataFrame
        format, zone, n (files), twice (times that stood twice on the clock, the first taken), never (times that never
        stood on it, moved to the next that did).
    """
    local = logs.exports[logs.exports["timezone_assumed"].notna()]
    said = [json.loads(text) if isinstance(text, str) else {} for text in local["clock_oddities"]]
    counted = local[["format"]].assign(
        zone=local["timezone_assumed"],
        twice=[counts.get(TWICE, 0) for counts in said],
        never=[counts.get(NEVER, 0) for counts in said],
    )
    grouped = counted.groupby(["format", "zone"], as_index=False)
    return grouped.agg(n=("zone", "size"), twice=("twice", "sum"), never=("never", "sum"))
