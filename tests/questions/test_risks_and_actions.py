"""What may break next and what to do, each row with its evidence; and how both are told."""

import sys

import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.figures import risks as figures
from continuity_analysis.questions.actions import COLUMNS as OF_ACTIONS
from continuity_analysis.questions.risks import AT_RISK, RUNS_OUT, UNPROTECTED, UNPROVEN
from continuity_analysis.questions.risks import COLUMNS as OF_RISKS
from tests.measurements.backup_logs import at, backup, export, logs_of
from tests.questions.test_readiness import EXPORTS, drill

PERIOD = (at(0), at(24 * 31))
PROMISES = {"rpo": "30h", "rto": {"within": "8h", "chance": "20%"}}
SHOP = {"components": ["web"], "assets": ["db"], "tier": 2, "objectives": PROMISES, "evidence_max_age_days": 45}
FREE = {"components": ["api"], "assets": ["files"], "tier": 1}


def card(*rows):
    """A scorecard of some rows: service, objective, verdict, and the achieved number of the period before."""
    columns = ["service", "objective", "verdict", "previous"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.assign(tier=1, target=0.99, reason=frame["verdict"].str.lower() + " because", n=4)


@pytest.fixture(scope="module")
def logs():
    """A backup a day of one asset; those of the other end on the tenth day, and expire; drills with two findings."""
    shop = [backup(f"db{i}", 24 * i, 24 * i + 2, 24 * i) for i in range(-1, 31)]
    free = [backup(f"f{i}", 24 * i, 24 * i + 2, 24 * i, asset="files", expires_at=24 * i + 48) for i in range(-1, 10)]
    found = [drill(100, 102, findings="Nobody knew the password\nThe runbook was old"),
             drill(300, 303, findings="Nobody knew the password")]  # fmt: skip
    exports = [export(since=-48, until=24 * 31), *EXPORTS[1:]]
    return logs_of(shop + free, exports, recoveries=found, catalog={"services": {"shop": SHOP, "free": FREE}},
                   as_of=24 * 31)  # fmt: skip


def test_risks_are_what_has_no_backup_what_is_at_risk_what_runs_out_and_what_is_not_proven(logs):
    asked = card(("shop", "availability", "AT_RISK", 1.0), ("shop", "restore", "INSUFFICIENT", None),
                 ("shop", "rpo", "MET", 1.0), ("free", "rpo", "BREACHED", 1.0))  # fmt: skip
    found = ca.risks(logs, PERIOD, card=asked)
    assert list(found.columns) == list(OF_RISKS)
    assert found[["risk", "service", "objective"]].values.tolist() == [
        [UNPROTECTED, "free", "rpo"],
        [AT_RISK, "shop", "availability"],
        [RUNS_OUT, "shop", "rto"],
        [UNPROVEN, "shop", "restore"],
    ]
    assert found["tier"].tolist() == [1, 2, 2, 2]
    assert found["evidence"].str.len().min() > 10
    assert found["evidence"][0] == "no usable backup for 64.5 % of the time watched"  # the last expires 264 of 744 h in
    assert found.loc[2, "since"] == at(303)
    assert f"after {at(303 + 45 * 24):%Y-%m-%d}" in found.loc[2, "evidence"]


def test_a_proof_that_holds_beyond_the_next_period_is_no_risk(logs):
    services = {"shop": SHOP | {"evidence_max_age_days": 365}}
    drills = [drill(300, 303)]
    longer = logs_of([], EXPORTS, recoveries=drills, catalog={"services": services}, as_of=24 * 31)
    assert ca.risks(longer, PERIOD, card=card()).empty


def test_actions_follow_from_breaches_findings_and_checks(logs):
    asked = card(("shop", "availability", "BREACHED", 0.5), ("free", "availability", "BREACHED", 1.0),
                 ("shop", "rpo", "AT_RISK", 1.0))  # fmt: skip
    found = ca.actions(logs, PERIOD, card=asked)
    assert list(found.columns) == list(OF_ACTIONS)
    breached = found[found["source"] == "objective"]
    assert breached[["service", "subject", "n"]].values.tolist() == [
        ["free", "availability", 4], ["shop", "availability", 4],
    ]  # fmt: skip
    window = ca.read_period(PERIOD, timezone="UTC", as_of=logs.as_of)
    assert breached["since"].tolist() == [window.start, window.previous().start], "missed in the period before too"
    (finding,) = found[found["source"] == "finding"].to_dict("records")
    assert (finding["subject"], finding["service"], finding["n"]) == ("Nobody knew the password", "shop", 2)
    assert (finding["evidence"], finding["since"]) == ("found in 2 of 2 recoveries", at(102))
    checks = found[found["source"] == "check"]
    failed = ca.readiness(logs, period=PERIOD).query("result == 'FAIL' and check != 'findings_closed'")
    assert sorted(zip(checks["service"], checks["subject"], strict=True)) == sorted(
        zip(failed["service"], failed["check"], strict=True)
    )
    assert found["evidence"].notna().all()


def test_durations_longer_than_promised_before_were_missed_before(logs):
    asked = card(("shop", "rpo", "BREACHED", 2.0), ("free", "rpo", "BREACHED", 0.5), ("free", "rto", "BREACHED", None))
    window = ca.read_period(PERIOD, timezone="UTC", as_of=logs.as_of)
    since = (
        ca.actions(logs, PERIOD, card=asked).query("source == 'objective'").set_index(["service", "subject"])["since"]
    )
    assert since["shop", "rpo"] == window.previous().start
    assert since["free", "rpo"] == since["free", "rto"] == window.start


def test_without_a_card_the_scorecard_is_asked(logs, monkeypatch):
    asked = card(("shop", "availability", "AT_RISK", 1.0), ("shop", "restore", "BREACHED", 1.0))
    for name in ("risks", "actions"):
        module = sys.modules[f"continuity_analysis.questions.{name}"]
        monkeypatch.setattr(module, "scorecard", lambda logs, window: asked)
    assert (ca.risks(logs, PERIOD)["risk"] == AT_RISK).sum() == 1
    assert ca.actions(logs, PERIOD).query("source == 'objective'")["subject"].tolist() == ["restore"]


def test_of_no_logs_there_is_neither():
    nothing = logs_of([], [], as_of=24 * 31)
    assert ca.risks(nothing, PERIOD, card=card()).empty
    assert ca.actions(nothing, PERIOD, card=card()).empty
    assert figures.risks_table(ca.risks(nothing, PERIOD, card=card())).caption == figures.NO_RISK
    assert figures.actions_finding(ca.actions(nothing, PERIOD, card=card())).headline.startswith("Nothing is broken")


def rows(*told):
    columns = ["source", "subject", "service", "evidence", "n", "since"]
    frame = pd.DataFrame(list(told), columns=columns)
    return frame.assign(since=pd.to_datetime(frame["since"], utc=True), n=frame["n"].astype("Int64"))


def test_what_asks_for_the_same_is_one_action():
    told = rows(
        ("objective", "rpo", "shop", "6 % over", 9, "2026-07-01"),
        ("objective", "rpo", "free", "1 % over", 8, "2026-04-01"),
        ("finding", "No key", "shop", "found in 1 of 2 recoveries", 1, "2026-02-03"),
        ("check", "zones", "shop", "one zone", None, None),
    )
    table = figures.actions_table(told)
    assert [row[1:] for row in table.rows] == [
        ("shop: 6 % over (and 1 more)", "shop, free", "2026-04-01"),
        ("found in 1 of 2 recoveries", "shop", "2026-02-03"),
        ("one zone", "shop", "—"),
    ]
    assert table.rows[1][0] == "Close what drills found: “No key”"
    assert table.slide_rows == figures.ON_SLIDES
    said = figures.actions_finding(told)
    assert said.headline == "3 actions are needed to keep and prove what we promise"
    assert said == "They follow from 2 breached objectives, 1 open drill finding and 1 failed check of 2 services."


def test_risks_of_the_same_evidence_are_one_row():
    told = pd.DataFrame({"risk": "at risk", "service": ["a", "b", "c"], "objective": "rpo", "n": 3,
                         "evidence": ["x", "x", "y"], "since": pd.NaT})  # fmt: skip
    table = figures.risks_table(told)
    assert table.rows == (
        ("At risk", "Data at risk (RPO)", "a, b", "x", "3"),
        ("At risk", "Data at risk (RPO)", "c", "y", "3"),
    )
    said = figures.risks_finding(told)
    assert said == "3 risks of 3 services: 3 at risk."
    assert said.headline == "3 risks to promises; first of all a: x"


def test_of_many_services_a_row_names_some_and_counts_the_rest():
    told = rows(*(("objective", "rpo", f"s{i}", "6 % over", 9, "2026-07-01") for i in range(60)))
    ((_, _, services, _),) = figures.actions_table(told).rows
    assert services == "s0, s1, s2, s3, s4 and 55 more"
    ((_, _, services, _),) = figures.actions_table(told.head(6)).rows
    assert services == "s0, s1, s2, s3, s4, s5"
