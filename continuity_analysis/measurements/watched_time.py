"""When services should run and who watched them: what is known of a window."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from continuity_analysis.measurements.intervals import Intervals, intersection, intervals


@dataclass(frozen=True, eq=False)
class Observation:
    """What is known about when services should run and who watched.

    Attributes
    ----------
    services : DataFrame
        Result of `measure_services`.
    agreed : Intervals
        Agreed in-service hours, per row of `services`, from long enough before the window that a disruption already
        under way at its start has its first agreed moment in them.
    coverage : Intervals
        Time for which a source was watching.
    start, end : int, or ndarray of int64 with one per row of `services`
        The window, up to as_of [us].
    """

    services: pd.DataFrame
    agreed: Intervals
    coverage: Intervals
    start: int | np.ndarray
    end: int | np.ndarray

    @cached_property
    def window(self) -> Intervals:
        """Agreed hours within the window."""
        n = len(self.services)
        return intersection(
            self.agreed, intervals(np.arange(n), *(np.broadcast_to(m, n) for m in (self.start, self.end)))
        )

    @cached_property
    def watched(self) -> Intervals:
        """Agreed hours within the window in which a source was watching."""
        return intersection(self.window, self.coverage)
