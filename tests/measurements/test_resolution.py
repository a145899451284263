import numpy as np
import pandas as pd
import pytest

from continuity_analysis.measurements.clock import UNKNOWN
from continuity_analysis.measurements.resolution import timestamp_resolution

SECOND = 1_000_000


def test_by_product_the_coarsest_unit_that_all_moments_have():
    rows = pd.DataFrame(
        [("minutes", 60, 120), ("minutes", 0, 60), ("seconds", 60, 121), ("seconds", 60, 120), ("finer", 60, 120.5),
         ("open", 60, None)], columns=["product", "started", "restored"])  # fmt: skip
    rows["restored"] = [UNKNOWN if np.isnan(x) else int(x * SECOND) for x in rows["restored"]]
    rows["started"] *= SECOND
    found = timestamp_resolution(rows) * 3600
    assert found == pytest.approx([60, 60, 1, 1, 0, 60])


def test_of_nothing():
    rows = pd.DataFrame({"product": [], "started": [], "restored": []})
    assert len(timestamp_resolution(rows)) == 0
