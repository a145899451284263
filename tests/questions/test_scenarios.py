"""What if, as a question: what the logs give, what is stated, what cannot be answered, nothing at all."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from continuity_analysis.models.scenarios import USUAL
from continuity_analysis.questions.platform_evidence import gather_evidence
from tests.measurements.backup_logs import backup, export, logs_of

HOURS = (0.4, 2.1, 0.9, 5.5, 1.3, 0.7, 3.2, 0.25, 1.8, 1.1, 0.6)
SCENARIOS = {
    "nothing": {},
    "hourly": {"backup_every": "1h"},
    "faster": {"services": ["web"], "restore_time": 0.5},
    "quick": {"detect_within": "5min"},
    "region lost": {"disaster": {"every": "50y", "down": "1d"}},
}


PAGER = {"product": "pager", "format": "pager_incidents", "export_id": "pager"}
WATCHED = export("pager", kind="window", since=-13_104, until=0) | PAGER  # since 2025-01-01; hours before 2026-07-01


def incident(component, start, hours, detected):
    row = {"incident_id": f"{component} {start}", "component": component, "kind": "incident", "status": "resolved"}
    row |= {"started_at": start, "restored_at": start + hours, "impact": 1.0, "started_basis": "impact"}
    return PAGER | {"record_no": 1, "observed_at": 0} | row | ({"detected_at": start + hours / 4} if detected else {})


def recovery(number, start, took, kind):
    row = {"recovery_id": f"R{number}", "asset": "store", "kind": kind, "status": "completed", "scope": "service"}
    row |= {
        "disrupted_at": start,
        "started_at": start,
        "data_restored_at": start + 1,
        "service_restored_at": start + took,
    }
    return PAGER | {"record_no": 1, "observed_at": 0} | row


def platform_logs(*, detected=True, restored=True, scenarios=()):
    """Eleven failures of each of two services; a backup every 6 h of what one of them needs."""
    starts = range(-12_000, -1_000, 1_000)
    pairs = [(c, s + shift, h) for c, shift in (("web", 0), ("db", 100)) for s, h in zip(starts, HOURS, strict=True)]
    backups = [backup(f"B{t}", t, t + 1, t, asset="store") for t in range(-2_200, -1, 6)]
    recoveries = [
        recovery(0, -9_000, 5, "restore"),
        *(recovery(i, -4_000 + 500 * i, 1 + i, "drill") for i in range(1, 5)),
    ]
    service = {"in_service_since": "2025-01-01", "watched_by": ["pager"]}
    promised = {"objectives": {"availability": "99.9%", "rpo": "6h", "rto": "4h"}}
    catalog = {"services": {"web": service | promised | {"assets": ["store"], "depends_on": ["db"]}, "db": service}}
    catalog |= {"scenarios": dict(scenarios)}
    return logs_of(
        backups,
        [export(since=-2_200, until=0), WATCHED],
        incidents=[incident(*pair, detected) for pair in pairs],
        recoveries=recoveries if restored else [],
        catalog=catalog,
        as_of=0,
    )


def empty_logs(catalog=None):
    return logs_of([], [WATCHED], catalog=catalog, as_of=0)


@pytest.fixture(scope="module")
def logs():
    return platform_logs()


@pytest.fixture(scope="module")
def found(logs):
    return ca.what_if(logs, "2026Q2", scenarios=SCENARIOS, years=2000)


def row(found, scenario, service="web"):
    return found.summary.set_index(["scenario", "service"]).loc[(scenario, service)]


def test_evidence_is_what_the_logs_say(logs):
    seen = gather_evidence(logs, "2026Q2")
    web, db = (list(seen.services).index(s) for s in ("web", "db"))
    assert len(seen.failures) == 22
    assert seen.failures["needed_backup"].sum() == 1
    assert (seen.failures["shared"] == -1).all()
    assert seen.undetected["share"].to_numpy() == pytest.approx(np.full(22, 0.25))
    assert {(web, web), (web, db)} <= set(map(tuple, seen.needs))
    whole = seen.pieces[seen.pieces["group"] == web]["length_hours"]
    assert whole.median() == pytest.approx(6)
    assert (seen.pieces["group"] == web).all()


def test_today_and_scenarios_beside_it(found):
    today = row(found, "today")
    assert today["failures"] == pytest.approx(11.5 * 8760 / 13_080, rel=0.05)
    assert today["down_p50"] < today["down_p95"] < today["whole_p95"]
    assert 0 < today["chance_availability"] < 1
    assert today["down_error"] > 0
    assert [today["objective"], today["rpo_hours"], today["rto_hours"]] == [0.999, 6, 4]
    changes = [row(found, s)["down_change"] for s in ("nothing", "hourly", "faster", "quick")]
    assert changes[:2] == [0, 0]
    assert changes[2] < 0
    assert changes[3] < 0
    assert row(found, "faster", "db")["down_change"] == 0
    assert row(found, "hourly")["lost_change"] < 0
    assert row(found, "region lost")["down_change"] == pytest.approx(24 / 50, rel=0.4)
    assert row(found, "today", "all services")["down_hours"] == pytest.approx(
        today["down_hours"] + row(found, "today", "db")["down_hours"]
    )
    assert row(found, "region lost", "db")["chance_recovery"] > row(found, "today", "db")["chance_recovery"]


def test_a_service_without_backups_has_no_lost_data_and_the_rest(found):
    assert np.isnan(row(found, "hourly", "db")["lost_hours"])
    assert row(found, "hourly", "db")["down_hours"] == row(found, "today", "db")["down_hours"]
    assert found.basis.set_index("service").loc["db", "n_pieces"] == 0


def test_curves_fall(found):
    curve = found.curves.query("scenario == 'today' and service == 'web' and quantity == 'down'")
    assert curve["hours"].is_monotonic_increasing
    assert curve["share_longer"].is_monotonic_decreasing
    half = curve["hours"][curve["share_longer"].sub(0.5).abs().idxmin()]
    assert half == pytest.approx(row(found, "today")["down_p50"], rel=0.02)


def test_it_comes_out_the_same_each_time(logs, found):
    again = ca.what_if(logs, "2026Q2", scenarios={"hourly": {"backup_every": "1h"}}, years=2000)
    pd.testing.assert_series_equal(row(again, "hourly"), row(found, "hourly"))
    other = ca.what_if(logs, "2026Q2", scenarios={}, years=2000, seed=1)
    assert row(other, "today")["down_hours"] != row(found, "today")["down_hours"]


def test_what_is_not_known_is_null_with_its_reason():
    logs = platform_logs(detected=False, restored=False)
    found = ca.what_if(logs, "2026Q2", scenarios={"quick": {"detect_within": "5min"}}, years=500)
    assert row(found, "quick")["reason"] == "how long failures stay undetected is not known"
    assert np.isnan(row(found, "quick")["down_p50"])
    assert row(found, "quick", "all services")["reason"] == "not every service can be answered"
    assert np.isnan(row(found, "today")["lost_p95"])  # nobody records whether a backup was needed
    stated = ca.what_if(logs, "2026Q2", scenarios={}, needs_backup=0.5, years=500)
    assert row(stated, "today")["lost_hours"] > 0


def test_no_failure_is_no_answer():
    catalog = {"services": {"web": {"in_service_since": "2025-01-01", "watched_by": ["pager"]}}}
    found = ca.what_if(empty_logs(catalog), "2026Q2", scenarios={"fewer": {"failure_rate": 0.5}}, years=200)
    assert row(found, "fewer")["reason"].startswith("no failure in")
    assert found.summary["down_p50"].isna().all()


def test_nothing_at_all():
    found = ca.what_if(empty_logs(), "2026Q2", scenarios={"fewer": {"failure_rate": 0.5}}, years=200)
    assert set(found.summary["service"]) == {"all services"}
    assert found.summary["down_p50"].isna().all()


def test_wrong_arguments(logs):
    with pytest.raises(InputError, match="at least 100 years"):
        ca.what_if(logs, "2026Q2", scenarios={}, years=10)
    with pytest.raises(InputError, match="share from 0 to 1"):
        ca.what_if(logs, "2026Q2", scenarios={}, needs_backup=2)


def test_what_the_catalogue_states_is_asked_unless_others_are_given():
    logs = platform_logs(scenarios={"hourly": {"services": ["web"], "backup_every": "1h"}})
    assert set(ca.what_if(logs, "2026Q2", years=100).summary["scenario"]) == {"today", "hourly"}
    assert set(ca.what_if(logs, "2026Q2", scenarios={}, years=100).summary["scenario"]) == {"today"}


def test_without_scenarios_the_usual_ones_are_asked(logs):
    found = ca.what_if(logs, "2026Q2", years=100).summary
    assert list(dict.fromkeys(found["scenario"])) == ["today", *USUAL]
