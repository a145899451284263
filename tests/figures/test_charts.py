"""What of a figure a deck can draw as a chart: bars and lines as they stand in the Axes, nothing else."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from continuity_analysis.figures.allowed_down_time import plot_allowed_down_time
from continuity_analysis.figures.charts import CHART, chart_of, editable
from continuity_analysis.figures.exposure_shares import plot_exposure_shares
from continuity_analysis.figures.readiness_counts import plot_readiness_counts
from continuity_analysis.figures.scenario_years import plot_usual_and_bad_year

matplotlib.use("agg")


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_bars_of_categories_with_their_colours(ax):
    ax.bar(["a", "b", "c"], [1, 2, np.nan], color=["#ff0000", "#0000ff", "#0000ff"], label="hours")
    chart = chart_of(ax)
    assert (chart["kind"], chart["categories"], chart["stacked"]) == ("column", ["a", "b", "c"], False)
    (series,) = chart["series"]
    assert series["values"] == [1.0, 2.0, None]
    assert (series["colour"], series["colours"]) == ("#0000ff", ["#ff0000", "#0000ff", "#0000ff"])


def test_bars_beside_each_other_belong_to_the_nearest_category(ax):
    ax.barh([0 - 0.2, 1 - 0.2], [3, 4], height=0.4, label="usual")
    ax.barh([1 + 0.2], [5], height=0.4, label="bad")
    ax.set_yticks([0, 1], ["first", "second"])
    ax.set_ylim(1.6, -0.6)
    chart = chart_of(ax)
    assert (chart["kind"], chart["categories"], chart["downwards"]) == ("bar", ["first", "second"], True)
    assert [(s["name"], s["values"]) for s in chart["series"]] == [("usual", [3.0, 4.0]), ("bad", [None, 5.0])]


def test_bars_upon_each_other_are_stacked(ax):
    ax.barh([0, 1], [1, 2], label="detect")
    ax.barh([0, 1], [3, 4], left=[1, 2], label="restore")
    ax.set_yticks([0, 1], ["x", "y"])
    assert chart_of(ax)["stacked"]


def test_lines_keep_steps_and_axes(ax):
    ax.step([1, 10, 100], [1.0, 0.5, 0.2], where="post", label="now")
    ax.plot([1, 10], [1.0, np.nan], "--", label="before")
    ax.set_xscale("log")
    ax.set_xlabel("hours")
    chart = chart_of(ax)
    now, before = chart["series"]
    assert list(zip(now["x"], now["y"], strict=True)) == [(1, 1), (10, 1), (10, 0.5), (100, 0.5), (100, 0.2)]
    assert (before["x"], before["dashed"]) == ([1.0], True)
    assert (chart["x"]["title"], chart["x"]["log"], chart["y"]["log"]) == ("hours", True, False)


def test_dates_are_those_of_a_spreadsheet(ax):
    ax.plot(pd.to_datetime(["2026-07-01", "2026-07-02"]), [1, 2], label="a")
    chart = chart_of(ax)
    assert chart["dates"]
    assert chart["series"][0]["x"] == [46204.0, 46205.0]  # as =DATE(2026,7,1) has it


def test_without_labelled_bars_or_lines_nothing_rides_along(ax):
    ax.imshow([[1, 2]])
    ax.axhline(1)
    assert chart_of(ax) is None
    assert not hasattr(editable(ax).figure, "_repr_mimebundle_")


def test_a_shown_figure_carries_picture_and_chart():
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.pylabtools import print_figure

    ax = Figure().add_subplot()
    ax.bar(["a"], [1], label="hours")
    formatter = DisplayFormatter()
    formatter.formatters["image/png"].for_type(Figure, print_figure)
    shown, _ = formatter.format(editable(ax, number="0.0", labels=True, along="h").figure)
    assert shown["image/png"].startswith(b"\x89PNG")
    assert (shown[CHART]["number"], shown[CHART]["labels"], shown[CHART]["x"]["title"]) == ("0.0", True, "h")


SHARES = ["covered_hours", "objective", "unprotected_share", "share_over_objective"]


def availability(**changed):
    row = {"service": "web", "low": 0.99, "agreed_hours": 1000.0, "unknown_hours": 100.0, "objective": 0.999}
    return row | {"down_hours": 3.0, "verdict": "BREACHED"} | changed


def test_allowed_are_the_hours_that_the_objective_leaves_of_those_watched():
    free = availability(service="none", objective=np.nan, verdict="NOT_SET")
    good = availability(service="good", down_hours=0.1, verdict="MET")
    rows = [availability(), free, good, availability(service="unseen", low=np.nan)]
    chart = chart_of(plot_allowed_down_time(pd.DataFrame(rows)))
    assert chart["categories"] == ["web  (99.9 %)", "good  (99.9 %)", "none"], "the furthest over the objective first"
    down, allowed = chart["series"]
    assert down["values"] == pytest.approx([3.0, 0.1, 3.0])
    assert allowed["values"] == pytest.approx([0.9, 0.9, 0.0])
    assert down["colours"][0] != down["colours"][1]


def test_more_services_than_shown_are_counted():
    rows = pd.DataFrame([availability(service=f"s{i}") for i in range(20)])
    ax = plot_allowed_down_time(rows)
    assert len(chart_of(ax)["categories"]) == 12
    assert "the 12 worst of 20" in ax.get_xlabel()


def test_shares_of_the_watched_time_add_up():
    row = {"service": "db", "covered_hours": 10.0, "objective": 6.0, "unprotected_share": 0.04}
    kept = row | {"service": "ok", "share_over_objective": 0.0, "unprotected_share": 0.0}
    free = row | {"service": "free", "objective": np.nan, "share_over_objective": np.nan}
    rows = [row | {"share_over_objective": 0.1}, kept, free]
    chart = chart_of(plot_exposure_shares(pd.DataFrame(rows)))
    assert chart["categories"] == ["db  (6 h)", "ok  (6 h)"]
    assert np.sum([s["values"] for s in chart["series"]], axis=0) == pytest.approx([1, 1])
    assert [s["values"][0] for s in chart["series"]] == pytest.approx([0.9, 0.06, 0.04])


def test_readiness_is_counted_check_by_check():
    results = {"a": "FAIL", "b": "FAIL", "c": "PASS", "d": "NOT_APPLICABLE"}
    checks = [{"service": s, "check": "drill_done", "result": r} for s, r in results.items()]
    checks += [{"service": "a", "check": "zones", "result": "UNKNOWN"}]
    chart = chart_of(plot_readiness_counts(pd.DataFrame(checks)))
    assert chart["categories"] == ["Drill done", "Zones"]
    assert {s["name"]: s["values"] for s in chart["series"]} == {
        "failed": [2, 0], "unknown": [0, 1], "passed": [1, 0],
    }  # fmt: skip


def test_scenarios_stand_under_today_and_those_without_an_answer_are_counted():
    rows = [("today", 10.0, 40.0), ("faster", 5.0, 20.0), ("odd", np.nan, np.nan)]
    summary = pd.DataFrame(rows, columns=["scenario", "down_p50", "down_p95"]).assign(service="all services")
    ax = plot_usual_and_bad_year(summary)
    chart = chart_of(ax)
    assert chart["categories"] == ["today", "faster"]
    assert [s["values"] for s in chart["series"]] == [[10.0, 5.0], [40.0, 20.0]]
    assert "1 without an answer" in ax.get_xlabel()


@pytest.mark.parametrize(
    ("plot", "frame"),
    [
        (plot_allowed_down_time, pd.DataFrame(columns=list(availability()))),
        (plot_readiness_counts, pd.DataFrame(columns=["service", "check", "result"])),
        (plot_usual_and_bad_year, pd.DataFrame(columns=["scenario", "service", "down_p50", "down_p95"])),
        (plot_exposure_shares, pd.DataFrame(columns=["service", *SHARES])),
    ],
)
def test_of_nothing_a_sentence_is_drawn(plot, frame):
    ax = plot(frame)
    assert chart_of(ax) is None
    assert ax.texts[0].get_text().endswith(".")
