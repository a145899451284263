"""The impacts of disruptions at each moment, as step functions: the largest one, whatever overlaps.

The columns of a step are the weights of what is known, unplanned and planned, with the assumed impacts of each variant,
then those of what was lost from sight.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.intervals import Intervals, clip, intervals
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.watched_time import Observation

UNPLANNED, PLANNED = 0, 1
"""Columns of the impacts as they are."""
VARIANTS = {"": 0, "if_no_": 1, "if_full_": 2}
"""Impacts as they are, every assumed one 0, every assumed one 1."""
TAILS = 2 * len(VARIANTS)
"""First column of what was lost from sight."""


def impact_steps(disruptions: pd.DataFrame, observation: Observation) -> tuple[Intervals, np.ndarray]:
    """Step functions of all weights at once, within watched time."""
    code, start, end, tail = (disruptions[c].to_numpy(np.int64) for c in ("code", "start", "end", "tail"))
    both = intervals(np.tile(code, 2), np.concatenate([start, end]), np.concatenate([end, tail]))
    weights = _weights(disruptions)
    heavy = np.flatnonzero(weights.any(axis=1) & (both.end > both.start))
    pieces, rows = clip(both[heavy], observation.watched)
    return highest(pieces, weights[heavy[rows]])


def _weights(disruptions: pd.DataFrame) -> np.ndarray:
    """Weights of the known stretches, then those of the stretches lost from sight, shape (2 n, 12)."""
    impact, planned = disruptions["impact"].to_numpy(float), disruptions["planned"].to_numpy(bool)
    assumed = disruptions["assumed"].to_numpy(bool)
    variants = (impact, np.where(assumed, 0.0, impact), np.where(assumed, 1.0, impact))
    down = np.column_stack([np.where(planned == p, w, 0.0) for w in variants for p in (False, True)])
    n = len(impact)
    weights = np.zeros((2 * n, 2 * TAILS))
    weights[:n, :TAILS], weights[n:, TAILS:] = down, down
    return weights


def lost_from_sight(values: np.ndarray, variant: int = 0) -> np.ndarray:
    """Steps at which something lost from sight may weigh more than what is known."""
    unplanned, planned = values[:, 2 * variant], values[:, 2 * variant + 1]
    tail_unplanned, tail_planned = values[:, TAILS + 2 * variant], values[:, TAILS + 2 * variant + 1]
    return (tail_unplanned > unplanned) | (tail_planned > np.maximum(unplanned, planned))
