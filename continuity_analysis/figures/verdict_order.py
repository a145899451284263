"""Which service is the worst: the one order in which tables, pictures and lists have them."""

import numpy as np
import pandas as pd

BAD = ("BREACHED", "AT_RISK", "INSUFFICIENT")
"""Verdicts that are counted, the one that weighs most first."""


def worst_services_first(scorecard: pd.DataFrame) -> pd.Index:
    """Services with a promise in the order of how many objectives they breach, then how many are at risk, then unknown.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it. Of services with equal counts its own order decides.

    Returns
    -------
    Index
        Names, the worst first; services with no objective set are left out.
    """
    promised = scorecard[scorecard["verdict"] != "NOT_SET"]
    names = pd.Index(promised["service"].unique(), name="service")
    counts = [(promised["verdict"] == verdict).groupby(promised["service"]).sum().reindex(names) for verdict in BAD]
    return names[np.lexsort([-count.to_numpy(dtype=np.int64) for count in reversed(counts)])]
