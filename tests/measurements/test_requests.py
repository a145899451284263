"""Requests into the share that was served."""

import pytest

from continuity_analysis.measurements.requests import measure_requests
from tests.measurements.backup_logs import at, logs_of


def minute(hours, total, failed=0, rejected=0, component="web", log="one"):
    counts = {"total": total, "failed": failed, "rejected": rejected, "minute_at": hours}
    return {"log_id": log, "component": component, "product": "proxy", "export_id": log, "observed_at": 100} | counts


def measured(*rows, start=0, end=10):
    logs = logs_of([], requests=list(rows), as_of=100)
    return measure_requests(logs.requests, start=at(start), end=at(end)).set_index("service")


def test_what_policy_refused_is_not_counted():
    """1 - failed / (total - rejected): 2.5 million requests at 99.99 % are 250 errors (known answer 3.2)."""
    found = measured(minute(1, 2_500_100, 250, 100), minute(2, 0))
    assert found.loc["web", "request_availability"] == pytest.approx(0.9999, abs=1e-12)
    assert found.loc["web", ["total", "failed", "rejected"]].tolist() == [2_500_100, 250, 100]


def test_the_window_is_half_open_and_services_stay_apart():
    found = measured(minute(0, 10, 1), minute(9.99, 10), minute(10, 10, 10), minute(5, 4, 4, component="api"))
    assert found["request_availability"].to_dict() == {"web": 0.95, "api": 0.0}
    assert found.loc["web", "covered_hours"] == pytest.approx(2 / 60)


def test_nothing_left_to_serve_is_unknown():
    assert measured(minute(1, 5, 0, 5))["request_availability"].isna().all()
    assert measured().empty
