"""Estimated, expected, achieved from logs: one row per service and objective, and what tools reckon as their own."""

import numpy as np
import pytest

from continuity_analysis.questions.estimates import estimated_expected_achieved
from tests.measurements.backup_logs import at, backup, logs_of
from tests.questions.test_readiness import EXPORTS, drill

CATALOG = {
    "services": {
        "shop": {"components": ["web", "arn:shop"], "assets": ["db"], "in_service_since": "2026-07-01",
                 "objectives": {"rpo": "30h", "rto": "4h", "availability": "99%"}},
        "quiet": {"components": ["quiet"], "in_service_since": "2026-07-01"},
    }
}  # fmt: skip
PERIOD = (at(30), at(1000))


def reckoned(ident, when, disruption, *, rto=None, rpo=None, recoverable=True, component="web"):
    return {"estimate_id": ident, "component": component, "disruption": disruption, "assessed_at": when,
            "rto_seconds": rto, "rpo_seconds": rpo, "recoverable": recoverable, "product": "awsresiliencehub",
            "format": "awsresiliencehub_assessments", "export_id": "aws", "record_no": 1}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    backups = [backup(f"b{i}", 24 * i, 24 * i + 1, 24 * i) for i in range(41)]
    drills = [drill(100, 103), drill(200, 202), drill(300, 307)]
    told = [
        reckoned("old", 100, "zone", rto=60.0, rpo=60.0),
        reckoned("new", 500, "zone", rto=7200.0, rpo=300.0),
        reckoned("new", 500, "zone", rto=600.0, rpo=900.0, component="arn:shop"),
        reckoned("new", 500, "region", recoverable=False),
        reckoned("later", 1001, "hardware", rto=1.0, rpo=1.0),
    ]
    logs = logs_of(backups, EXPORTS, catalog=CATALOG, as_of=1000, recoveries=drills, estimates=told)
    return estimated_expected_achieved(logs, PERIOD)


def test_there_is_a_row_per_service_and_objective_even_where_nothing_is_known(found):
    own = found[found["source"] == "configuration"]
    assert sorted(zip(own["service"], own["objective"], strict=True)) == [
        (s, o) for s in ("quiet", "shop") for o in ("availability", "rpo", "rto")
    ]
    quiet = own[own["service"] == "quiet"].set_index("objective")
    assert quiet["estimated"].isna().all() and (quiet["basis"] != "").all()


def test_rpo_is_reckoned_from_the_schedule_and_rto_from_drills(found):
    own = found[(found["source"] == "configuration") & (found["service"] == "shop")].set_index("objective")
    assert own.loc["rpo", ["estimated", "n"]].to_list() == [25 * 3600, 40]
    assert own.loc["rpo", "achieved"] == pytest.approx(40 * 3600)  # no backup in the last hours of the period
    assert own.loc["rto", ["estimated", "n"]].to_list() == [3 * 3600, 3]
    assert own.loc["rto", "achieved"] == 7 * 3600
    assert own.loc["rto", "disagreement"] == "estimated 3 h, achieved 7 h: only estimated meets the target"


def test_what_a_tool_reckons_is_a_source_of_its_own_by_its_newest_assessment_and_worst_component(found):
    told = found[found["source"] != "configuration"].set_index(["source", "objective"])["estimated"]
    assert told.to_dict() == {
        ("awsresiliencehub: zone lost", "rto"): 7200.0,
        ("awsresiliencehub: zone lost", "rpo"): 900.0,
        ("awsresiliencehub: region lost", "rto"): np.inf,
        ("awsresiliencehub: region lost", "rpo"): np.inf,
    }
    rto = found[(found["source"] == "awsresiliencehub: zone lost") & (found["objective"] == "rto")].iloc[0]
    assert rto["basis"] == "reckoned from configuration on 2026-07-21 for web" and rto["achieved"] == 7 * 3600


def test_what_only_a_tool_knows_is_listed_without_a_catalogue():
    logs = logs_of([], [], as_of=1000, estimates=[reckoned("new", 500, "zone", rto=60.0, rpo=30.0)])
    row = estimated_expected_achieved(logs, PERIOD).set_index("objective").loc["rto"]
    assert row[["service", "estimated", "verdict"]].to_list() == ["web", 60, "NOT_SET"] and np.isnan(row["achieved"])


def test_those_that_disagree_come_first(found):
    assert found["disagreement"].isna().is_monotonic_increasing


def test_availability_of_replicas_by_their_own_failures():
    out = [(m, 10 + 60 * i + 20 * m, 2) for m in range(2) for i in range(6)]
    rows = []
    for m in range(2):
        since = 0
        for _, start, hours in sorted(o for o in out if o[0] == m):
            rows += [_state(m, "up", since, start), _state(m, "down", start, start + hours)]
            since = start + hours
        rows.append(_state(m, "up", since, 1000))
    catalog = {"services": {"db": {"components": ["db-*"], "in_service_since": "2026-07-01",
                                   "redundancy": {"replicas": 2, "required": 1}}}}  # fmt: skip
    export = {"export_id": "s", "product": "members", "format": "members_states", "export_kind": "window",
              "observed_at": 1000, "covers_from_at": 0, "covers_until_at": 1000}  # fmt: skip
    logs = logs_of([], [export], catalog=catalog, as_of=1000, states=rows)
    row = estimated_expected_achieved(logs, PERIOD).set_index("objective").loc["availability"]
    assert row["n"] == 12 and row["estimated"] == pytest.approx(1 - (12 / 1000) ** 2)
    assert row["achieved"] == 1


def _state(member, word, start, until):
    return {"observer": "member", "component": f"db-{member}", "state": word, "from_at": start, "until_at": until,
            "product": "members", "format": "members_states", "export_id": "s", "record_no": 1}  # fmt: skip


def test_without_logs_there_are_no_rows():
    assert estimated_expected_achieved(logs_of([], [], as_of=1000), PERIOD).empty
