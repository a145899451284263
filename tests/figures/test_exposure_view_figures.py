"""Figures, tables and sentences on exposure from other sides: drawn, bounded, and with nothing to draw."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures import recovery_point_view_tables as tables
from continuity_analysis.figures.recovery_point_views import (
    plot_at_incidents,
    plot_exposure_views,
    plot_retention_depth,
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def views():
    frame = pd.DataFrame({"service": "shop", "view": ["all", "proven", "off-site", "loss of primary"]})
    frame["p95_hours"], frame["p95_low_hours"] = [20.0, np.inf, np.nan, 0.0], [20.0, 900.0, np.nan, np.nan]
    frame["worst_hours"], frame["worst_low_hours"] = [30.0, np.inf, np.nan, 2.0], [30.0, 990.0, np.nan, np.nan]
    frame = frame.assign(p50_hours=3.0, unprotected_share=0.0, objective=8.0, share_over_objective=0.1, n=4)
    return frame.assign(reason=[np.nan, np.nan, "the catalogue does not say", np.nan])


def incidents():
    frame = pd.DataFrame({"service": ["shop", "shop", "desk"], "title": "down", "position": [0.25, 0.75, np.nan]})
    frame["hours"], frame["survived"] = [2.0, np.inf, np.nan], pd.array([True, False, None], dtype="boolean")
    return frame.assign(started_at=pd.Timestamp("2026-07-01", tz="UTC"))


def depth():
    low = {"min_days": 0.0, "p5_days": 5.0, "median_days": 9.0, "last_days": 20.0, "chance_7d": 0.8}
    high = {"min_days_high": 3.0, "p5_days_high": 30.0, "median_days_high": 9.0, "chance_7d_high": np.nan}
    return pd.DataFrame([{"service": "shop"} | low | high, {"service": "desk"} | dict.fromkeys([*low, *high], np.nan)])


def at_incidents(p=0.01, verdict="worse", n=6):
    row = {"service": "all services", "n": n, "n_unknown": 0, "median_hours": 4.0, "worst_hours": np.inf}
    row |= {"random_median_hours": np.nan, "n_worse": 5, "share_worse": 5 / 6, "low": 0.36, "high": 0.99}
    row |= {"p_value": p, "p_adjusted": p, "verdict": verdict, "n_lost": 1, "n_noticed": 3, "reason": None}
    return pd.DataFrame([row])


def test_views_without_limit_are_arrows_at_the_edge_and_unknown_ones_are_not_drawn():
    ax = plot_exposure_views(views())
    ax.figure.canvas.draw()
    marks = {line.get_marker(): line.get_xdata() for line in ax.lines if len(line.get_xdata())}
    assert len(marks[">"]) == 1
    assert marks[">"][0] > 900
    assert "s" not in marks  # off-site is unknown
    labels = ax.get_legend_handles_labels()[1]
    assert labels == ["all backups", "proven by a restore or a full read", "loss of the primary (with replicas)"]


def test_incidents_stand_at_their_position():
    ax = plot_at_incidents(incidents())
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [0.25, 0.75]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["shop (2)"]


def test_depth_is_a_bar_of_what_is_sure_and_one_of_what_is_open():
    ax = plot_retention_depth(depth())
    assert [bar.get_width() for bars in ax.containers for bar in bars] == [5, 25]
    assert len(ax.get_yticklabels()) == 1  # nothing is known of the other
    alone = plot_retention_depth(depth().assign(p5_days_high=np.nan))
    assert [bar.get_width() for bars in alone.containers for bar in bars] == [5]


@pytest.mark.parametrize(
    ("plot", "frame", "words"),
    [
        (plot_exposure_views, views(), "No backup was seen."),
        (plot_at_incidents, incidents(), "No unplanned incident began while somebody was watching the backups."),
        (plot_retention_depth, depth(), "No backup was seen."),
    ],
)
def test_nothing_is_said_in_a_sentence(plot, frame, words):
    assert [t.get_text() for t in plot(frame[:0]).texts] == [words]


def test_cells_show_both_ends_or_a_bound():
    table = tables.exposure_views_table(views())
    column = [row[table.columns.index("P95")] for row in table.rows]
    assert column == ["20 h", "38 d to without limit", "at most 0 s"]  # of off-site nothing is known
    table = tables.retention_depth_table(depth())
    assert table.rows[0] == ("shop", "0 s to 3 d", "5 d to 30 d", "9 d", "20 d", "at least 80 %")
    assert table.columns[-1] == "Found after 7 d: point still there"


def test_incidents_in_a_table():
    row = tables.at_incidents_table(at_incidents()).rows[0]
    assert row[-3:] == ("0.01", "worse than chance", "1 of 3")
    few = at_incidents(np.nan, np.nan).assign(reason="4 incidents with known exposure, at least 5 are needed")
    assert tables.at_incidents_table(few).rows[0][-2].startswith("4 incidents")
    assert [r[-1] for r in tables.incident_exposures_table(incidents()).rows] == ["yes", "no"]


def test_sentences():
    assert "**1 of 1** services have backups" in tables.exposure_views_sentence(views())
    assert "Nothing is known of: off-site (the catalogue does not say)." in tables.exposure_views_sentence(views())
    assert "what would be lost is unknown" in tables.exposure_views_sentence(views()[:0])
    assert "**more than chance would give** (p = 0.01; incidents that set off" in tables.at_incidents_sentence(
        at_incidents()
    )
    assert "no evidence of more than chance" in tables.at_incidents_sentence(at_incidents(0.4, "no evidence"))
    assert "Too few to say" in tables.at_incidents_sentence(at_incidents(np.nan, np.nan))
    assert "No unplanned incident" in tables.at_incidents_sentence(at_incidents(n=0))
    assert "**shop** goes back least: 5 d to 30 d" in tables.retention_sentence(depth())
    assert "unknown" in tables.retention_sentence(depth()[:0])
    loss = pd.DataFrame({"kind": ["restore", "drill"], "lost_hours": [3.0, 4.0]})
    loss["evidence"] = ["no listing shows it", "nobody was watching"]
    said = tables.realised_loss_sentence(loss)
    assert said.startswith("1 real recovery and 1 drill with a known loss are on record; really lost were 3 h")
    assert "**1 of 1**" in said
