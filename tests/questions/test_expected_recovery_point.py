"""Expected exposure and the schedule needed as questions; the nightly example of the books from logs to the answer."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from continuity_analysis.figures import expected_recovery_point as figure
from continuity_analysis.figures import schedule_needed as schedule_figure
from continuity_analysis.questions.expected_recovery_point import COLUMNS, SEVERAL
from continuity_analysis.questions.schedule_needed import COLUMNS as SCHEDULE_COLUMNS
from continuity_analysis.words import show
from tests.measurements.backup_logs import at, backup, export, logs_of

PERIOD = (at(240), at(960))
SHOP = {"shop": {"assets": ["db"], "objectives": {"rpo": {"within": "30h", "for": "99%"}}}}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def nightly(n=40, *, skip=(), asset="db", run=2, **more):
    status = {i: "failed" if i in skip else "completed" for i in range(n)}
    return [
        backup(f"{asset}{i}", 24 * i, 24 * i + run, 24 * i, asset=asset, status=s, **more) for i, s in status.items()
    ]


def asked(rows, exports=None, *, services=SHOP, question=ca.expected_recovery_point, **how):
    logs = logs_of(rows, exports or [export(since=-1, until=960)], catalog={"services": services} if services else None)
    return question(logs, PERIOD, **how)


NIGHTS, MISSES = 3_000, 0.10


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """3,000 nights of `restic backup --json`: one in ten missed, half of them as runs that failed, half as no run."""
    rng = np.random.default_rng(11)
    missed, failed = rng.random(NIGHTS) < MISSES, rng.random(NIGHTS) < 0.5
    missed[[0, -1]] = False
    lines = []
    for night in range(NIGHTS):
        begun = pd.Timestamp("2018-01-01T01:00", tz="UTC") + pd.Timedelta(days=night)
        if not missed[night]:
            told = {"message_type": "summary", "files_new": 3, "total_bytes_processed": 10**9, "data_added": 10**7,
                    "backup_start": begun.isoformat(), "backup_end": (begun + pd.Timedelta(seconds=9)).isoformat(),
                    "snapshot_id": f"{night:064x}"}  # fmt: skip
            lines += [told, {"message_type": "exit", "code": 0}]
        elif failed[night]:
            lines.append({"message_type": "exit_error", "code": 1, "message": "Fatal: unable to open repository"})
    folder = tmp_path_factory.mktemp("restic")
    (folder / "restic.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    catalog = {"services": {"shop": {"assets": ["restic"], "objectives": {"rpo": {"within": "25h", "for": "85%"}}}}}
    (folder / "services.yaml").write_text(json.dumps(catalog))
    first, last = (pd.Timestamp("2018-01-01T01:00", tz="UTC") + pd.Timedelta(days=d) for d in (0, NIGHTS - 1))
    return ca.read_logs(folder), (first + pd.Timedelta(seconds=9), last + pd.Timedelta(seconds=9)), missed


def test_nightly_backups_with_one_in_ten_missed_lose_14_67_hours(simulated):
    """Cox (1962): mean (24 / 2) (1.1 / 0.9) = 14.667 h; more than 24 h 10 %, more than 48 h 1 % of the time."""
    logs, period, missed = simulated
    row = ca.recovery_point(logs, period).iloc[0]
    gaps = np.diff(np.flatnonzero(~missed)) * 24.0
    assert row["mean_hours"] == pytest.approx((gaps**2).sum() / 2 / gaps.sum() + 9 / 3600, abs=1e-6)
    error = 24 / 0.9**2 * np.sqrt(0.09 / NIGHTS)  # of the mean, from that of the share missed
    assert row["mean_hours"] == pytest.approx(14.667, abs=3 * error)
    law = ca.exposure_law(logs, period)
    over = np.interp([24, 48], law["hours"], law["share_longer"])
    assert over == pytest.approx([0.10, 0.01], abs=3 * np.sqrt(0.09 / NIGHTS))


def test_what_is_expected_of_them_is_what_the_book_says(simulated):
    logs, period, missed = simulated
    row = ca.expected_recovery_point(logs, period).iloc[0]
    assert row["n_missed"] == missed.sum()
    assert not row["clustered"]
    assert row["expected_low"] < 14.667 < row["expected_high"]
    assert row["expected_hours"] == pytest.approx(row["achieved_hours"], abs=0.3)
    assert row["chance"] > 0.9  # 10 % over are allowed 15


def test_a_regular_schedule():
    row = asked(nightly()).iloc[0]
    assert row["expected_hours"] == pytest.approx(14, abs=1e-9)
    assert row["achieved_hours"] == pytest.approx(14, abs=1e-9)
    assert row["coming_p95_low"] == pytest.approx(2 + 0.95 * 24, abs=0.2)
    assert row["coming_worst_low"] == pytest.approx(26, abs=0.1)
    assert row[["n_assets", "n_missed", "direction", "objective", "share_promised"]].tolist() == [
        1,
        0,
        "exact",
        30,
        0.99,
    ]
    assert list(asked(nightly()).columns) == ["service", *COLUMNS]


def rpo_of(logs, period=PERIOD):
    card = ca.scorecard(logs, period)
    return card[card["objective"] == "rpo"].iloc[0]


def test_a_promise_that_is_met_but_unlikely_to_be_kept_is_at_risk_and_every_answer_says_so_alike():
    logs = logs_of(nightly(), [export(since=-1, until=960)], catalog={"services": SHOP})
    row, foreseen = rpo_of(logs), ca.expected_recovery_point(logs, PERIOD).iloc[0]
    assert 0.5 < foreseen["chance"] < 0.9  # 30 more runs after 39 without a miss
    assert row["verdict"] == "AT_RISK"
    said = f"; chance to meet it next period {show(foreseen['chance'], 'ratio')}, as of 39 due runs 0 were missed"
    assert row["reason"] == "0 % of covered time over 30 h, allowed 1 %" + said
    ends = ("expected", "expected_low", "expected_high")
    coming = [foreseen[f"coming_promised_{end}"] for end in ("hours", "low", "high")]
    assert row[list(ends)].tolist() == [3600 * hours for hours in coming]
    achieved = ca.recovery_point(logs, PERIOD).iloc[0]
    assert achieved[[*ends, "chance_next_period", "verdict"]].tolist() == [*coming, foreseen["chance"], "AT_RISK"]
    estimates = ca.estimated_expected_achieved(logs, PERIOD)
    assert estimates.loc[estimates["objective"] == "rpo", list(ends)].iloc[0].tolist() == row[list(ends)].tolist()
    assert ca.recovery_point(logs, PERIOD, by="asset")["expected"].isna().all()


def test_too_few_runs_foresee_nothing_and_change_no_verdict():
    logs = logs_of(nightly(10), [export(since=-1, until=240)], catalog={"services": SHOP})
    row = rpo_of(logs, (at(24), at(240)))
    assert row[["expected", "expected_low", "expected_high"]].isna().all()
    assert row["verdict"] == "MET"


def test_what_is_done_to_a_scorecard_does_not_change_the_next():
    logs = logs_of(nightly(), [export(since=-1, until=960)], catalog={"services": SHOP})
    card = ca.scorecard(logs, PERIOD)
    kept = card.copy()
    card.loc[:, "verdict"] = "spoilt"
    pd.testing.assert_frame_equal(ca.scorecard(logs, PERIOD), kept)


def test_history_may_be_stated_and_the_coming_period_is_as_long():
    rows = nightly(skip=[3, 7, 11])
    assert asked(rows).iloc[0]["n_missed"] == 3
    recent = asked(rows, history=(at(24 * 12), at(960))).iloc[0]
    assert recent["n_missed"] == 0
    assert recent["n_due"] < asked(rows).iloc[0]["n_due"]


def test_by_asset_and_services_of_several():
    services = {"shop": {"assets": ["db", "files"], "objectives": {"rpo": "30h"}}}
    rows = nightly() + nightly(asset="files", run=4)
    row = asked(rows, services=services).iloc[0]
    assert row["reason"] == SEVERAL
    assert np.isnan(row["expected_hours"])
    assert row["coming_p95_low"] >= 4 + 0.95 * 24 - 0.2
    by_asset = asked(rows, services=services, by="asset").set_index("asset")
    assert by_asset["expected_hours"].round(6).to_dict() == {"db": 14, "files": 16}
    assert by_asset["chance"].isna().all()


def test_why_nothing_is_foreseen():
    log = backup("log", 0, 959, 959, method="log", covers_from_at=0)
    listing = [export("list", kind="listing", since=None, until=960)]
    listed = [r | {"export_id": "list"} for r in nightly()]
    expiring = [r | {"expires_at": r["finished_at"] + 30} for r in nightly(skip=[8, 9])]
    cases = {
        "logs carry": ([*nightly(), log], None),
        "no run can have been overlooked": (listed, listing),
        "no backup was left to restore from": (expiring, None),
        "backup runs were due: at least": (nightly(6), [export(since=-1, until=150)]),
        "longer than ever before": (nightly(30), None),
    }
    for said, (rows, exports) in cases.items():
        row = asked(rows, exports).iloc[0]
        assert said in row["reason"]
        assert row["reason"].startswith("db: ")
        assert row[["expected_hours", "coming_p95_hours", "chance"]].isna().all()
    (row,) = asked(rows, exports, question=ca.schedule_needed).to_dict("records")
    assert said in row["reason"]


def test_an_asset_never_seen_and_a_service_without_any():
    services = {
        "shop": {"assets": ["db", "archive"], "objectives": {"rpo": "30h"}},
        "desk": {"objectives": {"rpo": "30h"}},
    }
    reasons = asked(nightly(), services=services).set_index("service")["reason"]
    assert reasons["shop"] == "archive: no backup of it was ever seen"
    assert reasons["desk"] == "no asset with backups is known"


def test_the_schedule_needed():
    rows = nightly(skip=range(5, 40, 9), run=1)
    found = asked(rows, question=ca.schedule_needed)
    assert list(found.columns) == ["service", *SCHEDULE_COLUMNS]
    assert found["every_hours"].tolist() == [0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 24]
    assert found["longest"].sum() == 1
    longest = found[found["longest"]].iloc[0]
    assert 4 <= longest["every_hours"] < 24
    assert longest["chance"] >= 0.9 > found["chance"].iloc[-1]
    assert found["now_hours"].unique().tolist() == [24]
    assert found["chance"].dropna().is_monotonic_decreasing
    nothing = asked(rows, services={"shop": {"assets": ["db"]}}, question=ca.schedule_needed)
    assert nothing["reason"].tolist() == ["no recovery point is promised"]


def test_by_must_be_known():
    with pytest.raises(InputError, match="service, asset"):
        asked(nightly(), by="team")


@pytest.mark.parametrize("rows", [[], nightly(3)])
def test_figures_of_nothing(rows):
    expected, schedules = asked(rows), asked(rows, question=ca.schedule_needed)
    assert figure.plot_expected_exposure(expected).texts[0].get_text().startswith("No backups ran long enough")
    assert schedule_figure.plot_schedule_needed(schedules).texts[0].get_text().startswith("No promise")
    assert len(figure.expected_exposure_table(expected).rows) == len(expected)
    assert len(schedule_figure.schedule_table(schedules).rows) == 1
    assert "0 can be foreseen" in figure.expected_exposure_sentence(expected)
    logs = logs_of([], [])
    for question in (ca.expected_recovery_point, ca.schedule_needed):
        assert question(logs, PERIOD).empty


def test_figures_show_what_was_found():
    services = {**SHOP, "desk": {"assets": ["files"]}, "far": {"assets": ["files"], "objectives": {"rpo": "26h"}}}
    rows = nightly(skip=[6, 13, 14, 30]) + nightly(asset="files", skip=[9])
    expected = asked(rows, services=services)
    ax = figure.plot_expected_exposure(expected)
    points = next(line for line in ax.lines if line.get_marker() == "o").get_xdata()
    assert points == pytest.approx(expected["expected_hours"].to_numpy())
    assert "(n = 39)" in ax.get_yticklabels()[0].get_text()
    schedules = asked(rows, services=services, question=ca.schedule_needed)
    ax = schedule_figure.plot_schedule_needed(schedules)
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels[-1] == "chance required"
    assert {"shop: 30 h for 99 %", "far: 26 h for 100 %"} == set(labels[:-1])
    table = schedule_figure.schedule_table(schedules)
    assert [row[0] for row in table.rows] == ["desk", "far", "shop"]
    assert table.rows[0][-1] == "no recovery point is promised"
    assert "The least likely is" in figure.expected_exposure_sentence(expected)
    assert table.rows[2][4] != "—"


def test_one_backup_that_protects_no_watched_moment_is_foreseen_nothing_of():
    row = asked(nightly(1), [export(since=-100, until=1)]).iloc[0]
    assert pd.isna(row["expected_hours"])
    assert row["reason"]
