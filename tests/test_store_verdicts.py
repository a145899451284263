"""The history of verdicts in the store: appended whole, cut by known_at and as_of, never changed."""

import multiprocessing
import os
import signal
from pathlib import Path

import pandas as pd
import pytest

from continuity_analysis.errors import StoreError
from continuity_analysis.logs import open_store, read_logs
from continuity_analysis.store import compact, delta, read_verdicts, write_readings, write_verdicts
from tests.exports_by_hand import moment, some_exports


def judged(at, verdict="MET", *, quarter=2, services=("shop", "cart"), target=0.999):
    """Rows as a report that opened the store at a day of 2026 gives them."""
    begin = pd.Timestamp(f"2026-{3 * quarter - 2:02d}-01", tz="UTC")
    return pd.DataFrame(
        {
            "judged_at": moment(at),
            "period": f"2026Q{quarter}",
            "period_from_at": begin,
            "period_until_at": begin + pd.DateOffset(months=3),
            "service": list(services),
            "objective": "availability",
            "observed_at": moment(at),
            "target": target,
            "achieved": 0.9985,
            "unit": "ratio",
            "verdict": verdict,
            "provisional": False,
            "reason": "as it was",
            "n": 3,
            "version": "0.1.0",
        }
    )


@pytest.fixture
def store(tmp_path):
    write_readings(some_exports(), tmp_path / "store", now="2026-01-01")
    return tmp_path / "store"


def test_what_was_said_is_read_back_and_later_words_stand_beside_it(store):
    assert open_store(store).verdicts.empty
    write_verdicts(store, judged("2026-07-02"))
    first = open_store(store).verdicts
    assert first["service"].tolist() == ["cart", "shop"]
    assert (first["target"].tolist(), first["n"].tolist()) == ([0.999] * 2, [3] * 2)
    assert first["catalog_id"].isna().all()
    write_verdicts(store, judged("2026-10-02", "BREACHED", target=0.9999))
    both = open_store(store).verdicts
    pd.testing.assert_frame_equal(both.head(2), first)
    assert both["verdict"].tolist() == ["MET", "MET", "BREACHED", "BREACHED"]
    assert compact(store)["verdicts"] == 2
    pd.testing.assert_frame_equal(open_store(store).verdicts, both)


def test_history_is_cut_by_when_it_was_said_and_by_what_it_spoke_of(store):
    write_verdicts(store, judged("2026-07-02"))
    write_verdicts(store, judged("2026-10-02", quarter=3).assign(observed_at=moment("2026-10-01")))
    assert len(open_store(store, known_at="2026-07-02").verdicts) == 2
    assert open_store(store, known_at="2026-07-01").verdicts.empty
    assert open_store(store, as_of="2026-07-05").verdicts["period"].unique().tolist() == ["2026Q2"]
    assert len(open_store(store, as_of="2026-10-01").verdicts) == 4


def test_services_are_those_of_the_logs_not_of_what_was_once_said(store):
    before = open_store(store).services
    write_verdicts(store, judged("2026-07-02"))
    logs = open_store(store)
    assert logs.services == before
    assert logs.sql("SELECT count(*) AS n FROM verdicts")["n"].tolist() == [2]


def test_logs_from_files_have_no_history():
    assert read_logs(Path(__file__).parent / "fixtures" / "drills_csv" / "with_offsets.csv").verdicts.empty


def test_where_there_is_no_store_nothing_is_written(tmp_path):
    with pytest.raises(StoreError, match="Expected a store at"):
        write_verdicts(tmp_path / "none", judged("2026-07-02"))
    assert not (tmp_path / "none").exists()


def test_a_report_that_judged_nothing_leaves_no_trace(store):
    write_verdicts(store, judged("2026-07-02").iloc[:0])
    assert delta.find(store, "verdicts") is None


def write_and_die(store, at, death, start):
    from deltalake import write_deltalake

    def killed(*what, **how):
        if death == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        write_deltalake(*what, **how)
        os.kill(os.getpid(), signal.SIGKILL)

    if death != "never":
        import deltalake

        deltalake.write_deltalake = killed
    start.wait(60)
    write_verdicts(store, judged(at))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed")
@pytest.mark.parametrize("death", ["before", "after", "never"])
def test_two_at_once_one_of_them_killed_each_leaves_all_of_its_verdicts_or_none(store, death):
    write_verdicts(store, judged("2026-07-01"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["continuity_analysis.store", "deltalake", "duckdb", "pandas", __name__])
    start = context.Barrier(2)
    days = {"2026-07-02": death, "2026-07-03": "never"}
    children = [context.Process(target=write_and_die, args=(str(store), *one, start)) for one in days.items()]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    counts = read_verdicts(store).to_pandas().groupby("judged_at").size().to_dict()
    expected = ["2026-07-01", "2026-07-03"] if death == "before" else ["2026-07-01", *days]
    assert counts == {pd.Timestamp(day, tz="UTC"): 2 for day in expected}
