"""Findings: what makes two the same, which came back, which are open, fixed or not found again."""

import pytest

from continuity_analysis.measurements.findings import measure_findings, summarise_findings
from tests.measurements.backup_logs import at, hours, logs_of
from tests.measurements.test_recoveries import attempt


def drill(name, day, *findings, **more):
    row = attempt(name, 24 * day, 24 * day + 5, finished_at=24 * day + 6, findings="\n".join(findings) or None)
    return row | more


def summary(*rows, until=5000, catalog=None):
    logs = logs_of([], recoveries=list(rows), as_of=5000, catalog=catalog)
    return summarise_findings(measure_findings(logs.recoveries, until=at(until)))


def states(*rows, **how):
    found = summary(*rows, **how)
    return dict(zip(found["finding"], found["state"], strict=True))


SAME = {
    "the same words": ("DNS was slow", "DNS was slow", 1),
    "case, spaces and the final point": ("DNS  was slow.", "dns was slow", 1),
    "other words": ("DNS was slow", "DNS was very slow", 2),
    "the same id": ("OPS-12: DNS was slow", "ops-12 name service took long", 1),
    "the same id in brackets": ("[OPS-12] DNS was slow", "OPS-12, name service", 1),
    "the same number": ("#7 DNS was slow", "#7: again", 1),
    "other ids, the same words": ("OPS-12 DNS was slow", "OPS-13 DNS was slow", 2),
    "an id in the middle is none": ("see OPS-12", "look at OPS-12", 2),
    "a word with a hyphen and no number is none": ("run-book is old", "run-book names nobody", 2),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same(name):
    first, second, different = SAME[name]
    found = summary(drill("a", 1, first), drill("b", 2, second))
    assert len(found) == different
    assert found["came_back"].any() == (different == 1)
    if different == 1:
        assert found["finding"].tolist() == [second]


def test_what_becomes_of_findings():
    found = summary(
        drill("a", 1, "DNS was slow", "nobody was called", "the key was lost"),
        drill("b", 2, "DNS was slow", "fixed: the key was lost"),
        drill("c", 3, "DNS was slow"),
    ).set_index("finding")
    assert found["state"].to_dict() == {
        "DNS was slow": "open", "nobody was called": "not found again", "the key was lost": "fixed"}  # fmt: skip
    assert found["n"].to_dict() == {"DNS was slow": 3, "nobody was called": 1, "the key was lost": 1}
    assert found["n_later"].to_dict() == {"DNS was slow": 0, "nobody was called": 2, "the key was lost": 2}
    assert found["came_back"].tolist() == [True, False, False]
    assert (found["n_recoveries"] == 3).all()
    assert hours(found["first_at"])[0] == 30
    assert hours(found["last_at"])[0] == 78


def test_a_recovery_that_recorded_nothing_closes_nothing():
    assert states(drill("a", 1, "DNS was slow"), drill("b", 2)) == {"DNS was slow": "open"}
    assert states(drill("a", 1, "DNS was slow"), drill("b", 2, "other")) == {
        "DNS was slow": "not found again", "other": "open"}  # fmt: skip


def test_what_comes_back_after_its_fix_is_said():
    found = summary(drill("a", 1, "DNS"), drill("b", 2, "closed: DNS"), drill("c", 3, "DNS"))
    assert found[["n", "state", "came_back", "after_fix"]].iloc[0].tolist() == [2, "open", True, True]


def test_attempts_for_one_disruption_are_one_and_a_line_twice_is_one():
    first = drill("a", 1, "DNS", "DNS", status="failed", service_restored_at=None)
    found = summary(first, drill("b", 1, "DNS", "other"))
    assert found["n"].tolist() == [1, 1]
    assert found["n_recoveries"].tolist() == [1, 1]
    assert not found["came_back"].any()


def test_services_and_how_many_share_a_finding():
    catalog = {"services": {"shop": {"assets": ["db"]}, "desk": {"assets": ["db", "files"]}}}
    found = summary(drill("a", 1, "DNS"), drill("b", 2, "DNS", asset="files"), catalog=catalog)
    assert found.set_index("service")["n"].to_dict() == {"desk": 2, "shop": 1}
    assert found["n_services"].tolist() == [2, 2]


def test_remarks_of_tools_self_healing_and_what_is_not_over_are_no_findings():
    tool = drill("a", 1, "restored elsewhere", kind="restore", scope="data", disrupted_at=None)
    assert summary(tool, drill("b", 2, "restarted", kind="self_heal")).empty
    assert summary(drill("c", 3, "DNS"), until=24 * 3 + 5.5).empty
    assert len(summary(drill("c", 3, "DNS"), until=24 * 3 + 6)) == 1
    assert summary(drill("d", 4)).empty
    assert summary().empty
    assert {"service", "finding", "n", "state", "came_back"} <= set(summary().columns)
