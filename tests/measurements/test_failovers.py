from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis import availability, read_logs
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.failovers import failover_recoveries, measure_failovers
from continuity_analysis.questions.recovery_time import recovery_phases, recovery_survival, recovery_time
from tests.measurements.set_logs import BEGIN, lives, text_of, without_primary

NOON = int(to_microseconds(["2026-07-01T12:00Z"])[0])
MONGO = {"services": {"mongo": {"components": ["shop/*"]}}}


def role(member, name, start, end=None):
    until = {"until_at": f"2026-07-01T{end}"} if end else {}
    return {"product": "mongodb", "observer": "member", "component": f"shop/{member}", "state": name,
            "from_at": f"2026-07-01T{start}", "observed_at": "2026-07-01T18:00"} | until  # fmt: skip


SET = [{"product": "mongodb", "component": "shop", "observed_at": "2026-07-01T11:00", "replicas": 2}]
HANDED_OVER = [
    role("a", "primary", "12:00", "13:00"), role("a", "secondary", "13:00", "18:00"),
    role("b", "secondary", "11:00", "13:01"), role("b", "primary", "13:01", "18:00"),
]  # fmt: skip


def logs_of(*roles, members=2, **more):
    workloads = [SET[0] | {"replicas": members}] if members else []
    logs = make_logs(as_of="2026-07-01T18:00", states=list(roles), workloads=workloads, **({"catalog": MONGO} | more))
    recoveries = logs.recoveries.assign(service=pd.Series(dtype="str"))
    return replace(logs, tables={**logs.tables, "recoveries": recoveries})


def minutes(found):
    """(from, until, last seen) in minutes after noon; None where no primary came; and why it does not count."""
    end = [None if e == UNKNOWN else (e - NOON) / 6e7 for e in found["end"]]
    start, last = (found["start"] - NOON) / 6e7, (found["last_seen"] - NOON) / 6e7
    return list(zip(start, end, last, found["reason"].astype(object).where(found["reason"].notna(), None), strict=True))


def test_a_failover_lasts_from_the_loss_of_the_old_primary_until_writes_on_the_new_one():
    found = measure_failovers(logs_of(*HANDED_OVER))
    assert minutes(found) == [(60, 61, 61, None)]
    assert found[["service", "replica_set", "old_primary", "new_primary", "left_as", "at_most"]].iloc[0].tolist() == [
        "mongo", "shop", "shop/a", "shop/b", "secondary", False,
    ]  # fmt: skip


def test_a_set_without_a_primary_to_the_end_is_open_as_long_as_it_was_seen():
    open_ended = [*HANDED_OVER[:3], role("b", "secondary", "13:01", "17:55")]
    assert minutes(measure_failovers(logs_of(*open_ended))) == [(60, None, 360, None)]


def test_a_primary_that_nobody_saw_leave_was_lost_after_it_was_last_seen():
    killed = [role("a", "primary", "12:00", "12:59"), role("a", "starting", "13:05", "18:00"), *HANDED_OVER[2:]]
    found = measure_failovers(logs_of(*killed))
    assert (minutes(found), found["at_most"].tolist()) == ([(59, 61, 61, None)], [True])
    silent = [role("a", "primary", "12:00", "12:30"), *killed[1:]]
    assert minutes(measure_failovers(logs_of(*silent)))[0][3] == "the primary's log was silent when it left"


def test_a_reign_goes_on_over_a_gap_between_files():
    assert (
        minutes(measure_failovers(logs_of(role("a", "primary", "12:00", "13:00"), role("a", "primary", "14:00")))) == []
    )


def test_without_the_logs_of_all_members_another_one_may_have_been_primary():
    alone = HANDED_OVER[:2]
    assert minutes(measure_failovers(logs_of(*alone))) == [(60, None, 360, "the logs of 1 of 2 members are in hand")]
    began_late = [*alone, role("b", "secondary", "17:00", "18:00")]
    assert minutes(measure_failovers(logs_of(*began_late)))[0][3] == "the logs of 1 of 2 members are in hand"
    unknown = measure_failovers(logs_of(*HANDED_OVER, members=None))
    assert minutes(unknown)[0][3] == "no log in hand tells how many members the set has"
    arbiter = [*alone, role("arbiter", "up", "11:00", "18:00")]
    assert minutes(measure_failovers(logs_of(*arbiter)))[0][3] == "the logs of 1 of 2 members are in hand"


def test_clocks_that_contradict_each_other_give_no_duration():
    skewed = [*HANDED_OVER[:2], role("b", "secondary", "11:00", "12:59"), role("b", "primary", "12:59", "18:00")]
    assert minutes(measure_failovers(logs_of(*skewed))) == [
        (60, 59, 59, "the members' clocks differ by more than it took")
    ]
    assert failover_recoveries(logs_of(*skewed)).empty


def test_sets_of_one_name_are_told_apart_by_the_services_that_claim_them():
    other = [{**r, "component": r["component"].replace("shop/", "shop/staging-")} for r in HANDED_OVER[2:]]
    catalog = {"services": {"live": {"components": ["shop/[ab]"]}, "staging": {"components": ["shop/staging-*"]}}}
    found = measure_failovers(logs_of(*HANDED_OVER, *other, catalog=catalog))
    assert found["service"].tolist() == ["live"]


def test_the_set_is_down_without_a_primary_and_not_with_a_member():
    stopped = [role("a", "secondary", "13:00", "14:00"), role("a", "down", "14:00")]
    logs = logs_of(HANDED_OVER[0], *stopped, *HANDED_OVER[2:])
    found = availability(logs, period=("2026-07-01T12:00Z", "2026-07-01T18:00Z")).iloc[0]
    assert (round(found["down_hours"] * 60, 6), found["n"], found["unknown_hours"]) == (1, 1, 0)


def test_the_log_of_a_member_that_is_no_primary_does_not_watch_the_set():
    logs = logs_of(role("b", "secondary", "12:00", "18:00"))
    assert availability(logs, period=("2026-07-01T12:00Z", "2026-07-01T18:00Z"))["coverage"].tolist() == [0]


def test_a_service_that_states_its_redundancy_counts_its_members():
    catalog = {"services": {"mongo": {"components": ["shop/*"], "redundancy": {"replicas": 2, "required": 2}}}}
    logs = logs_of(HANDED_OVER[0], role("a", "down", "13:00", "14:00"), *HANDED_OVER[2:], catalog=catalog)
    found = availability(logs, period=("2026-07-01T12:00Z", "2026-07-01T18:00Z")).iloc[0]
    assert round(found["down_hours"], 6) == 1


def test_failovers_are_recoveries_of_their_own_kind_and_an_open_one_is_censored():
    logs = logs_of(*HANDED_OVER[:3], role("b", "primary", "13:01", "14:00"), role("b", "secondary", "14:00", "18:00"))
    phases = recovery_phases(logs)
    assert phases["kind"].tolist() == ["failover", "failover"]
    assert phases["total_hours"].isna().tolist() == [True, False]
    survival = recovery_survival(logs)
    assert set(survival["group"]) == {"fail-overs"}
    assert survival["survival"].iloc[-1] == 0.5
    assert recovery_time(logs)["n"].tolist() == []


def read_pieces(files: dict[str, str]):
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        return read_logs(folder, catalog=MONGO)


def seconds(found):
    start = BEGIN.timestamp()
    values = found[["start", "end", "last_seen"]].to_numpy()
    return [tuple(None if v == UNKNOWN else round(v / 1e6 - start, 3) for v in row) for row in values]


@st.composite
def pieces(draw, logs):
    """Files that together hold all logs, cut anywhere, some parts of them twice."""
    files = {}
    for member, log in enumerate(logs):
        cuts = sorted(draw(st.sets(st.integers(1, len(log) - 1), max_size=2)))
        spans = list(zip([0, *cuts], [*cuts, len(log)], strict=True))
        spans += [tuple(sorted(draw(st.sets(st.integers(0, len(log)), min_size=2, max_size=2))))]
        draw(st.randoms()).shuffle(spans)
        files |= {f"{member}-{i}.log": text_of(member, log, *span) for i, span in enumerate(spans)}
    return files


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.data())
def test_any_pieces_of_the_logs_give_the_failovers_of_the_slow_account(data):
    logs = data.draw(lives())
    found = measure_failovers(read_pieces(data.draw(pieces(logs))))
    assert found["reason"].isna().all()
    assert seconds(found) == without_primary(logs)
