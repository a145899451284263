"""The questions on phases, re-drawn totals and laws of recoveries, from logs to tables, figures and sentences."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.figures import recovery_laws as figures
from tests.questions.test_recovery_time import DAY, SHOP, logs, recovery, tool


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def split(n, *hours, day=None, **more):
    """A recovery whose five phases took so many hours each."""
    start = DAY * (n if day is None else day)
    names = ("detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")
    times = dict(zip(names, (start + np.cumsum(hours)).tolist(), strict=False))
    return recovery(n, sum(hours), day=n if day is None else day) | times | more


def twelve():
    """Twelve drills of 1 + 1 + 1 + (n mod 4) + 2 hours: all that differs lies in restoring the data."""
    return logs(*(split(n, 1, 1, 1, 1 + n % 4, 2) for n in range(12)))


def test_which_phase_takes_the_time_and_holds_the_differences():
    found = ca.phase_shares(twelve())
    shop = found[found["service"] == "shop"].set_index("phase")
    assert shop.index.tolist() == ["detect", "declare", "start", "restore_data", "bring_back"]
    assert shop["n"].tolist() == [12] * 5
    assert shop["median_hours"].tolist() == [1, 1, 1, 2.5, 2]
    assert shop["share_of_variance"].tolist() == pytest.approx([0, 0, 0, 1, 0], abs=1e-12)
    assert shop["share_of_time"].tolist() == pytest.approx([1 / 7.5, 1 / 7.5, 1 / 7.5, 2.5 / 7.5, 2 / 7.5])
    assert found["service"].unique().tolist() == ["shop", "all services"]


def test_old_evidence_and_restores_of_data_alone_have_no_phases():
    found = ca.phase_shares(logs(split(1, 1, 1, 1, 1, 1, day=0), tool(2, 3, day=399), as_of=400 * DAY))
    assert found.empty
    early = ca.phase_shares(twelve(), period=("2026-07-01", "2026-07-03T12:00Z"))
    assert early[early["service"] == "shop"]["n"].tolist() == [3] * 5


def test_a_recovery_of_two_services_counts_once_for_all():
    services = SHOP | {"desk": {"assets": ["db"]}}
    found = ca.phase_shares(logs(split(1, 1, 1, 1, 1, 1), services=services))
    assert found.groupby("service")["n"].max().to_dict() == {"all services": 1, "desk": 1, "shop": 1}


def test_medians_re_drawn_beside_the_measured():
    found = ca.redrawn_recovery_time(twelve())
    assert found["service"].tolist() == ["shop"]
    row = found.iloc[0]
    assert row[["n_fewest", "n_whole"]].tolist() == [12, 12]
    assert row[["redrawn_hours", "measured_hours"]].tolist() == pytest.approx([7, 7.5])
    assert row["low"] <= 7 <= row["high"]


def test_laws_of_both_measures():
    rng = np.random.default_rng(0)
    rows = [split(n, 0.1, 0.1, 0.1, h, 0.5) for n, h in enumerate(rng.lognormal(0, 0.5, 12))]
    rows += [tool(20 + n, h, day=20 + n) for n, h in enumerate(rng.lognormal(-2, 0.3, 15))]
    rows += [split(50, 0.1, 0.1, 0.1, day=50, status="failed", service_restored_at=None, data_restored_at=None,
                   finished_at=51 * DAY)]  # fmt: skip
    found = ca.fitted_recovery_time(logs(*rows))
    shop = found[found["service"] == "shop"].drop_duplicates("measures").set_index("measures")
    assert shop["n"].to_dict() == {"disruption to service": 13, "data alone": 28}
    assert shop.loc["disruption to service", ["n_restored", "n_failed"]].tolist() == [12, 1]
    assert shop.loc["disruption to service", "median_hours"] == pytest.approx(1.8, abs=0.4)
    assert found["service"].unique().tolist() == ["shop", "all services"]


def test_figure_tables_and_sentence_of_some():
    shares = ca.phase_shares(twelve())
    ax = figures.plot_phase_shares(shares, service="shop")
    ax.figure.canvas.draw()
    assert [t.get_text() for t in ax.get_yticklabels()] == [*list(figures.PHASES.values())[:5]]
    points = {line.get_label(): line.get_xdata().tolist() for line in ax.lines if line.get_marker() in "oD"}
    assert points["share of the time"][3] == pytest.approx(100 / 3)
    assert points["share of the differences (variance)"][3] == pytest.approx(100)
    assert ax.get_title(loc="left") == "shop: 12 recoveries that came back"
    sentence = figures.phases_sentence(shares)
    assert sentence.startswith("Of 12 recoveries and drills that came back, **restore data** holds 33.3 % (")
    assert figures.phases_table(shares).rows[3][:3] == ("shop", "restore data", "12")
    row = figures.redrawn_table(ca.redrawn_recovery_time(twelve())).rows[0]
    assert row[:2] == ("shop", "12")
    table = figures.fits_table(ca.fitted_recovery_time(twelve()))
    assert table.rows[0][:3] == ("shop", "disruption to service", "12")


def test_nothing_at_all():
    for empty in (logs(services=None), logs(split(1, 1, 1), services=None, as_of=DAY)):
        shares, redrawn, fits = (q(empty) for q in (ca.phase_shares, ca.redrawn_recovery_time, ca.fitted_recovery_time))
        assert shares.empty
        assert redrawn.empty
        ax = figures.plot_phase_shares(shares)
        ax.figure.canvas.draw()
        assert not ax.axison
        assert figures.phases_sentence(shares) == figures.EMPTY
        assert figures.phases_table(shares).rows == figures.redrawn_table(redrawn).rows == ()
        assert isinstance(figures.fits_table(fits).to_text(), str)
    assert isinstance(fits, pd.DataFrame)
