"""What did drills and recoveries teach, what came back, what is still open?"""

import pandas as pd

from continuity_analysis.measurements.findings import measure_findings, summarise_findings
from continuity_analysis.questions.recoveries_seen import judged_at


def drill_findings(logs, *, period=None) -> pd.DataFrame:
    """Findings of drills and recoveries, all there ever were, by service.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        As things stood at its end; default as_of.

    Returns
    -------
    DataFrame
        As `summarise_findings` has it: findings that are the same by their id or by their exact words, how often each
        was found, and whether it is open, fixed, or was not found again.
    """
    moment, _ = judged_at(logs, period)
    return summarise_findings(measure_findings(logs.recoveries, until=moment))
