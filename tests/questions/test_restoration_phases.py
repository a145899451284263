import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.questions import (
    compare_restoration,
    incidents_by_hour,
    response_times,
    restoration,
    restoration_fit_curves,
    restoration_fits,
    restoration_phases,
)

PERIOD = "2026-07"


def incident(day, hour, *minutes, **more):
    """One that began on a day of July at an hour, with its other moments so many minutes later."""
    start = pd.Timestamp(f"2026-07-{day:02d}T{hour:02d}:00", tz="UTC")
    clocks = ("detected_at", "acknowledged_at", "mitigated_at", "restored_at")
    later = {c: (start + pd.Timedelta(minutes=m)).isoformat() for c, m in zip(clocks, minutes, strict=True) if m}
    return {"started_at": start.isoformat()} | later | more


LOGS = make_logs(
    as_of="2026-08-10",
    timezone="Europe/Rome",
    incidents=[
        incident(6, 7, 6, 12, 30, 60, severity=1),  # Monday 9:00 in Rome
        incident(8, 20, 12, 18, 30, 120, severity=1),
        incident(11, 9, 3, None, None, 30, severity=2),  # Saturday
        incident(12, 9, None, None, None, None, severity=2, status="open", observed_at="2026-07-12T11:00"),
    ],
)


def test_times_by_their_clock_ends_and_what_is_not_recorded_is_counted():
    found = response_times(LOGS, PERIOD).set_index("time")
    assert found["n"].to_dict() == {
        "time to detect": 4, "time to acknowledge": 2, "time to mitigate": 3, "time to restore": 4,
    }  # fmt: skip
    assert found["n_censored"].tolist() == [1, 0, 1, 1]
    assert found.loc["time to acknowledge", "n_excluded"] == 2
    assert found.loc["time to acknowledge", "mean_hours"] == pytest.approx(0.1)
    assert found.loc["time to restore", ["start", "end"]].tolist() == ["started", "restored"]
    by_severity = response_times(LOGS, PERIOD, by="severity")
    assert by_severity["severity"].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]


def test_the_hours_of_the_phases_add_up_to_those_of_the_restored():
    found = restoration_phases(LOGS, PERIOD, by="severity")
    rows = {(s, start, end): hours for s, start, end, hours in
            found[["severity", "start", "end", "hours"]].itertuples(index=False)}  # fmt: skip
    assert rows == pytest.approx({
        (1, "started", "detected"): 0.3, (1, "detected", "acknowledged"): 0.2, (1, "acknowledged", "mitigated"): 0.5,
        (1, "mitigated", "restored"): 2.0, (2, "started", "detected"): 0.05, (2, "detected", "restored"): 0.45,
    })  # fmt: skip
    assert found.groupby("severity")["share"].sum().tolist() == pytest.approx([1, 1])
    assert found.groupby("severity")["n_restored"].first().tolist() == [2, 1]


def test_an_incident_of_two_services_counts_once_over_all():
    both = [incident(6, 7, 6, 12, 30, 60, incident_id="A", component=c) for c in ("web", "db")]
    logs = make_logs(as_of="2026-08-10", incidents=both)
    assert restoration_phases(logs, PERIOD)["hours"].sum() == pytest.approx(1.0)
    assert restoration_phases(logs, PERIOD, by="service").groupby("service")["hours"].sum().to_dict() == pytest.approx(
        {"web": 1.0, "db": 1.0, "all services": 1.0}
    )


def test_when_in_the_week_they_began():
    found = incidents_by_hour(LOGS, PERIOD)
    assert len(found) == 7 * 8
    some = found[found["n"] > 0].set_index(["day", "hour"])
    assert some["n"].to_dict() == {("Monday", 9): 1, ("Wednesday", 21): 1, ("Saturday", 9): 1, ("Sunday", 9): 1}
    assert some.loc[("Sunday", 9), "hours"] == pytest.approx(2.0)


def test_parts_of_the_week_are_groups_like_others():
    found = restoration(LOGS, PERIOD, by="part_of_week").set_index("part_of_week")
    assert found["n"].to_dict() == {"weekday nights": 1, "weekends": 2, "working hours": 1}
    assert len(compare_restoration(LOGS, PERIOD, by="part_of_week", against="others")) == 3


def test_nothing_at_all():
    empty = make_logs(as_of="2026-08-10")
    assert restoration_phases(empty, PERIOD).empty
    assert incidents_by_hour(empty, PERIOD)["n"].sum() == 0
    assert response_times(empty, PERIOD)["n"].tolist() == [0, 0, 0, 0]
    assert restoration_fits(empty, PERIOD, by="all")["family"].tolist() == [
        "exponential", "weibull", "lognormal", "loglogistic",
    ]  # fmt: skip
    assert restoration_fit_curves(empty, PERIOD, by="all").empty


def test_laws_are_named_after_their_groups():
    rows = [incident(1 + i % 28, i % 24, None, None, None, 5 + i * i, severity=1 + i % 2) for i in range(40)]
    logs = make_logs(as_of="2026-08-10", incidents=rows)
    found = restoration_fits(logs, PERIOD, by="severity")
    assert found["severity"].tolist() == [1] * 4 + [2] * 4
    assert found["verdict"].notna().all()
    assert set(restoration_fit_curves(logs, PERIOD, by="severity")["group"]) == {"1", "2"}
