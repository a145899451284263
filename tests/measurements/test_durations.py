import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.measurements.durations import measure_durations
from continuity_analysis.measurements.observations import combine_fleet, observe_incidents


def measured(*incidents, exports=(), **clocks):
    logs = make_logs(as_of="2026-08-10", incidents=list(incidents), exports=list(exports))
    return measure_durations(observe_incidents(logs), **clocks)


def incident(start, end, **more):
    return {"started_at": start, "restored_at": end} | more


WINDOW = {"covers_from_at": "2026-07-05", "covers_until_at": "2026-08-10"}


def test_one_begun_before_its_sources_coverage_enters_late():
    early, within = ("2026-07-04T20:00", "2026-07-05T06:00"), ("2026-07-06", "2026-07-07")
    found = measured(incident(*early), incident(*within), exports=[WINDOW])
    assert found["entry_hours"].tolist() == [4, 0]
    assert found["hours"].tolist() == [10, 24]


def test_the_earliest_export_of_its_product_and_scope_says_since_when():
    before = {"covers_from_at": "2026-07-01", "covers_until_at": "2026-07-05", "export_id": "e0"}
    elsewhere = before | {"export_id": "e9", "scope": "another page"}
    incidents = incident("2026-07-04T20:00", "2026-07-05T06:00")
    assert measured(incidents, exports=[WINDOW, before])["entry_hours"].tolist() == [0]
    assert measured(incidents, exports=[WINDOW, elsewhere])["entry_hours"].tolist() == [4]
    assert measured(incidents)["entry_hours"].tolist() == [0]  # no export says since when it watches


def test_one_over_before_the_coverage_was_seen_nonetheless():
    found = measured(incident("2026-07-03", "2026-07-04"), exports=[WINDOW])
    assert found["entry_hours"].tolist() == [0]


def test_entry_counts_from_the_clock_end_asked_for():
    more = {"detected_at": "2026-07-04T23:00"}
    found = measured(incident("2026-07-04T20:00", "2026-07-05T06:00", **more), exports=[WINDOW], start="detected")
    assert found["entry_hours"].tolist() == [1]


def test_an_incident_comes_under_observation_with_its_first_component():
    rows = [incident("2026-07-04T20:00", "2026-07-05T06:00", incident_id="A", component=c) for c in ("a", "b")]
    logs = make_logs(as_of="2026-08-10", incidents=rows, exports=[WINDOW])
    whole = measure_durations(combine_fleet(observe_incidents(logs)))
    assert whole["entry_hours"].tolist() == [4]


@pytest.mark.parametrize(
    ("unit", "hours"),
    [("1ms", 1 / 3_600_000), ("1s", 1 / 3_600), ("1min", 1 / 60), ("1h", 1.0), ("1D", 24.0), ("1us", 0.0)],
)
def test_the_resolution_is_the_coarsest_unit_that_fits_all_moments(unit, hours):
    rng = np.random.default_rng(0)
    starts = [pd.Timestamp("2026-07-06") + int(k) * pd.Timedelta(unit) for k in rng.integers(0, 10, 8)]
    ends = [start + int(k) * pd.Timedelta(unit) for start, k in zip(starts, rng.integers(1, 5, 8), strict=True)]
    rows = [incident(s.isoformat(), e.isoformat()) for s, e in zip(starts, ends, strict=True)]
    found = measured(*rows)
    assert found["resolution_hours"].to_numpy() == pytest.approx(hours)


def test_each_product_has_its_own_resolution_and_two_moments_are_too_few():
    minutes = [incident(f"2026-07-{d:02d}T10:01", f"2026-07-{d:02d}T10:07") for d in range(6, 10)]
    seconds = [incident(f"2026-07-{d:02d}T10:01:01", f"2026-07-{d:02d}T10:07", product="page") for d in range(6, 10)]
    few = [incident("2026-07-06T10:01", "2026-07-06T10:07", product="ticket")]
    found = measured(*minutes, *seconds, *few).groupby("product")["resolution_hours"].max()
    assert found.to_dict() == pytest.approx({"pager": 1 / 60, "page": 1 / 60, "ticket": 0.0})
    found = measured(*minutes, *[row | {"restored_at": row["restored_at"] + ":30"} for row in seconds])
    assert found.groupby("product")["resolution_hours"].max().to_dict() == pytest.approx(
        {"pager": 1 / 60, "page": 1 / 3_600}
    )
