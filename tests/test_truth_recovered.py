"""Simulated platforms read back through ingest give the truth that their own history tells."""

from dataclasses import replace

import numpy as np
import pytest

import continuity_analysis as ca
from continuity_analysis.sample_data import make_services, write_incidents_only, write_sample

PLATFORMS = ((1, 3, 10), (2, 3, 4), (3, 4, 6), (4, 7, 7), (5, 3, 12))  # seed, months, services
GROUPS, FILES = 500, 10


@pytest.fixture(scope="module", params=PLATFORMS, ids=lambda p: f"seed{p[0]}")
def platform(request, tmp_path_factory):
    seed, months, services = request.param
    folder = tmp_path_factory.mktemp(f"seed{seed}")
    truth = write_sample(folder, seed=seed, months=months, services=services)
    return ca.read_logs(folder), truth


def equal(value: float, true: float | None) -> bool:
    """To 1e-9 of the true value; a true value of None is infinite."""
    return np.isinf(value) if true is None else value == pytest.approx(true, rel=1e-9, abs=1e-12)


def differing(frame, key: str, told: dict, *, columns: dict) -> list:
    """(name, column, recovered, true) wherever a number of `frame` is not the true one."""
    rows = frame.set_index(key)
    found = []
    for name, numbers in told.items():
        for column, (field, unit) in columns.items():
            if field in numbers:
                true = None if numbers[field] is None else numbers[field] / unit
                if not equal(rows.loc[name, column], true):
                    found.append((name, column, rows.loc[name, column], true))
    return found


def test_every_record_of_a_simulated_platform_is_used_or_ignored_for_a_reason(platform):
    logs, truth = platform
    assert logs.exports["rejected"].sum() == 0
    assert len(logs.incomplete) == 0
    assert logs.as_of.isoformat().replace("+00:00", "Z") == truth["as_of"]
    assert list(logs.skipped["file"]) == ["truth.json"]


def test_achieved_availability_is_the_true_one(platform):
    logs, truth = platform
    columns = {
        "availability": ("availability", 1),
        "low": ("availability", 1),
        "high": ("availability", 1),
        "unplanned_availability": ("unplanned_availability", 1),
        "agreed_hours": ("agreed_seconds", 3600),
        "down_hours": ("down_seconds", 3600),
        "unplanned_hours": ("unplanned_seconds", 3600),
        "planned_hours": ("planned_seconds", 3600),
        "n": ("failures", 1),
    }
    for name, period in truth["periods"].items():
        achieved = ca.availability(logs, name)
        assert differing(achieved, "service", period["services"], columns=columns) == [], name
        assert (achieved["unknown_hours"] == 0).all()


def test_achieved_exposure_is_the_true_one(platform):
    logs, truth = platform
    hours = ("mean_hours", "p50_hours", "p95_hours", "p99_hours", "worst_hours")
    columns = {h: (h, 1) for h in (*hours, "unprotected_share")} | {"covered_hours": ("covered_seconds", 3600)}
    for name, period in truth["periods"].items():
        assets = ca.recovery_point(logs, name, by="asset")
        assert differing(assets, "asset", period["assets"], columns=columns) == [], name
        services = ca.recovery_point(logs, name)
        over = columns | {"share_over_objective": ("share_over_objective", 1)}
        assert differing(services, "service", period["asset_services"], columns=over) == [], name


def test_requests_are_counted_as_they_were(platform):
    logs, truth = platform
    columns = {
        "total": ("total", 1),
        "failed": ("failed", 1),
        "rejected": ("refused", 1),
        "request_availability": ("request_availability", 1),
        "served": ("served", 1),
        "bad_hours": ("bad_minutes", 60),
        "good_hours": ("good_minutes", 60),
        "few_hours": ("few_minutes", 60),
    }
    for name, period in truth["periods"].items():
        asked = ca.request_availability(logs, name)
        assert differing(asked, "service", period["requests"], columns=columns) == [], name
        for service, told in period["requests"].items():
            row = asked.set_index("service").loc[service]
            in_time = told["in_time"] / told["served"]
            assert row["latency_share"] - 1e-12 <= in_time <= row["latency_share_most"] + 1e-12
    assert period["requests"]["checkout"]["total"] > 20_000


def test_recoveries_are_counted_as_they_were(platform):
    logs, truth = platform
    columns = {"n_evaluable": ("evaluable", 1), "n_met": ("met", 1), "slowest_restored_hours": ("slowest_hours", 1)}
    assert differing(ca.recovery_time(logs), "service", truth["recoveries"], columns=columns) == []


def test_every_incident_is_one_observation_however_many_products_saw_it(platform):
    logs, truth = platform
    *_, span = truth["periods"]
    columns = {"n": ("n", 1), "n_censored": ("open", 1)}
    assert differing(ca.restoration(logs, span), "service", truth["restoration"], columns=columns) == []


def test_intervals_of_the_median_hold_the_true_one_on_93_to_97_percent_of_500_platforms(tmp_path):
    service = replace(make_services(1)[0], failures_per_year=24)
    each = GROUPS // FILES
    for file in range(FILES):
        group = tuple(replace(service, name=f"platform-{file * each + n:03d}") for n in range(each))
        write_incidents_only(tmp_path / f"pager-{file}.json", seed=file, services=group)
    logs = ca.read_logs(tmp_path)
    estimates = ca.restoration(logs, "2025-03-01/2026-10-01").set_index("service")
    estimates = estimates[estimates.index.str.startswith("platform-")]
    assert len(estimates) == GROUPS
    assert estimates["n_censored"].sum() > 0
    true = service.median_minutes / 60
    held = (estimates["low"] <= true) & (true <= estimates["high"].fillna(np.inf))
    assert 0.93 <= held.mean() <= 0.97
