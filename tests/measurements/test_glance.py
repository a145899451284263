"""A glance (warnings, failed Jobs) invents neither outages nor time in which somebody was watching."""

from continuity_analysis import read_logs
from continuity_analysis.measurements.coverage import measure_coverage
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.transitions import measure_outages
from tests.ingest.samples import FIXTURES


def test_warnings_and_failed_jobs_are_neither_outages_nor_coverage() -> None:
    logs = read_logs([FIXTURES / f"kubernetes_{name}" for name in ("events", "jobs", "objects")])
    assert not logs.workloads.empty and not logs.recoveries.empty
    services = measure_services(logs)
    assert {"shop/cart", "data/mongo-dump"} <= set(services["service"])
    assert not lengths(measure_coverage(logs, services), len(services)).any()
    seen = measure_outages(logs, services)
    assert len(seen) and (seen["state"] == "degraded").all() and (seen["end"] >= seen["start"]).all()
    assert measure_disruptions(logs, services).empty
