"""Trends as a question: the clock, what counts, all services together, nothing at all; figure, table and sentence."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.figures.trends import plot_cumulative_failures, trends_sentence, trends_table

DAYS = (3, 31, 70, 88, 131, 155, 182, 200, 230, 251, 260, 290)
FASTER = tuple(300 * np.sqrt(np.arange(1, 31) / 30.5))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def failing(days, component="web", hours=2.0):
    starts = [pd.Timestamp("2026-01-01", tz="UTC") + pd.Timedelta(days=float(d)) for d in days]
    return [
        {"component": component, "started_at": str(s), "restored_at": str(s + pd.Timedelta(hours=hours)), "impact": 1.0}
        for s in (s.floor("s") for s in starts)
    ]


def logs_of(*incidents, services=("web",), exports=None, as_of="2026-10-28", **more):
    service = {"in_service_since": "2026-01-01", "watched_by": ["pager"]} | more
    seen = [{"covers_from_at": "2026-01-01", "covers_until_at": as_of}] if exports is None else exports
    catalog = {"services": dict.fromkeys(services, service)}
    return make_logs(as_of=as_of, catalog=catalog, incidents=list(incidents), exports=seen)


def row(frame, service="web"):
    return frame.set_index("service").loc[service]


def test_the_clock_is_up_time():
    found = row(ca.trends(logs_of(*failing(DAYS))))
    clock, end = np.array(DAYS) * 24 - 2 * np.arange(12), 300 * 24 - 24
    assert (found["n"], found["up_hours"]) == (12, end)
    assert found["laplace_u"] == pytest.approx((clock - end / 2).sum() / (end * np.sqrt(12 / 12)))
    assert found["mil_hdbk_chi2"] == pytest.approx(2 * np.log(end / clock).sum())
    assert found["beta"] == pytest.approx(12 / np.log(end / clock).sum())
    assert found["verdict"] == "no evidence of a trend"


def test_time_that_nobody_watched_is_cut_out():
    exports = [
        {"export_id": "e1", "covers_from_at": "2026-01-01", "covers_until_at": "2026-04-01"},
        {"export_id": "e2", "covers_from_at": "2026-06-30", "covers_until_at": "2027-01-26"},
    ]
    late = [d if d < 90 else d + 90 for d in DAYS]
    whole = row(ca.trends(logs_of(*failing(DAYS))))
    cut = row(ca.trends(logs_of(*failing(late), exports=exports, as_of="2027-01-26")))
    pd.testing.assert_series_equal(whole, cut)


def test_a_service_that_is_down_when_last_seen_is_failure_truncated():
    still = failing([299], hours=48)[0] | {"restored_at": None, "status": "open"}
    found = row(ca.trends(logs_of(*failing(DAYS), still)))
    assert (found["n"], found["mil_hdbk_df"]) == (13, 24)


def test_overlapping_incidents_are_one_failure_and_one_at_the_very_start_is_none():
    twice = [*failing(DAYS), *failing(np.array(DAYS) + 0.02)]
    first = failing([0])
    assert row(ca.trends(logs_of(*twice, *first)))["n"] == 12


def union_hours(pieces):
    start, end = (pieces[c].sort_values().dt.as_unit("us").astype("int64").to_numpy() for c in ("start", "end"))
    new = np.append(True, start[1:] > np.maximum.accumulate(end)[:-1])
    return (np.maximum.reduceat(end, np.flatnonzero(new)) - start[new]).sum() / 3.6e9


def test_a_trend_is_named_and_together_common_failures_count_once():
    services = ("web", "shop", "calm", "idle")
    logs = logs_of(
        *failing(FASTER), *failing(np.array(FASTER) + 0.01, "shop"), *failing(DAYS, "calm"), services=services
    )
    found = ca.trends(logs)
    assert found["service"].tolist() == ["shop", "web", "calm", "idle", "all services"]
    assert found["verdict"].tolist() == ["more often"] * 2 + [
        "no evidence of a trend",
        "too few failures",
        "more often",
    ]
    assert row(found)["beta_low"] > 1
    fleet = row(found, "all services")
    assert fleet["n"] == 42  # each failure of web goes on while the shop's begins
    every = ca.downtime(logs, ("2026-01-01", "2026-10-28"))
    quiet = 7200 - union_hours(every)
    assert fleet["up_hours"] == pytest.approx(4 * quiet)
    assert row(found, "idle")["reason"] == "0 failures; at least 8 are needed"
    assert found.loc[3, "laplace_u":"fit_p"].isna().all()
    sentence = trends_sentence(found)
    assert sentence.startswith(
        "Of 4 services, 3 failed often enough (8 times) to ask for a trend: 2 fail **more often**"
    )
    assert "(shop, web)" in sentence
    table = trends_table(found)
    assert table.rows[1][:4] == ("web", "30", "more often", "↑ < 0.001")
    cumulative = ca.cumulative_failures(logs)
    ax = plot_cumulative_failures(cumulative, found)
    ax.figure.canvas.draw()
    texts = [t.get_text() for t in ax.get_legend().get_texts()]
    assert texts == [
        "mean per service",
        "constant rate",
        "services without a trend",
        "shop: more often",
        "web: more often",
    ]
    constant = next(line for line in ax.lines if line.get_label() == "constant rate")
    assert constant.get_ydata()[-1] == pytest.approx(
        72 / found["up_hours"].iloc[:4].sum() * constant.get_xdata()[-1] * 24
    )


def test_together_a_long_failure_hides_others_and_the_time_in_which_they_begin():
    dead = failing([150], "dead", hours=150 * 24)
    found = ca.trends(logs_of(*failing(DAYS), *dead, services=("web", "dead")))
    assert (row(found)["n"], row(found, "dead")["n"]) == (12, 1)
    fleet = row(found, "all services")
    assert (fleet["n"], fleet["verdict"]) == (6, "too few failures")
    assert fleet["up_hours"] == pytest.approx(2 * (150 * 24 - 5 * 2))


def test_what_no_power_law_fits_has_no_exponent():
    steps = [*np.linspace(1, 8, 20), *np.linspace(280, 290, 20)]
    found = row(ca.trends(logs_of(*failing(steps))))
    assert found["fit_p"] < 0.01
    assert np.isnan(found["beta"])
    assert isinstance(found["reason"], str)


def test_cumulative_failures_begin_at_nothing_and_end_with_the_up_time():
    services = [f"s{i}" for i in range(6)]
    incidents = [i for k, s in enumerate(services) for i in failing(np.array(DAYS[k:]) + k / 10, s)]
    logs = logs_of(*incidents, services=services)
    found = ca.cumulative_failures(logs)
    for k, service in enumerate(services):
        one = found[found["service"] == service]
        assert (one.iloc[0]["hours"], one.iloc[0]["failures"]) == (0, 0)
        assert (one.iloc[-1]["hours"], one.iloc[-1]["failures"]) == (7200 - 2 * (12 - k), 12 - k)
        assert one["hours"].is_monotonic_increasing
    mean = found[found["service"] == "all services"]
    assert mean["failures"].iloc[-1] == pytest.approx(sum(range(7, 13)) / 6)
    known = mean[mean["low"].notna()]
    assert len(known) == 57 - 4  # from the fifth failure on
    assert (known["low"] < known["failures"]).all()
    assert (known["failures"] < known["high"]).all()
    texts = [t.get_text() for t in plot_cumulative_failures(found).get_legend().get_texts()]
    assert texts == ["mean per service", "its 95 % band", "constant rate", "each service"]


@pytest.mark.parametrize("logs", [make_logs(as_of="2026-07-01"), logs_of(), logs_of(exports=[])])
def test_nothing(logs):
    found, cumulative = ca.trends(logs), ca.cumulative_failures(logs, "2026-01")
    plot_cumulative_failures(cumulative, found).figure.canvas.draw()
    assert found["verdict"].eq("too few failures").all()
    assert len(trends_table(found).rows) == len(found)
    if len(found):
        assert found["service"].iloc[-1] == "all services"
        assert trends_sentence(found).endswith(
            "All services together (0 failures that began while no other service was failed): **too few failures**."
        )
    else:
        assert "unknown" in trends_sentence(found)
