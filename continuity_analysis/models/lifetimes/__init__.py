"""Laws of durations of many groups at once: survival curves, and families fitted by maximum likelihood."""

from continuity_analysis.models.lifetimes.curve_values import quantiles, share_ended
from continuity_analysis.models.lifetimes.families import FAMILIES
from continuity_analysis.models.lifetimes.fitting import Fits, compare_families, fit_lifetimes
from continuity_analysis.models.lifetimes.goodness_of_fit import anderson_darling
from continuity_analysis.models.lifetimes.kaplan_meier import CONFIDENCE, Curves, kaplan_meier
from continuity_analysis.models.lifetimes.observations import Observations, limits, observations
from continuity_analysis.models.lifetimes.profile_intervals import profile_interval
from continuity_analysis.models.lifetimes.quantities import LOCATION, MEAN, SCALE, coefficient, quantile_of_fit
from continuity_analysis.models.lifetimes.restricted_mean import restricted_mean

__all__ = [
    "CONFIDENCE",
    "FAMILIES",
    "LOCATION",
    "MEAN",
    "SCALE",
    "Curves",
    "Fits",
    "Observations",
    "anderson_darling",
    "coefficient",
    "compare_families",
    "fit_lifetimes",
    "kaplan_meier",
    "limits",
    "observations",
    "profile_interval",
    "quantile_of_fit",
    "quantiles",
    "restricted_mean",
    "share_ended",
]
