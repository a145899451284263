"""Laws of durations of many groups at once: survival curves, and families fitted by maximum likelihood."""

from continuity_analysis.models.lifetimes.families import FAMILIES
from continuity_analysis.models.lifetimes.fitting import Fits, compare_families, fit_lifetimes
from continuity_analysis.models.lifetimes.kaplan_meier import (
    CONFIDENCE,
    Curves,
    kaplan_meier,
    quantiles,
    restricted_mean,
    share_ended,
)
from continuity_analysis.models.lifetimes.observations import Observations, limits, observations

__all__ = [
    "CONFIDENCE",
    "FAMILIES",
    "Curves",
    "Fits",
    "Observations",
    "compare_families",
    "fit_lifetimes",
    "kaplan_meier",
    "limits",
    "observations",
    "quantiles",
    "restricted_mean",
    "share_ended",
]
