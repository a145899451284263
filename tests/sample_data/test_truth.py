import ast
import sys
from pathlib import Path

import pytest

import continuity_analysis.sample_data as sample_data
from continuity_analysis.sample_data import simulate_platform, truth_of
from continuity_analysis.sample_data.backups import Run, Schedule, draw_runs
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.incidents import Incident
from continuity_analysis.sample_data.moments import DAY, HOUR, MINUTE, quarters, second, utc
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.services import Service
from continuity_analysis.sample_data.status_page import Maintenance, PageIncident, Update
from continuity_analysis.sample_data.truth import availability_truth, level_pieces
from continuity_analysis.sample_data.truth_exposure import _numbers, asset_stretches, worst_of

START = second(2026, 7)
SHOP = Service("shop", 1, 10, 30, page="Shop")


def incident(begin: float, end: float, severity: int, **others) -> Incident:
    """An incident of the shop from and until hours after START."""
    a, b = START + round(begin * HOUR), START + round(end * HOUR)
    return Incident(a, "shop", severity, "load", a, a, a, b, b, **others)


def truth_about(*incidents: Incident, page=(), maintenance=(), live: int = 0, hours: int = 100) -> dict:
    end = START + hours * HOUR
    platform = Platform(0, START, START, end, (SHOP,), {"shop": START + live}, incidents, page, maintenance)
    return availability_truth(platform, START, end=end)["shop"]


def test_what_overlaps_counts_once_with_its_largest_impact():
    told = truth_about(incident(10, 11, 1), incident(10.5, 12, 2), incident(10, 20, 4))
    assert told["down_seconds"] == 3600 + 0.5 * 3600
    assert told["failures"] == 1
    assert told["availability"] == 1 - 1.5 / 100


def test_planned_work_adds_only_what_unplanned_work_does_not_take():
    work = Maintenance("Update", "Shop", START, START + HOUR, START + 3 * HOUR, START + HOUR, START + 3 * HOUR)
    told = truth_about(incident(2, 4, 2), maintenance=(work,))
    assert told["unplanned_seconds"] == 3600
    assert told["planned_seconds"] == 3600 + 0.5 * 3600
    assert told["down_seconds"] == told["planned_seconds"] + told["unplanned_seconds"]


def test_what_was_down_at_the_start_gives_down_time_but_no_failure():
    told = truth_about(incident(-1, 1, 1), incident(1, 2, 1))
    assert told["down_seconds"] == 2 * HOUR
    assert told["failures"] == 0


def test_time_before_a_service_went_live_is_not_agreed():
    told = truth_about(incident(60, 65, 1), live=50 * HOUR)
    assert told["agreed_seconds"] == 50 * HOUR
    assert told["availability"] == 0.9


def test_an_open_incident_lasts_to_the_end_and_a_merged_one_counts_nowhere():
    assert truth_about(incident(90, 200, 1))["down_seconds"] == 10 * HOUR
    assert truth_about(incident(10, 20, 1, merged=True))["down_seconds"] == 0


def test_a_correction_counts_once_an_export_could_show_it():
    early, late = incident(1, 2, 1, first_severity=3), incident(99, 99.5, 1, first_severity=3)
    assert truth_about(early, late)["down_seconds"] == 0
    assert truth_about(early, late, hours=24 * 40 + 2)["down_seconds"] == HOUR


def test_levels_of_the_page_last_until_the_next_update_that_names_the_component():
    updates = (
        Update(START, "investigating", (("Shop", "major_outage"), ("Search", "partial_outage"))),
        Update(START + HOUR, "identified"),
        Update(START + 2 * HOUR, "monitoring", (("Shop", "degraded_performance"),)),
        Update(START + 3 * HOUR, "resolved", (("Shop", "operational"), ("Search", "operational"))),
    )
    told = PageIncident("Trouble", "critical", START, START, START + 3 * HOUR, updates)
    assert level_pieces(told, "Search", end=START + DAY)[0] == (START, START + 3 * HOUR, 0.5)
    shop = [(a - START, b - START, w) for a, b, w in level_pieces(told, "Shop", end=START + DAY)]
    assert shop[:2] == [(0, 2 * HOUR, 1.0), (2 * HOUR, 3 * HOUR, 0.0)]
    assert level_pieces(told, "Catalog", end=START + DAY) == []
    assert truth_about(page=(told,))["down_seconds"] == 2 * HOUR


def run(begin: float, finish: float, *, removed: float = 1e4, end: bool = False, **others) -> Run:
    a, b = START + round(begin * HOUR), START + round(finish * HOUR)
    gone = START + round(removed * HOUR)
    return Run("files", "nas", "snapshot", a, a, b, b if end else a, 1, gone, **others)


def course(*runs: Run, start: float, end: float):
    listing = Listing("files", START + round(end * HOUR), runs)
    return asset_stretches((listing,), START + round(start * HOUR), end=START + round(end * HOUR))


def test_a_regular_schedule_exposes_half_its_interval_and_its_run_time_on_average():
    runs = tuple(run(h, h + 1) for h in range(0, 48, 6))
    told = _numbers(course(*runs, start=7, end=43), 6 * HOUR)
    assert told["mean_hours"] == 6 / 2 + 1
    assert (told["worst_hours"], told["p50_hours"], told["unprotected_share"]) == (7.0, 4.0, 0.0)
    assert told["p95_hours"] == pytest.approx(6.7, abs=1e-12)
    assert told["share_over_objective"] == pytest.approx(1 / 6, abs=1e-12)


def test_when_the_newest_goes_the_next_survivor_takes_over():
    stretches = course(run(0, 0, removed=20), run(4, 4, removed=10), start=5, end=30)
    held = [(s.start - START, s.end - START, s.point and s.point - START) for s in stretches]
    hours = [(a / HOUR, b / HOUR, p and p / HOUR) for a, b, p in held]
    assert hours == [(5, 10, 4), (10, 20, 0), (20, 30, None)]
    told = _numbers(stretches, None)
    assert told["unprotected_share"] == 10 / 25
    assert told["worst_hours"] is None
    assert told["p95_hours"] is None
    assert told["mean_hours"] == (5 * 3.5 + 10 * 15) / 15


def test_a_failed_run_protects_nothing_and_a_difference_needs_its_full_backup():
    full, broken = run(0, 1, removed=8, end=True), run(3, 4, failure="no space")
    difference = run(5, 6, removed=40, end=True, parent=full.started)
    stretches = course(full, broken, difference, start=2, end=12)
    assert [(s.end - START) / HOUR for s in stretches] == [6, 8, 12]
    assert [s.point for s in stretches] == [full.point, difference.point, None]


def test_a_service_is_exposed_like_its_worst_asset():
    often = course(*(run(h, h) for h in range(0, 24, 2)), start=0, end=24)
    seldom = course(run(0, 0), run(12, 12), start=0, end=24)
    both = _numbers(worst_of([often, seldom], since=START), None)
    assert both == _numbers(seldom, None)
    short = course(run(0, 0), start=0, end=10)
    assert _numbers(worst_of([seldom, short], since=START), None)["covered_seconds"] == 10 * HOUR
    assert _numbers(worst_of([seldom, short], since=START + 4 * HOUR), None)["mean_hours"] == 7.0


def test_runs_are_late_skipped_or_failed_now_and_then_and_always_in_an_outage(rng):
    schedule = Schedule("files", "nas", (0, 6, 12, 18), "snapshot", 20, 30)
    end = START + 2000 * DAY
    outage = (START + 10 * DAY, START + 12 * DAY, "no key")
    runs = draw_runs(schedule, START, end=end, outages=(outage,), rng=rng)
    inside = [r for r in runs if outage[0] <= r.started < outage[1]]
    assert {r.failure for r in inside} == {"no key"}
    assert 0.005 < 1 - len(runs) / 8000 < 0.02
    assert 0.01 < sum(bool(r.failure) for r in runs) / 8000 < 0.02
    assert 0.012 < sum(r.started - r.due > 20 * MINUTE for r in runs) / 8000 < 0.03


def test_quarters_are_whole_calendar_quarters():
    assert quarters(second(2026, 2), second(2026, 11)) == {
        "2026Q2": (second(2026, 4), second(2026, 7)),
        "2026Q3": (second(2026, 7), second(2026, 10)),
    }


@pytest.fixture(scope="module")
def told():
    return truth_of(simulate_platform(seed=7))


def test_the_truth_is_consistent_in_itself(told):
    for period in told["periods"].values():
        for service in period["services"].values():
            assert 0 <= service["availability"] <= service["unplanned_availability"] <= 1
            assert service["down_seconds"] == service["unplanned_seconds"] + service["planned_seconds"]
        for law in (*period["assets"].values(), *period["asset_services"].values()):
            hours = [law[k] for k in ("p50_hours", "p95_hours", "p99_hours", "worst_hours")]
            assert hours == sorted(hours, key=lambda h: float("inf") if h is None else h)
            assert (hours[-1] is None) == (law["unprotected_share"] > 0)


def test_the_quarters_add_up_to_the_whole_span(told):
    *parts, whole = told["periods"].values()
    assert (whole["start"], whole["end"]) == (parts[0]["start"], told["as_of"])
    for name, service in whole["services"].items():
        for key in ("agreed_seconds", "down_seconds", "unplanned_seconds", "failures"):
            assert service[key] == sum(p["services"].get(name, {key: 0})[key] for p in parts)


def test_what_no_listing_can_prove_is_left_out(told):
    periods = told["periods"]
    assert "mongo-prod" not in periods["2025Q4"]["assets"]
    assert "checkout" not in periods["2025Q4"]["asset_services"]
    assert "mongo-prod" in periods["2026Q3"]["assets"]
    assert "analytics" not in periods["2026Q2"]["assets"]
    assert set(periods["2026Q3"]["asset_services"]) >= {"checkout", "reporting", "delivery-pipeline"}


def test_the_truth_imports_nothing_that_it_is_to_test():
    folder = Path(sample_data.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name.startswith("continuity_analysis.sample_data")
                assert own or name.partition(".")[0] in {*sys.stdlib_module_names, "numpy", "yaml"}, (path, name)


def test_moments_are_written_in_utc():
    assert utc(second(2026, 10)) == "2026-10-01T00:00:00Z"
