"""Backup health as a question: what counts, what is stated, what listings cannot tell, what fits, what is kept."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from continuity_analysis.figures.backup_health import plot_backup_calendar
from continuity_analysis.figures.backup_tables import (
    backup_health_sentence,
    backup_health_table,
    backup_retention_table,
)
from continuity_analysis.figures.backup_trends import backup_trends_table, plot_backup_trend, plot_backup_trends
from tests.measurements.backup_logs import at, backup, export, logs_of

DAYS = 31
JULY = "2026-07"
DAILY = {"assets": "db", "every": "1d", "start": "02:00"}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def night(day, *, begun=2.05, hours=0.5, **more):
    start = 24 * day + begun
    return backup(f"b{day}-{begun}", start, start + hours, start, **more)


def nights(*, days=range(DAYS), **more):
    return [night(day, **more) for day in days]


def history(rows, **more):
    return logs_of(rows, [export(until=24 * DAYS)], as_of=24 * DAYS, **more)


def listing(name, at_hour, **more):
    return export(name, kind="listing", since=None, until=at_hour, complete=True, **more)


def job(frame, **names):
    for name, value in names.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_month_by_hand():
    rows = nights(days=[d for d in range(DAYS) if d not in (3, 4, 10, 20)])
    rows += [night(10, begun=8.0), night(20, status="failed"), night(20, begun=3.0, status="failed")]
    rows += [night(25, begun=2.2, verified_result="failed")]
    row = job(ca.backup_health(history(rows), JULY))
    assert (row["schedule"], row["basis"]) == ("daily 02:03 UTC", "learned")
    assert (row["n_due"], row["n_served"], row["n_missed"], row["n_late"]) == (
        30,
        27,
        2,
        1,
    )  # the first was not watched from its begin on
    assert (row["n_runs"], row["n_done"], row["n_failed"], row["n_failed_verification"]) == (31, 28, 2, 1)
    assert row["success"] == pytest.approx(28 / 31)
    assert (row["success_low"], row["success_high"]) == pytest.approx((0.742, 0.980), abs=0.001)
    assert row["late_worst_hours"] == pytest.approx(5.95)
    assert row["late_p50_hours"] == pytest.approx(0, abs=1e-6)
    assert (row["longest_streak"], row["unserved_now"], row["longest_gap_hours"]) == (2, 0, 72)
    assert row["reason"] == ""


def test_every_run_stands_beside_its_due_time():
    rows = [
        *nights(days=[d for d in range(DAYS) if d != 3]),
        night(5, begun=9.0),
        night(6, begun=6.0, status="running"),
    ]
    runs = ca.backup_runs(history(rows), JULY)
    assert runs["state"].value_counts().to_dict() == {"done": 31, "running": 1, "missed": 1}
    missed = job(runs, state="missed")
    assert missed["due_at"] == at(24 * 3 + 2.05)
    assert pd.isna(missed["begun_at"])
    assert runs.loc[runs["extra"], "begun_at"].tolist() == [at(24 * 5 + 9), at(24 * 6 + 6)]
    assert runs["due_at"].is_monotonic_increasing


def test_a_stated_schedule_is_held_to_from_the_begin():
    rows = nights(days=range(20, DAYS))
    logs = history(rows, catalog={"backups": [DAILY | {"within": "1min"}], "services": {"s": {
        "assets": ["db"], "in_service_since": "2026-07-11"}}})  # fmt: skip
    row = job(ca.backup_health(logs, JULY))
    assert (row["schedule"], row["basis"]) == ("daily 02:00 UTC", "stated")
    assert (row["n_due"], row["n_missed"], row["n_late"]) == (20, 9, 11)
    assert row["longest_streak"] == 9


def test_what_is_promised_and_never_seen_is_said():
    logs = history(nights(), catalog={"backups": [DAILY, {"assets": ["cache*"], "every": "6h"}]})
    row = job(ca.backup_health(logs, JULY), asset="cache*")
    assert row["reason"] == "schedule unknown: no run was ever seen"
    assert (row["basis"], row["n_seen"], row["n_due"]) == ("stated", 0, 0)


def test_a_stated_schedule_without_a_method_is_that_of_all_methods():
    rows = [night(d, method="full" if d % 7 == 4 else "incremental") for d in range(DAYS)]
    assert job(ca.backup_health(history(rows, catalog={"backups": [DAILY]}), JULY))["method"] == "any"
    apart = ca.backup_health(history(rows, catalog={"backups": [DAILY | {"method": "full"}]}), JULY)
    assert sorted(apart["method"]) == ["full", "incremental"]
    assert job(apart, method="full")["n_missed"] == 26


def test_two_rules_for_one_asset_each_speak_of_their_own_method():
    rows = [night(d, method="full" if d % 7 == 4 else "incremental") for d in range(DAYS)]
    weekly = {k: v for k, v in DAILY.items() if k != "every"} | {"rrule": "FREQ=WEEKLY;BYDAY=SU", "method": "full"}
    found = ca.backup_health(history(rows, catalog={"backups": [weekly, DAILY | {"method": "incremental"}]}), JULY)
    assert found.set_index("method")["n_due"].to_dict() == {"full": 3, "incremental": 30}  # the last week is not over


def test_another_method_stands_in_for_what_was_due():
    rows = [night(d, method="full" if d == 12 else "incremental") for d in range(DAYS)]
    row = job(ca.backup_health(history(rows), JULY), method="incremental")
    assert (row["n_due"], row["n_missed"]) == (29, 0)


def test_one_listing_proves_no_miss_and_no_success():
    rows = nights(days=[d for d in range(DAYS) if d != 3], export_id="list")
    logs = logs_of(rows, [listing("list", 24 * DAYS)], as_of=24 * DAYS)
    row = job(ca.backup_health(logs, JULY))
    assert (row["n_due"], row["n_missed"], row["n_runs"]) == (0, 0, 0)
    assert np.isnan(row["success"])
    assert "survivors" in row["reason"]
    assert "what was missed is unknown" in row["reason"]
    assert ca.backup_runs(logs, JULY)["state"].value_counts().to_dict() == {"done": 30, "unknown": 1}


def test_listings_close_together_prove_what_was_missed():
    rows, exports = [], []
    for day in range(1, DAYS + 1):
        exports.append(listing(f"l{day}", 24 * day))
        rows += [night(d, export_id=f"l{day}") for d in range(max(0, day - 9), day) if d != 3]
    row = job(ca.backup_health(logs_of(rows, exports, as_of=24 * DAYS), JULY))
    assert (row["n_due"], row["n_missed"]) == (29, 1)  # nobody looked before the first listing
    assert np.isnan(row["success"])


def test_a_job_that_stopped_goes_on_being_due():
    row = job(ca.backup_health(history(nights(days=range(20))), JULY))
    assert (row["n_missed"], row["unserved_now"]) == (11, 11)
    assert row["longest_gap_hours"] == pytest.approx(24 * 12 - 2.05)


def test_too_few_runs_have_no_schedule():
    row = job(ca.backup_health(history(nights(days=range(5))), JULY))
    assert (row["basis"], row["n_due"], row["n_seen"]) == ("", 0, 5)
    assert row["reason"] == "schedule unknown: fewer than 8 runs"
    assert row["success"] == 1


def test_assets_and_services_add_up_their_jobs():
    rows = nights() + nights(begun=5.0, location="far", days=[d for d in range(DAYS) if d != 3])
    catalog = {"services": {"a": {"assets": ["db"], "tier": 1}, "b": {"assets": ["db"], "tier": 1}}}
    logs = history(rows, catalog=catalog)
    assert job(ca.backup_health(logs, JULY, by="asset"))["n_due"] == 60
    services = ca.backup_health(logs, JULY, by="service")
    assert services[["service", "n_due", "n_missed"]].to_numpy().tolist() == [["a", 60, 1], ["b", 60, 1]]
    tiers = ca.backup_health(logs, JULY, by="tier")
    assert tiers[["tier", "n_due", "n_missed"]].to_numpy().tolist() == [["tier 1", 60, 1]]
    with pytest.raises(InputError, match="Expected by to be one of job, asset, service, tier"):
        ca.backup_health(logs, JULY, by="team")


def growing(days=210, *, factor=1.003, hours=12.0):
    return [
        backup(f"b{d}", 24 * (d - 179) + 2, 24 * (d - 179) + 2 + hours * factor**d, size_bytes=int(1e9 * factor**d))
        for d in range(days)
    ]


def test_when_a_run_no_longer_fits():
    logs = logs_of(growing(), [export(since=-4400, until=24 * DAYS)], as_of=24 * DAYS)
    trends = ca.backup_trends(logs, JULY)
    row = job(trends, quantity="run time")
    assert row["growth"] == pytest.approx(1.003**30 - 1)
    assert row["interval_hours"] == 24
    day = np.log(2) / np.log(1.003)
    assert abs(row["reaches_at"] - at(24 * (day - 179) + 2)) < pd.Timedelta(hours=1)
    assert row["reaches_low"] <= row["reaches_at"] <= row["reaches_high"]
    size = job(trends, quantity="size")
    assert (size["trend"], size["n"]) == ("grows", 209)  # the last one was not over
    assert pd.isna(size["reaches_at"])


def test_retention_as_promised_and_not():
    rows, exports = [], []
    for day in range(1, DAYS + 1):
        exports.append(listing(f"l{day}", 24 * day))
        rows += [night(d, export_id=f"l{day}") for d in range(max(0, day - 9), day)]
    asked = {keep: {"backups": [{"assets": "db", "keep": keep}]} for keep in ("7d", "10d")}
    found = {
        k: job(ca.backup_retention(logs_of(rows, exports, as_of=24 * DAYS, catalog=c), JULY)) for k, c in asked.items()
    }
    assert (found["7d"]["verdict"], found["10d"]["verdict"]) == ("kept as promised", "gone too early")
    row = found["7d"]
    assert (row["n"], row["n_gone"], row["n_kept"], row["n_early"]) == (31, 22, 24, 0)
    assert (row["shortest_least_hours"], row["shortest_most_hours"]) == pytest.approx((24 * 9 - 2.05, 24 * 10 - 2.05))
    assert row["median_least_hours"] <= 24 * 9.5 <= row["median_most_hours"] + 12
    assert row["oldest_hours"] == pytest.approx(24 * 9 - 2.05)
    nothing = job(ca.backup_retention(logs_of(rows, exports, as_of=24 * DAYS), JULY))
    assert nothing["verdict"] == "nothing promised"


def test_a_history_does_not_show_how_long_backups_stay():
    logs = history(nights(), catalog={"backups": [{"assets": "db", "keep": "7d"}]})
    row = job(ca.backup_retention(logs, JULY))
    assert (row["n"], row["verdict"]) == (0, "not evidenced")
    assert row["reason"] == "no listing shows how long backups stay"


def test_nothing_at_all():
    logs = logs_of([], [], as_of=24 * DAYS)
    assert ca.backup_health(logs, JULY).empty
    assert ca.backup_runs(logs, JULY).empty
    assert ca.backup_retention(logs, JULY).empty
    trends, past = ca.backup_trends(logs, JULY), ca.backup_history(logs, JULY)
    assert trends.empty
    assert "unknown" in backup_health_sentence(ca.backup_health(logs, JULY))
    for ax in (plot_backup_calendar(ca.backup_runs(logs, JULY)), *plot_backup_trends(past, trends)):
        assert ax.texts
    for table in (backup_health_table(ca.backup_health(logs, JULY)), backup_trends_table(trends)):
        assert table.rows == ()


def test_the_sentence_and_the_tables():
    logs = history(nights(days=range(20)))
    health = ca.backup_health(logs, JULY)
    assert backup_health_sentence(health) == (
        "**Of 30 backups due, 19 were made (63.3 %)**; 11 were never begun, 0 were late. At the end of the period "
        "without a good one since it was last due: db (11 in a row). The longest row of due times without a good "
        "backup: 11, db."
    )
    table = backup_health_table(health)
    assert "daily 02:03 UTC (learned, n = 20)" in table.rows[0]
    promised = history(nights(), catalog={"backups": [{"assets": "db", "keep": "7d"}]})
    assert backup_retention_table(ca.backup_retention(promised, JULY)).rows[0][5] == "not evidenced"


def test_the_calendar_shows_the_worst_of_each_day():
    rows = [*nights(days=[d for d in range(DAYS) if d != 3]), night(6, begun=9.0, status="failed")]
    ax = plot_backup_calendar(ca.backup_runs(history(rows), JULY))
    colours = ax.collections[0].get_array().ravel()
    assert [int(colours[d]) for d in (2, 3, 6)] == [0, 4, 3]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["db"]


def test_the_trend_shows_when_it_no_longer_fits():
    logs = logs_of(growing(hours=16), [export(since=-4400, until=24 * DAYS)], as_of=24 * DAYS)
    ax = plot_backup_trend(ca.backup_history(logs, JULY), ca.backup_trends(logs, JULY))
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert words == ["run", "line through weekly medians", "interval between runs", "no longer fits (95 % interval)"]


def test_jobs_of_which_nothing_is_known_are_counted_not_listed():
    logs = logs_of([*nights(), backup("old", -500, -499, asset="other")], [export(since=-600, until=24 * DAYS)])
    health = ca.backup_health(logs, JULY)
    table = backup_health_table(health)
    assert (len(health), len(table.rows)) == (2, 1)
    assert table.caption.endswith("1 more had no run in the period, and none is known to be due")
