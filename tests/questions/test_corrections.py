"""Each correction, what it changed and moved: by hand, and as a sum that equals raw against corrected."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.questions import availability, corrections

DAY = "2026-07-01/2026-07-02"
WATCHED = {"covers_from_at": "2026-06-01", "covers_until_at": "2026-08-01"}
SERVICES = {s: {"in_service_since": "2026-06-01", "watched_by": ["pager"]} for s in ("web", "api", "still")}


def logs_of(*incidents, said=()):
    catalog = {"services": SERVICES, "corrections": list(said)}
    return make_logs(as_of="2026-08-01", catalog=catalog, incidents=list(incidents), exports=[WATCHED])


def incident(name, start, end, **more):
    moments = {"started_at": f"2026-07-01T{start}", "restored_at": f"2026-07-01T{end}"}
    return {"incident_id": name, "impact": 1.0, "title": f"about {name}"} | moments | more


def test_by_hand_each_correction_says_what_it_changed_and_moved():
    said = [
        {"incident": "B", "exclude": True, "because": "a drill"},
        {"incident": "A", "started_at": "2026-07-01T03:00Z", "because": "the alert came early"},
        {"incident": "A", "impact": 0.5, "because": "half the users"},
        {"incident": "Z", "exclude": True, "because": "mistyped"},
    ]
    logs = logs_of(
        incident("A", "02:00", "05:00"),
        incident("B", "04:00", "06:00"),
        incident("C", "10:00", "11:00", status="cancelled"),
        incident("D", "12:00", "13:00", component="still"),
        said=said,
    )
    found = corrections(logs, DAY)
    assert found["what"].tolist() == ["excluded", "corrected", "cancelled", "no such incident"]
    assert found["incident_id"].tolist() == ["B", "A", "C", "Z"]
    # 02 to 06 was down; without B until 05; then A begins an hour later with half the impact
    assert found["down_hours_moved"].tolist()[:2] == pytest.approx([-1, -2])
    assert found.loc[0, "availability_before"] == pytest.approx(1 - 4 / 24)
    assert found.loc[1, "availability_after"] == pytest.approx(1 - 1 / 24)
    assert found.loc[0, "change"] == "left out"
    assert found.loc[1, "change"] == ("started_at 2026-07-01 02:00 UTC → 2026-07-01 03:00 UTC; impact 100 % → 50 %")
    assert found.loc[1, "because"] == "the alert came early; half the users"
    assert found.loc[2, "because"] == "cancelled in the source"
    assert found[["down_hours_moved"]].isna().squeeze().tolist() == [False, False, True, True]


def test_what_does_not_touch_the_period_is_not_listed():
    said = [{"incident": "A", "exclude": True, "because": "a drill"}]
    logs = logs_of(incident("A", "02:00", "05:00"), incident("C", "02:00", "05:00", status="cancelled"), said=said)
    assert corrections(logs, "2026-07-02/2026-07-03").empty
    assert len(corrections(logs, DAY)) == 2


def test_no_corrections_and_no_logs():
    assert corrections(make_logs(as_of="2026-08-01"), DAY).empty
    assert corrections(logs_of(incident("A", "02:00", "05:00")), DAY).empty


@pytest.mark.parametrize("seed", range(6))
def test_what_was_moved_adds_up_to_raw_against_corrected(seed):
    rng = np.random.default_rng(seed)
    incidents, said = [], []
    for i in range(25):
        start = pd.Timestamp("2026-07-01", tz="UTC") + pd.Timedelta(hours=float(rng.integers(-5, 24)))
        end = start + pd.Timedelta(hours=float(rng.integers(0, 6)))
        row = {"incident_id": f"I{i}", "component": str(rng.choice(["web", "api"])), "started_at": start}
        row |= {"restored_at": end, "planned": bool(rng.random() < 0.3), "impact": float(rng.choice([0.3, 1.0]))}
        incidents.append(row)
        if rng.random() < 0.5:
            change = [{"exclude": True}, {"impact": 0.1}, {"planned": True},
                      {"started_at": start + pd.Timedelta(hours=1)}][rng.integers(4)]  # fmt: skip
            said.append({"incident": f"I{i}", "because": "seen later"} | change)
    logs = logs_of(*incidents, said=said)
    found, whole = corrections(logs, DAY), availability(logs, DAY).set_index("service")
    raw = availability(logs_of(*incidents), DAY).set_index("service")
    moved = found.groupby("service")["down_hours_moved"].sum()
    difference = (whole["down_hours"] - raw["down_hours"])[moved.index]
    np.testing.assert_allclose(moved, difference, atol=1e-9)
    last = found.groupby("service")["availability_after"].last()
    first = found.groupby("service")["availability_before"].first()
    np.testing.assert_allclose(last, whole.loc[last.index, "availability"])
    np.testing.assert_allclose(first, whole.loc[first.index, "raw_availability"])
