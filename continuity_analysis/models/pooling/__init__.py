"""Services with few incidents borrow strength from all others: medians shrunken together, and who stands out."""

from continuity_analysis.models.pooling.estimates import (
    FEWEST_SERVICES,
    FEWEST_WITHIN,
    own_medians,
    pool_durations,
    seen_durations,
)
from continuity_analysis.models.pooling.funnel import LONGER, SHORTER, compare_with_common, funnel_limits

__all__ = [
    "FEWEST_SERVICES",
    "FEWEST_WITHIN",
    "LONGER",
    "SHORTER",
    "compare_with_common",
    "funnel_limits",
    "own_medians",
    "pool_durations",
    "seen_durations",
]
