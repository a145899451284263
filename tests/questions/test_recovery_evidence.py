"""Findings and longest disruptions, from logs to verdicts, tables and sentences."""

import pytest

import continuity_analysis as ca
from continuity_analysis.figures import recovery_evidence as figures
from continuity_analysis.figures.question_tables import recovery_time_table
from continuity_analysis.figures.sentences import percentile, recovery_time_sentence
from tests.measurements.backup_logs import at, export, logs_of
from tests.questions.test_recovery_time import DAY, recovery
from tests.questions.test_recovery_time import logs as recovery_logs

MONTH = ("2026-07-01", "2026-08-01")


def incident(n, start, end, *, asset="web", impact=1.0, **more):
    row = {"incident_id": f"i{n}", "component": asset, "started_at": start, "restored_at": end, "impact": impact}
    row |= {"kind": "incident", "status": "resolved" if end is not None else "open", "product": "tool"}
    return row | {"export_id": "history", "updated_at": 744} | more


def asked(incidents=(), recoveries=(), *, mtpd="10h", period=MONTH, **stated):
    objectives = {"mtpd": mtpd} if mtpd else {}
    shop = {"components": ["web"], "assets": ["db"], "in_service_since": "2026-07-01", "watched_by": ["tool"],
            "objectives": objectives | stated.pop("objectives", {})} | stated  # fmt: skip
    logs = logs_of([], [export(until=744)], incidents=list(incidents), recoveries=list(recoveries),
                   catalog={"services": {"shop": shop}}, as_of=744)  # fmt: skip
    return ca.longest_disruptions(logs, period).set_index("service").loc["shop"]


def real(n, took, *, day=1, **more):
    return recovery(n, took, day=day, kind="restore") | more


def test_any_single_disruption_longer_breaches():
    row = asked([incident(1, 24, 33), incident(2, 50, 61)])
    assert row[["n", "n_over", "longest_hours", "longest_source", "longest_id"]].tolist() == [
        2,
        1,
        11,
        "incident",
        "i2",
    ]
    assert row[["objective", "verdict"]].tolist() == [10, "BREACHED"]
    assert asked([incident(1, 24, 34)])["verdict"] == "MET"
    assert asked([incident(1, 24, 34)], mtpd=None)["verdict"] == "NOT_SET"


def test_a_real_recovery_is_a_disruption_also_where_no_incident_was_written():
    row = asked([incident(1, 24, 26)], [real(1, 11, day=3)])
    assert row[["n", "longest_hours", "longest_source", "longest_id", "verdict"]].tolist() == [
        2, 11, "recovery", "r1", "BREACHED"]  # fmt: skip


def test_a_drill_is_none_but_is_counted_where_it_was_too_slow():
    row = asked((), [recovery(1, 11, day=2), recovery(2, 3, day=4)])
    assert row[["n", "n_drills_over", "verdict"]].tolist() == [0, 1, "MET"]


def test_one_that_failed_lasted_at_least_until_then():
    failed = real(
        1, 0, day=2, status="failed", service_restored_at=None, data_restored_at=None, finished_at=2 * DAY + 5
    )
    row = asked((), [failed])
    assert row[["longest_hours", "n_censored", "verdict"]].tolist() == [5, 1, "INSUFFICIENT"]
    told = asked([incident(1, 2 * DAY, 2 * DAY + 9)], [failed])
    assert told[["longest_hours", "n_censored", "verdict"]].tolist() == [9, 0, "MET"]


def test_begun_before_the_period_counts_with_its_whole_length_and_later_ones_do_not():
    row = asked(
        [incident(1, 24, 24 * 12)], [real(1, 11, day=1), real(2, 30, day=20)], period=("2026-07-10", "2026-07-15")
    )
    assert row[["n", "n_before", "longest_hours"]].tolist() == [1, 1, 24 * 11]


def test_what_left_the_service_its_minimum_capacity_is_tolerable():
    partial = [incident(1, 24, 60, impact=0.4), incident(2, 80, 82)]
    assert asked(partial)["verdict"] == "BREACHED"
    row = asked(partial, minimum_capacity="60%")
    assert row[["n", "n_tolerable", "longest_hours", "minimum_capacity", "verdict"]].tolist() == [1, 1, 2, 0.6, "MET"]
    assert asked(partial, minimum_capacity="61%")["verdict"] == "BREACHED"
    unknown = [incident(1, 24, 60, impact=None)]
    assert asked(unknown, minimum_capacity="60%")["verdict"] == "BREACHED"


def test_an_objective_that_promises_less_than_can_be_borne_is_said():
    row = asked(objectives={"rto": "12h"})
    assert row["rto_over_mtpd"]
    assert not asked(objectives={"rto": "10h"})["rto_over_mtpd"]
    table = figures.disruptions_table(row.to_frame().T.reset_index(names="service"))
    assert table.rows[0][-1] == "the RTO is longer than the MTPD"


def test_findings_of_a_period_and_their_sentence():
    rows = [
        recovery(1, day=1, findings="DNS was slow\nnobody was called"),
        recovery(2, day=9, findings="dns was slow."),
    ]
    found = ca.drill_findings(recovery_logs(*rows))
    assert found["state"].tolist() == ["open", "not found again"]
    early = ca.drill_findings(recovery_logs(*rows), period=(at(0), at(5 * DAY)))
    assert early["state"].tolist() == ["open", "open"]
    assert figures.findings_sentence(found) == (
        "Drills and recoveries of 1 service recorded 2 findings: 1 open, **1 came back** in a later one, 1 of these "
        "still open."
    )
    table = figures.findings_table(found)
    assert [r[1:4] for r in table.rows] == [("dns was slow.", "open", "2 of 2")]
    assert table.caption.endswith("(1 more not shown)")
    nothing = ca.drill_findings(recovery_logs(recovery(1)))
    assert figures.findings_sentence(nothing) == figures.NO_FINDINGS
    assert figures.findings_table(nothing).rows == ()


@pytest.mark.parametrize(("share", "said"), [(0.6877, 68), (0.95, 95), (0.29, 29), (0.05 ** (1 / 5), 54)])
def test_a_percentile_is_at_least_reached(share, said):
    assert percentile(share) == said


def test_what_the_slowest_bounds_stands_in_table_and_sentence():
    found = ca.recovery_time(recovery_logs(*(recovery(n, 2 + n / 2, day=n) for n in range(8))))
    sentence = recovery_time_sentence(found)
    said = "at least 68 % of recoveries end within 5 h 30 min, the slowest of 8 (one-sided, 95 %)."
    assert sentence.endswith(f"Most is proven of **shop**: {said}")
    table = recovery_time_table(found)
    assert table.rows[0][table.columns.index("Slowest back bounds")] == "P68"
    failed = recovery(1, status="failed", service_restored_at=None)
    assert "bounds" not in recovery_time_sentence(ca.recovery_time(recovery_logs(failed)))
