"""Every figure draws what it was given, copes with nothing and with hundreds of services, and changes no global."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures import availability, recovery_point, recovery_time, restoration, style
from continuity_analysis.periods import read_period

PERIOD = read_period("2026Q3")


@pytest.fixture(autouse=True)
def closed():
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def drawn(ax):
    ax.figure.canvas.draw()
    return [t.get_text() for t in ax.texts]


def achieved(n=4):
    frame = pd.DataFrame({"service": [f"service-{i}" for i in range(n)]})
    frame["availability"] = 1 - np.logspace(-1.5, -5, n)
    frame["low"], frame["high"] = frame["availability"] - 0.0005, frame["availability"]
    frame["objective"] = 0.999
    frame["verdict"] = ["BREACHED", "MET", "INSUFFICIENT", "AT_RISK"][:n] if n <= 4 else "MET"
    return frame


def outages(services=3, n=12):
    rng = np.random.default_rng(0)
    start = PERIOD.start + pd.to_timedelta(rng.uniform(0, 90 * 24, n), unit="h")
    hours = rng.lognormal(0, 1, n)
    names = [f"service-{i % services}" for i in range(n)]
    end = start + pd.to_timedelta(hours, unit="h")
    return pd.DataFrame({"service": names, "start": start, "end": end, "hours": hours, "impact": 1.0, "planned": False})


def saw(service="orders", n=40):
    start = PERIOD.start + pd.to_timedelta(np.arange(n) * 6.0, unit="h")
    frame = pd.DataFrame({"service": service, "from_at": start, "until_at": start + pd.Timedelta(hours=6)})
    frame["from_hours"], frame["until_hours"], frame["state"] = 0.5, 6.5, "protected"
    frame.loc[3, ["from_hours", "until_hours", "state"]] = [np.inf, np.inf, "unprotected"]
    frame.loc[8, ["from_hours", "until_hours", "state"]] = [np.nan, np.nan, "unknown"]
    return frame


def steps(*groups):
    hours = np.array([0, 0.2, 0.5, 2, 9, 30])
    one = {"hours": hours, "survival": np.linspace(1, 0.1, 6), "n_at_risk": np.arange(6)[::-1] + 1}
    frames = [pd.DataFrame(one | {"group": g, "low": one["survival"] - 0.1, "high": one["survival"]}) for g in groups]
    return (
        pd.concat(frames)
        if frames
        else pd.DataFrame(columns=["group", "hours", "survival", "low", "high", "n_at_risk"])
    )


def drills():
    return pd.DataFrame(
        {
            "recovery_id": ["a", "b", "c"],
            "service": ["orders", "orders", "files"],
            "kind": ["drill", "drill", "restore"],
            "status": ["completed", "failed", "completed"],
            "disrupted_at": pd.to_datetime(["2026-01-01", "2026-04-01", None], utc=True),
            "started_at": pd.to_datetime(["2026-01-01", "2026-04-01", "2026-03-01"], utc=True),
            "detect_hours": [0.1, 0.2, np.nan],
            "declare_hours": [0.3, 0.4, np.nan],
            "start_hours": [0.2, 0.1, np.nan],
            "restore_data_hours": [3.0, np.nan, 1.0],
            "bring_back_hours": [0.5, np.nan, np.nan],
            "total_hours": [4.1, np.inf, np.nan],
        }
    )


def test_availability_shows_each_service_at_its_value():
    frame = achieved()
    ax = availability.plot_availability(frame)
    drawn(ax)
    assert [t.get_text() for t in ax.get_yticklabels()] == frame["service"].to_list()
    x = sorted(x for line in ax.lines if line.get_marker() == "o" for x in line.get_xdata())
    assert x == pytest.approx(sorted(-np.log10(1 - frame["availability"])))


def test_availability_of_hundreds_says_that_it_shows_the_lowest():
    frame = pd.concat(
        [achieved(200), pd.DataFrame({"service": ["dark"], "verdict": "INSUFFICIENT"})], ignore_index=True
    )
    ax = availability.plot_availability(frame)
    assert "30 lowest of 200" in ax.get_title(loc="left")
    assert "1 more not watched" in ax.get_title(loc="left")


def test_the_calendar_adds_up_to_the_down_time():
    frame = outages()
    lost, services, edges = availability._grid(frame, PERIOD, 1)
    assert lost.sum() == pytest.approx(frame["hours"].sum())
    assert lost.sum(axis=1)[0] == pytest.approx(frame.groupby("service")["hours"].sum().max())
    assert len(edges) == 93
    ax = availability.plot_downtime(frame, PERIOD)
    drawn(ax)
    assert [t.get_text() for t in ax.get_yticklabels()] == services


def test_a_long_period_is_shown_by_the_week():
    ax = availability.plot_downtime(outages(), read_period("2026"))
    assert "week" in ax.get_title(loc="left")


def test_survival_has_a_curve_per_group_and_a_band_for_few():
    ax = restoration.plot_survival(steps("a", "b"), within_hours=4)
    drawn(ax)
    assert len(ax.collections) == 2
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a (n = 6)", "b (n = 6)", "objective"]
    assert len(restoration.plot_survival(steps(*"abcdefg")).lines) == 5


def test_medians_without_an_upper_limit_point_onwards():
    frame = pd.DataFrame({"service": ["a", "b", "c"], "median_hours": [2.0, 0.5, np.nan], "n": [9, 5, 1]})
    frame["low"], frame["high"] = [1.0, 0.1, np.nan], [4.0, np.nan, np.nan]
    ax = restoration.plot_medians(frame)
    drawn(ax)
    assert sum(len(line.get_xdata()) for line in ax.lines if line.get_marker() == ">") == 1
    assert "1 more without a median" in ax.get_title(loc="left")


def test_the_saw_tooth_rises_to_its_worst_and_shades_what_is_not_known():
    ax = recovery_point.plot_exposure(saw(), within_hours=6)
    drawn(ax)
    assert np.nanmax(ax.lines[0].get_ydata()) == 6.5
    labels = {t.get_text() for t in ax.get_legend().get_texts()}
    assert labels == {"unprotected", "unknown", "objective", "over the objective"}


def test_a_service_of_which_no_backup_was_ever_seen_is_all_unknown():
    ax = recovery_point.plot_exposure(
        saw().assign(from_hours=np.nan, until_hours=np.nan, state="unknown"), within_hours=6
    )
    drawn(ax)
    assert {t.get_text() for t in ax.get_legend().get_texts()} == {"unknown", "objective"}


def test_exposures_show_the_worst_six():
    frame = pd.concat([saw(f"s{i}").assign(until_hours=lambda d, i=i: d["until_hours"] + i) for i in range(9)])
    axes = recovery_point.plot_exposures(frame, {"s8": 6})
    assert len(axes) == 6
    law = pd.DataFrame({"service": "a", "hours": [0.0, 6, 12], "share_longer": [1.0, 0.5, 0]})
    drawn(recovery_point.plot_exposure_law(law))


def test_phases_stack_and_failures_are_named():
    ax = recovery_time.plot_phases(drills(), within_hours=4)
    texts = drawn(ax)
    assert [t.strip() for t in texts] == ["✕ failed: never restored"]
    assert max(p.get_x() + p.get_width() for p in ax.patches) == pytest.approx(4.1)


def test_nothing_is_said_in_a_sentence_not_drawn():
    empty = pd.DataFrame(columns=achieved().columns)
    axes = [
        availability.plot_availability(empty),
        availability.plot_downtime(outages().head(0), PERIOD),
        restoration.plot_survival(steps()),
        restoration.plot_medians(pd.DataFrame(columns=["service", "median_hours", "low", "high", "n"])),
        recovery_point.plot_exposure(saw().head(0)),
        recovery_point.plot_exposures(saw().head(0))[0],
        recovery_point.plot_exposure_law(pd.DataFrame(columns=["service", "hours", "share_longer"])),
        recovery_time.plot_phases(drills().head(0)),
    ]
    for ax in axes:
        assert len(drawn(ax)) == 1
        assert not ax.axison


def test_long_names_of_rows_keep_their_count():
    ax = style.axes_for(None)
    names = ["Web Application - Account Settings & Billing  (n = 12)", "short  (n = 3)", "x" * 40]
    style.name_rows(ax, names)
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert shown == ["Web Application - Acco…  (n = 12)", "short  (n = 3)", "x" * 32 + "…"]
    assert max(len(text) for text in shown) <= 34


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("2026-07-01", "2026-10-01", "2026"), ("2026-12-01", "2027-02-20", "2026–2027"),
     ("2026-09-03", "2026-09-20", "2026-Sep"), ("2025-11-01", "2026-10-01", "")],
)  # fmt: skip
def test_a_time_axis_says_once_what_its_ticks_do_not(start, end, said):
    ax = plt.subplots(figsize=(10, 2))[1]
    style.time_axis(ax)
    ax.set_xlim(pd.Timestamp(start), pd.Timestamp(end))
    ax.figure.canvas.draw()
    assert ax.xaxis.get_offset_text().get_text() == said
