"""Retention depth and exposure at incidents: by hand, against sampling, against published values, and calibrated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.exposure_at_incidents import estimate_exposure_at_incidents, positions
from continuity_analysis.models.exposure_law import law_of
from continuity_analysis.models.retention_depth import estimate_retention_depth

ORIGIN = pd.Timestamp("2026-07-01", tz="UTC")


def pieces_of(*rows, service="shop"):
    """From, until and the moment held [h after the origin]; None: unprotected, "?": unknown."""
    frame = pd.DataFrame(rows, columns=["from_at", "until_at", "data_at"], dtype=object)
    state = frame["data_at"].map(lambda d: "unknown" if d == "?" else "unprotected" if d is None else "protected")
    held = pd.to_numeric(frame["data_at"], errors="coerce")
    moments = {c: ORIGIN + pd.to_timedelta(frame[c].astype(float), unit="h") for c in ("from_at", "until_at")}
    moments["data_at"] = ORIGIN + pd.to_timedelta(held, unit="h")
    return pd.DataFrame({"service": service, "state": state, "proven": True} | moments)


SAW = pieces_of((0, 24, 0), (24, 48, 24), (48, 72, 48))


def test_the_depth_of_a_steady_schedule():
    """A point every day, kept for 10 days: never less than 9 days, at most 10, the median in the middle."""
    pieces = pieces_of(*((24 * i, 24 * i + 24, 24 * (i - 9)) for i in range(50)))
    row = estimate_retention_depth(pieces, by="service", days=(1, 9, 9.25, 10, 30)).iloc[0]
    assert row[["min_days", "last_days", "median_days", "covered_hours"]].tolist() == [9, 10, pytest.approx(9.5), 1200]
    assert row["p5_days"] == pytest.approx(9.05)
    assert row[["chance_1d", "chance_9d", "chance_9.25d", "chance_10d", "chance_30d"]].tolist() == [1, 1, 0.75, 0, 0]


def test_depth_without_a_point_is_none_and_unknown_time_does_not_count():
    bare = pieces_of((0, 24, 24), (24, 72, -24), (72, 96, "?"))
    row = estimate_retention_depth(bare, by="service", days=(1, 3)).iloc[0]
    assert row[["min_days", "without_share", "last_days", "share_proven"]].tolist() == [0, pytest.approx(1 / 3), 4, 1]
    assert row[["chance_1d", "chance_3d"]].tolist() == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert row["last_at"] == ORIGIN + pd.Timedelta(hours=72)
    dark = estimate_retention_depth(pieces_of((0, 24, "?")), by="service", days=(1,)).iloc[0]
    assert dark[["min_days", "p5_days", "median_days", "last_days", "chance_1d"]].isna().all()
    assert estimate_retention_depth(SAW[:0], by="service", days=(1,)).empty


def test_positions_in_a_saw_tooth_are_uniform():
    law = law_of(SAW, "service")
    hours = np.array([0, 6, 12, 24, np.inf, np.nan])
    assert positions(law, np.zeros(6, dtype=int), hours)[:4] == pytest.approx([0, 0.25, 0.5, 1])
    assert positions(law, np.zeros(6, dtype=int), hours)[4:] == pytest.approx([1, np.nan], nan_ok=True)
    assert np.isnan(positions(law, np.array([-1]), np.array([3.0]))).all()


def test_steps_are_taken_in_their_middle():
    law = law_of(pieces_of((0, 25, 25), (25, 75, 25), (75, 100, None)), "service")  # age 0, then a saw, then none
    found = positions(law, np.zeros(4, dtype=int), np.array([0, 10, 50, np.inf]))
    assert found == pytest.approx([0.125, 0.25 + 0.10, 0.75, 0.875])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.none() | st.just("?") | st.integers(0, 40)), min_size=1, max_size=8),
    st.lists(st.integers(0, 60), min_size=1, max_size=6),
)
def test_positions_against_counting_moments(parts, ages):
    """The share of moments, one every tenth of an hour, with less at risk."""
    begin = np.cumsum([0, *(length for length, _ in parts)])
    rows = [(b, e, d if d in (None, "?") else b - d) for b, e, (_, d) in zip(begin, begin[1:], parts, strict=False)]
    other = pieces_of((0, 100, 0), service="other")
    law = law_of(pd.concat([pieces_of(*rows), other], ignore_index=True), "service")
    code = law.groups.get_indexer(["shop"] * len(ages))
    moments = []
    for b, e, d in rows:
        if d != "?":
            t = np.arange(b + 0.05, e, 0.1)
            moments.append(np.full(len(t), np.inf) if d is None else t - d)
    found = positions(law, code, np.array(ages, dtype=float))
    for age, mine in zip(ages, found, strict=True):
        if not moments:
            assert np.isnan(mine)
            continue
        every = np.concatenate(moments)
        assert mine == pytest.approx(np.mean(every < age), abs=1e-9)


def estimated(values, survived=None, hours=None):
    frame = pd.DataFrame({"group": 0, "position": values, "hours": values if hours is None else hours})
    frame["survived"] = pd.array([None] * len(frame) if survived is None else survived, dtype="boolean")
    found = estimate_exposure_at_incidents(
        frame, law_of(SAW, "service"), groups=pd.Index(["shop"]), alone=np.array([False])
    )
    return found.loc["shop"]


def test_the_chance_of_a_sum_of_uniforms():
    """Irwin-Hall: five uniforms reach 4.5 with chance (1/2)^5 / 5! (the corner of the cube), 2.5 with one half."""
    row = estimated([0.9] * 5)
    assert row["p_value"] == pytest.approx(0.5**5 / 120)
    assert row[["n", "n_worse", "share_worse", "verdict"]].tolist() == [5, 5, 1, "worse"]
    assert row[["low", "high"]].tolist() == [pytest.approx(0.025 ** (1 / 5)), 1]
    assert estimated([0.5] * 5)["p_value"] == pytest.approx(0.5)
    assert estimated([0.5] * 5)["verdict"] == "no evidence"
    assert estimated([0.5] * 300)["p_value"] == pytest.approx(0.5)


def test_below_five_nothing_is_tested():
    row = estimated([0.99] * 4)
    assert np.isnan(row["p_value"])
    assert pd.isna(row["verdict"])
    assert row["reason"] == "4 incidents with known exposure, at least 5 are needed"
    assert pd.isna(estimated([0.5] * 5)["reason"])


def test_unknown_exposure_is_left_out_and_counted():
    row = estimated([0.2, 0.4, np.nan], survived=[True, False, None], hours=[2.0, np.inf, np.nan])
    assert row[["n", "n_unknown", "n_lost", "n_noticed", "worst_hours", "median_hours"]].tolist() == [
        2, 1, 1, 2, np.inf, np.inf,
    ]  # fmt: skip
    assert row[["random_median_hours", "random_worst_hours"]].tolist() == [12, 24]


def test_many_services_are_adjusted_and_the_whole_is_not():
    rows = pd.DataFrame({"group": np.repeat([0, 1, 2], 5), "position": np.repeat([0.78, 0.5, 0.78], 5), "hours": 1.0})
    rows["survived"] = pd.array([None] * 15, dtype="boolean")
    names = pd.Index(["shop", "desk", "all services"])
    found = estimate_exposure_at_incidents(rows, law_of(SAW, "service"), groups=names, alone=names == "all services")
    assert found["p_adjusted"].tolist() == pytest.approx(
        [2 * found["p_value"].iloc[0], 0.5, found["p_value"].iloc[0]], rel=1e-9
    )


def test_it_is_calibrated_where_incidents_ignore_backups():
    """Of 2,000 quarters with 8 incidents at random moments, 5 % are called worse (the large table: docs)."""
    rng = np.random.default_rng(0)
    gaps = rng.exponential(24, 100)
    begin = np.cumsum(gaps)
    pieces = pieces_of(*zip(begin[:-1], begin[1:], begin[:-1] - 2, strict=True))
    law = law_of(pieces, "service")
    moments = rng.uniform(begin[0], begin[-1], (2000, 8))
    ages = moments - (begin[np.searchsorted(begin, moments.ravel(), side="right") - 1] - 2).reshape(moments.shape)
    place = positions(law, np.zeros(ages.size, dtype=int), ages.ravel())
    frame = pd.DataFrame({"group": np.repeat(np.arange(2000), 8), "position": place, "hours": ages.ravel()})
    frame["survived"] = pd.array([None] * len(frame), dtype="boolean")
    groups = pd.Index(np.arange(2000).astype(str))
    found = estimate_exposure_at_incidents(frame, law, groups=groups, alone=np.ones(2000, dtype=bool))
    assert np.mean(found["p_value"] <= 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(found["p_value"] <= 0.5) == pytest.approx(0.5, abs=0.04)
