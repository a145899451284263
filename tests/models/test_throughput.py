"""Throughput of restores, by hand."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles
from continuity_analysis.models.throughput import estimate_throughput


def restored(speeds, *, censored=False, group=0):
    """Restores of 3.6 GB at so many MB/s."""
    return pd.DataFrame(
        {"group": group, "size_bytes": 3.6e9, "hours": 1 / np.asarray(speeds, dtype=float), "censored": censored}
    )


def test_median_by_hand():
    found = estimate_throughput(restored([10, 20, 30, 40, 50]), groups=1).iloc[0]
    assert found["median"] == pytest.approx(30)
    assert found[["p10", "p90"]].isna().all()
    assert (found["n"], found["n_censored"]) == (5, 0)


def test_ten_give_slow_and_fast_ones_and_limits_from_the_band():
    speeds = np.arange(10.0, 110, 10)
    found = estimate_throughput(restored(speeds), groups=1).iloc[0]
    seconds_a_megabyte = quantiles(kaplan_meier(1 / speeds, np.ones(10, dtype=bool)), 0.5).iloc[0]
    assert 1 / found["median_low"] == pytest.approx(seconds_a_megabyte["high"])
    assert found["p10"] == pytest.approx(1 / np.mean([1 / 10, 1 / 20]))
    assert found["p90"] == pytest.approx(1 / np.mean([1 / 90, 1 / 100]))
    assert found["median_low"] < found["median"] < found["median_high"]


def test_called_off_ones_were_at_most_so_fast():
    plain = estimate_throughput(restored([10, 20, 30, 40, 50]), groups=1).iloc[0]
    more = pd.concat([restored([10, 20, 30, 40, 50]), restored([25] * 4, censored=True)])
    found = estimate_throughput(more, groups=1).iloc[0]
    assert found["median"] < plain["median"]
    assert found["n_censored"] == 4


def test_too_few_say_so():
    found = estimate_throughput(restored([10, 20, 30, 40]), groups=2)
    assert found["median"].isna().all()
    assert found["reason"].tolist() == ["needs at least 5 restores of known size, had 4",
                                        "needs at least 5 restores of known size, had 0"]  # fmt: skip
