"""Rules of readiness: every branch by hand, and what no rule may do whatever is seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models import readiness_platform as platform
from continuity_analysis.models import readiness_recovery as recovery
from continuity_analysis.models.readiness import RESULTS, RULES, count_results, judge_readiness
from continuity_analysis.models.readiness_rules import rule_age

NOW = pd.Timestamp("2026-07-01", tz="UTC")
ASKED = {
    "min_replicas": 2.0, "min_nodes": 2.0, "min_zones": 2.0, "seen_max_age_days": 30.0, "pipeline_max_age_days": 90.0,
    "rollback_max_age_days": 365.0, "proof_max_age_days": 365.0, "drill_max_age_days": 365.0,
    "reconnect_within_hours": 0.25, "evidence_max_age_days": 365.0,
}  # fmt: skip
MOMENTS = ("at", "ended_at", "deployed_at", "rollback_at", "seen_at", "refused_at", "broken_at", "proven_at",
           "recorded_from", "recorded_until")  # fmt: skip
properties = settings(derandomize=True, deadline=None, max_examples=25)


def before(days):
    """The moment so many days before now; None: missing."""
    return pd.NaT if days is None else NOW - pd.Timedelta(days=days)


def part(**values):
    """One row of a part, days before now for its moments, with what is usually asked."""
    moments = {name: pd.to_datetime([before(values.pop(name, None))], utc=True).as_unit("us") for name in MOMENTS}
    row = {"service": "shop", "part": "web", "refused": None} | ASKED | values
    columns = {name: pd.array([v], dtype="str" if v is None or isinstance(v, str) else None) for name, v in row.items()}
    return pd.DataFrame(columns | moments)


def judged(rule, rows, **more):
    found = rule(rows, NOW, **more).iloc[0]
    return found["result"], found["evidence"]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"at": 31, "ready": 3, "replicas": 3}, ("UNKNOWN", "last seen on 2026-05-31, too long before to tell")),
        ({"at": 1, "ready": 2, "replicas": 3}, ("PASS", "replicas ready: 2 of 3 asked for on 2026-06-30")),
        ({"at": 1, "ready": 1, "replicas": 3}, ("FAIL", "replicas ready: 1 of 3 asked for on 2026-06-30")),
        ({"at": 1, "ready": 2, "replicas": None}, ("PASS", "replicas ready: 2 on 2026-06-30")),
        ({"at": 1, "ready": None, "replicas": 1}, ("FAIL", "replicas asked for: 1 on 2026-06-30")),
        ({"at": 1, "ready": None, "replicas": 2}, ("UNKNOWN", "how many replicas are ready was not seen")),
    ],
)
def test_replicas(seen, expected):
    counts = {c: np.nan if seen[c] is None else seen[c] for c in ("ready", "replicas")}
    assert judged(platform.rule_replicas, part(**seen | counts)) == expected


@pytest.mark.parametrize(
    ("zones", "at", "result"), [(2, 1, "PASS"), (1, 1, "FAIL"), (np.nan, 1, "UNKNOWN"), (2, 31, "UNKNOWN")]
)
def test_spread_over_zones_and_nodes(zones, at, result):
    for over in ("zones", "nodes"):
        assert judged(platform.rule_spread, part(at=at, **{over: zones}), over=over)[0] == result


@pytest.mark.parametrize(
    ("there", "at", "expected"),
    [
        (True, 1, ("PASS", "has an autoscaler on 2026-06-30")),
        (False, 1, ("FAIL", "has no autoscaler on 2026-06-30")),
        (pd.NA, 1, ("UNKNOWN", "whether it has an autoscaler was not seen")),
        (True, 31, ("UNKNOWN", "last seen on 2026-05-31, too long before to tell")),
    ],
)
def test_flags(there, at, expected):
    rows = part(at=at).assign(autoscaled=pd.array([there], dtype="boolean"))
    assert judged(platform.rule_flag, rows, flag="autoscaled", name="an autoscaler") == expected


@pytest.mark.parametrize(
    ("outcome", "result"), [("completed", "PASS"), ("failed", "FAIL"), ("rolled back", "FAIL"), (None, "UNKNOWN")]
)
def test_pipeline_green_by_the_outcome_of_the_last_deployment(outcome, result):
    assert judged(platform.rule_pipeline_green, part(ended_at=outcome and 3, outcome=outcome))[0] == result


def test_pipeline_green_leaves_out_components_not_deployed_for_long_unless_none_is():
    old = part(part="retired", ended_at=200, outcome="failed")
    both = pd.concat([old, part(ended_at=3, outcome="completed")], ignore_index=True)
    assert platform.rule_pipeline_green(both, NOW)["result"].to_list() == ["PASS"]
    assert platform.rule_pipeline_green(old, NOW)["result"].to_list() == ["FAIL"]
    rolled = pd.concat([part(part="only rolled back"), part(ended_at=3, outcome="completed")], ignore_index=True)
    assert platform.rule_pipeline_green(rolled, NOW)["result"].to_list() == ["PASS"]


@pytest.mark.parametrize(
    ("last", "record", "result"),
    [
        (90, (400, 0), "PASS"),
        (91, (400, 0), "FAIL"),
        (91, (400, 5), "UNKNOWN"),  # recorded for 86 days after it: not long enough to say that none followed
        (200, (400, 0), "FAIL"),
        (200, (None, None), "UNKNOWN"),
        (None, (91, 0), "FAIL"),
        (None, (90, 0), "UNKNOWN"),
        (None, (None, None), "UNKNOWN"),
    ],
)
def test_age(last, record, result):
    rows = part(deployed_at=last, recorded_from=record[0], recorded_until=record[1])
    assert judged(rule_age, rows, last="deployed_at", limit="pipeline_max_age_days", what="deployment")[0] == result


def test_age_says_when_and_how_long_before_and_from_when_to_when_that_was_recorded():
    asked = {"last": "deployed_at", "limit": "pipeline_max_age_days", "what": "deployment"}
    rows = part(deployed_at=100, recorded_from=200, recorded_until=50)
    said = "last deployment on 2026-03-23 (100 days before); recorded from 2025-12-13 to 2026-05-12"
    assert judged(rule_age, rows, **asked) == ("UNKNOWN", said)
    said = "no deployment is on record; since when such things are recorded is not known"
    assert judged(rule_age, part(), **asked) == ("UNKNOWN", said)


NO_FINDING = "no finding is on record, and an empty cell does not say that there was none"
UNSTATED = "which of them is off-site is not stated"
NEWEST = "the newest backup of 2026-06-30"
COPY = {"seen_at": 1, "n_usable": 1, "at": 1, "one_moment": True, "off_site": True, "places": "far", "proven_at": 3,
        "recorded_from": 400, "recorded_until": 0}  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"seen_at": None}, ("UNKNOWN", "no backup of it was ever seen")),
        ({"seen_at": 31}, ("UNKNOWN", "last seen on 2026-05-31, too long before to tell")),
        ({"n_usable": 0, "refused": "failed"}, ("FAIL", "no usable backup on 2026-06-30; the newest one: failed")),
        ({"refused": "broken chain", "refused_at": 1}, ("FAIL", "the newest backup of 2026-06-30: broken chain")),
        ({"refused": "partial", "refused_at": 1}, ("FAIL", "the newest backup of 2026-06-30: partial")),
        ({"refused": "failed", "refused_at": 1}, ("PASS", f"{NEWEST} holds the data of one moment")),
        ({}, ("PASS", f"{NEWEST} holds the data of one moment")),
        ({"one_moment": False}, ("UNKNOWN", f"{NEWEST} does not say whether it holds the data of one moment")),
    ],
)  # fmt: skip
def test_backups_consistent(seen, expected):
    assert judged(recovery.rule_consistent, part(**COPY | seen)) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"seen_at": None}, ("UNKNOWN", "no backup of it was ever seen")),
        ({"seen_at": 31}, ("UNKNOWN", "last seen on 2026-05-31, too long before to tell")),
        ({"n_usable": 0}, ("FAIL", "no usable backup on 2026-06-30")),
        ({}, ("PASS", "copies at: far")),
        ({"off_site": False, "places": "near"}, ("FAIL", "copies at: near; none of them is off-site")),
        ({"off_site": None, "places": ""}, ("UNKNOWN", f"copies at: no stated place; {UNSTATED}")),
    ],
)  # fmt: skip
def test_backups_off_site(seen, expected):
    far = (COPY | seen)["off_site"]
    rows = part(**COPY | seen | {"off_site": None}).assign(off_site=pd.array([far], dtype="boolean"))
    assert judged(recovery.rule_off_site, rows) == expected


@pytest.mark.parametrize(
    ("seen", "result"),
    [
        ({}, "PASS"),
        ({"proven_at": 366}, "FAIL"),
        ({"proven_at": 366, "recorded_until": 10}, "UNKNOWN"),
        ({"proven_at": None}, "FAIL"),
        ({"proven_at": None, "seen_at": None}, "UNKNOWN"),
        ({"broken_at": 2}, "FAIL"),
        ({"broken_at": 3}, "FAIL"),  # at the same moment
        ({"broken_at": 4}, "PASS"),  # proven since
        ({"broken_at": 4, "proven_at": None}, "FAIL"),
    ],
)
def test_backups_proven(seen, result):
    assert judged(recovery.rule_proven, part(**COPY | seen))[0] == result


def test_a_broken_backup_is_what_the_evidence_rests_on():
    found = recovery.rule_proven(part(**COPY | {"broken_at": 2}), NOW).iloc[0]
    assert found["evidence"] == "a check found a backup broken on 2026-06-29, and none was proven since"
    assert found["evidence_at"] == before(2)


@pytest.mark.parametrize(
    ("outcome", "last", "result"),
    [("restored", 300, "PASS"), ("restored", 366, "FAIL"), ("never", 3, "FAIL"), (None, None, "FAIL")],
)
def test_drill_done(outcome, last, result):
    rows = part(at=last, outcome=outcome, recorded_from=400, recorded_until=0)
    assert judged(recovery.rule_drill, rows)[0] == result


@pytest.mark.parametrize(
    ("found", "still", "back", "expected"),
    [
        (5, 2, 1, ("FAIL", "open: 2 of 5, such as “no key”; found again after an earlier drill: 1")),
        (5, 2, 0, ("FAIL", "open: 2 of 5, such as “no key”")),
        (5, 0, 0, ("PASS", "findings: 5, each closed or not found again")),
        (np.nan, np.nan, np.nan, ("UNKNOWN", NO_FINDING)),
    ],
)  # fmt: skip
def test_findings_closed(found, still, back, expected):
    rows = part(n_found=float(found), n_open=float(still), n_came_back=float(back), finding="no key")
    assert judged(recovery.rule_findings, rows) == expected


@pytest.mark.parametrize(
    ("needs", "n", "late", "expected"),
    [
        (False, 0, 0, ("NOT_APPLICABLE", "the catalogue states nothing that it needs")),
        (True, 0, 0, ("UNKNOWN", "nothing that it needs came back from an outage that it shared")),
        (True, 4, 1, ("FAIL", "3 of 4 times within 15 min; the longest took 2 h")),
        (True, 4, 0, ("PASS", "4 of 4 times within 15 min; the longest took 2 h")),
    ],
)
def test_reconnection(needs, n, late, expected):
    assert judged(recovery.rule_reconnection, part(needs=needs, n=n, n_late=late, longest_hours=2.0)) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (None, ("UNKNOWN", "the catalogue says nothing of contingency suppliers")),
        ("", ("FAIL", "the catalogue says that there is none")),
        ("Second Power, Third", ("PASS", "named: Second Power, Third")),
    ],
)
def test_suppliers(named, expected):
    assert judged(recovery.rule_suppliers, part(suppliers=named)) == expected


# --- all checks of all services


def guidelines(services, **more):
    rows = pd.DataFrame({"service": services, "tier": pd.array([1] * len(services), dtype="Int64")}).assign(**ASKED)
    reasons = {f"not_{name}": pd.array([None] * len(services), dtype="str") for name in RULES}
    return rows.astype({"service": "str"}).assign(**reasons).assign(**more)


def facts(**given):
    """No facts but those given."""
    every = part(n_usable=0, one_moment=False, off_site=None, places="", needs=True, n=0, n_late=0, longest_hours=0.0,
                 n_found=0.0, n_open=0.0, n_came_back=0.0, finding=None, suppliers=None, outcome=None, ready=0.0,
                 replicas=0.0, nodes=0.0, zones=0.0, autoscaled=True, disruption_budget=True)  # fmt: skip
    none = every.drop(columns=list(ASKED)).iloc[:0]
    return dict.fromkeys({c.facts for c in RULES.values()}, none) | given


def workload(name, ready, service="shop"):
    seen = {"ready": float(ready), "replicas": 3.0, "nodes": 1.0, "zones": 1.0, "at": 1}
    rows = part(part=name, service=service, **seen).drop(columns=list(ASKED))
    flags = {c: pd.array([True], dtype="boolean") for c in ("autoscaled", "disruption_budget")}
    return rows.assign(**flags)


def test_the_worst_part_decides_and_is_named():
    rows = pd.concat([workload("api", 1), workload("web", 3), workload("job", 0)], ignore_index=True)
    found = judge_readiness(facts(workloads=rows), guidelines(["shop"]), at=NOW).set_index("check")
    assert found.loc["replicas", "result"] == "FAIL"
    assert found.loc["replicas", "evidence"] == (
        "api: replicas ready: 1 of 3 asked for on 2026-06-30; job: replicas ready: 0 of 3 asked for on 2026-06-30"
    )
    assert found.loc["replicas", "asks"] == "at least 2 replicas ready"


def test_only_the_first_parts_are_listed_and_the_others_counted():
    rows = pd.concat([workload(f"w{i}", 1) for i in range(5)], ignore_index=True)
    found = judge_readiness(facts(workloads=rows), guidelines(["shop"]), at=NOW).set_index("check")
    assert found.loc["replicas", "evidence"].endswith("; and 2 more")
    assert found.loc["replicas", "evidence"].count("replicas ready") == 3


def test_without_any_facts_every_check_is_unknown_and_says_why():
    found = judge_readiness(facts(), guidelines(["shop"]), at=NOW)
    assert set(found["check"]) == set(RULES) and set(found["result"]) == {"UNKNOWN"}
    assert found.set_index("check").loc["pipeline_green", "evidence"] == "no change of it is on record"


def test_what_does_not_apply_says_so_and_hides_what_was_seen():
    skipped = guidelines(["shop", "web"], not_replicas=pd.array(["one by design", None], dtype="str"))
    rows = pd.concat([workload("a", 1), workload("b", 1, "web")], ignore_index=True)
    found = judge_readiness(facts(workloads=rows), skipped, at=NOW)
    rows = found[found["check"] == "replicas"].set_index("service")
    assert rows["result"].to_dict() == {"web": "FAIL", "shop": "NOT_APPLICABLE"}
    assert rows.loc["shop", "evidence"] == "one by design" and pd.isna(rows.loc["shop", "evidence_at"])


def test_the_worst_come_first_then_by_tier_and_are_counted_without_a_score():
    rows = pd.concat([workload("a", 1, "shop"), workload("b", 3, "web")], ignore_index=True)
    asked = guidelines(["shop", "web"], tier=pd.array([2, 1], dtype="Int64"))
    found = judge_readiness(facts(workloads=rows), asked, at=NOW)
    fails = found[found["result"] == "FAIL"]
    assert fails["service"].to_list() == ["web", "web", "shop", "shop", "shop"]
    assert found["result"].map(RESULTS.index).is_monotonic_increasing
    counted = count_results(found).set_index("service")
    assert counted.index.to_list() == ["shop", "web"]
    assert counted.loc["shop"].to_list() == [2, 3, len(RULES) - 5, 2, 0]
    assert counted.filter(like="n_").sum(axis=1).to_list() == [len(RULES)] * 2


def test_no_services_give_no_rows():
    found = judge_readiness(facts(), guidelines([]), at=NOW)
    assert found.empty and count_results(found).empty


# --- what no rule may do


SEEN = st.none() | st.integers(0, 6)


@given(SEEN, SEEN, st.integers(1, 5), st.integers(0, 60), st.integers(1, 3))
@properties
def test_more_replicas_never_turn_pass_into_fail(ready, asked, least, at, more):
    def result(extra):
        counts = {"ready": ready, "replicas": asked}
        counts = {n: np.nan if v is None else float(v + extra) for n, v in counts.items()}
        return judged(platform.rule_replicas, part(at=at, min_replicas=float(least), **counts))[0]

    order = ["FAIL", "UNKNOWN", "PASS"]
    assert order.index(result(more)) >= order.index(result(0))


@given(st.none() | st.integers(0, 500), st.none() | st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
@properties
def test_a_later_moment_never_makes_old_evidence_fresh(last, since, until, later):
    rows = part(deployed_at=last, recorded_from=since, recorded_until=None if since is None else min(until, since))

    def result(now):
        asked = {"last": "deployed_at", "limit": "pipeline_max_age_days", "what": "deployment"}
        return rule_age(rows, now, **asked).iloc[0]["result"]

    if result(NOW) != "PASS":
        assert result(NOW + pd.Timedelta(days=later)) != "PASS"


@given(st.integers(0, 500), st.none() | st.integers(0, 500), st.integers(1, 100))
@properties
def test_a_later_proof_never_turns_pass_into_fail(proven, broken, later):
    def result(days):
        return judged(recovery.rule_proven, part(**COPY | {"proven_at": days, "broken_at": broken}))[0]

    if result(proven) == "PASS":
        assert result(max(proven - later, 0)) == "PASS"


def test_of_many_services_each_is_judged_by_its_worst_part_as_one_by_one():
    rng = np.random.default_rng(0)
    names, ready = rng.choice(list("abcdefghijklmnopqrst"), 30), rng.integers(0, 5, 30)
    one = workload("w", 0)
    rows = one.loc[[0] * 30].reset_index(drop=True).assign(service=pd.array(names, dtype="str"), ready=ready)
    found = judge_readiness(facts(workloads=rows), guidelines(list("abcdefghijklmnopqrst")), at=NOW)
    replicas = found[found["check"] == "replicas"].set_index("service")["result"]
    assert set(replicas) == {"FAIL", "UNKNOWN", "PASS"}
    for name, result in replicas.items():
        own = ready[names == name]
        assert result == ("UNKNOWN" if not len(own) else "PASS" if min(own) >= 2 else "FAIL")
