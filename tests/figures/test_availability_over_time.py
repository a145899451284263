"""Availability over time and corrections as figure, tables and sentence: full, unknown, empty, many services."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures.availability_over_time import (
    over_time_sentence,
    over_time_table,
    plot_availability_over_time,
)
from continuity_analysis.figures.correction_tables import (
    called_off_table,
    corrections_table,
    coverage_table,
    raw_table,
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def over_time(services=3, months=4, rolling=False):
    edges = pd.date_range("2026-01-01", periods=months + 1, freq="MS", tz="UTC")
    rows = [
        {"service": f"s{i:02d}", "window": f"{a:%Y-%m}", "start": a - pd.Timedelta(days=20 * rolling), "end": b,
         "agreed_hours": 100.0, "unknown_hours": 10.0, "down_hours": i * 0.1, "availability": 1 - i * 0.1 / 90,
         "low": 1 - (i * 0.1 + 10) / 100, "high": 1 - i * 0.1 / 100, "coverage": 0.9, "objective": 0.999,
         "judged": "all", "unplanned_high": 1.0}
        for i in range(services) for a, b in pairwise(edges)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    unknown = {"availability": np.nan, "low": np.nan, "high": np.nan, "coverage": 0.0, "unknown_hours": 100.0}
    frame.loc[0, list(unknown)] = list(unknown.values())
    frame.loc[1, ["availability", "agreed_hours", "coverage", "unknown_hours"]] = [np.nan, 0.0, np.nan, 0.0]
    return frame


@pytest.mark.parametrize("rolling", [False, True])
def test_the_lowest_twelve_are_drawn_and_the_title_says_so(rolling):
    ax = plot_availability_over_time(over_time(20, rolling=rolling))
    ax.figure.canvas.draw()
    assert len(ax.child_axes) == 12
    assert ax.child_axes[0].get_title(loc="left") == "s19"
    assert "the 12 lowest of 20 services" in ax.get_title(loc="left")


def test_what_nobody_watched_is_grey_and_it_draws_into_given_axes():
    _, ax = plt.subplots()
    assert plot_availability_over_time(over_time(1), ax=ax) is ax
    panel = ax.child_axes[0]
    assert len(panel.patches) == 1


def test_nothing_watched_is_a_sentence():
    frame = over_time(1).iloc[:1]
    assert "No service has a source" in plot_availability_over_time(frame).texts[0].get_text()
    assert "No service has a source" in plot_availability_over_time(frame.iloc[:0]).texts[0].get_text()
    assert "unknown" in str(over_time_sentence(frame))


def test_a_cell_says_how_much_of_it_was_watched():
    table = over_time_table(over_time(2))
    assert table.columns == ("Service", "2026-01", "2026-02", "2026-03", "2026-04")
    assert [row[0] for row in table.rows] == ["s01", "s00"]
    assert table.rows[1][1:] == ("—", "not agreed", "100 %, 90 % watched", "100 %, 90 % watched")
    assert "the newest 13 of 16 windows, 5 of 40 services" in over_time_table(over_time(40, 16), n=5).caption
    assert over_time_table(over_time().iloc[:0]).rows == ()


def test_the_sentence_counts_windows_below_the_objective_and_names_the_lowest():
    text = str(over_time_sentence(over_time(20)))
    assert "4 windows of 20 services" in text
    assert "**s19** in 2026-01" in text
    # those whose upper bound misses 99.9 %: 0.1 h and more of 100 h, from the second service on
    assert "**72 of 78**" in text


def listed():
    rows = [
        {"service": "a", "incident_id": "1", "what": "excluded", "because": "drill", "down_hours_moved": -2.0},
        {"service": "a", "incident_id": "2", "what": "corrected", "because": "late", "down_hours_moved": 3.0},
        {"service": "a", "incident_id": "3", "what": "cancelled", "because": "cancelled in the source"},
        {"service": None, "incident_id": "4", "what": "no such incident", "because": "mistyped"},
    ]
    numbers = {"availability_before": 0.9, "availability_after": 0.95, "title": "t", "change": "x"}
    return pd.DataFrame(rows).assign(started_at=pd.Timestamp("2026-07-01", tz="UTC"), **numbers)


def test_corrections_are_listed_by_what_they_moved_and_called_off_rows_counted():
    table = corrections_table(listed())
    assert [row[1] for row in table.rows] == ["2", "1", "4"]
    assert [row[5] for row in table.rows] == ["+ 3 h", "− 2 h", "—"]
    assert table.caption == "Corrections by the catalogue: 3; 1 cancelled in the source count nowhere"
    assert "the 1 that moved most" in corrections_table(listed(), n=1).caption
    assert called_off_table(listed()).rows[0][1] == "3"
    for made in (corrections_table(listed().iloc[:0]), called_off_table(listed().iloc[:0])):
        assert made.rows == ()


def test_raw_beside_corrected_and_what_was_not_watched():
    frame = pd.DataFrame({
        "service": ["a", "b"], "raw_availability": [0.9, 0.99], "availability": [0.95, 0.99], "low": [0.9, 0.9],
        "high": [0.96, 0.99], "objective": 0.99, "verdict": "MET", "agreed_hours": 100.0, "unknown_hours": [0.0, 9.0],
        "suppressed_hours": [0.0, 4.0], "coverage": [1.0, 0.91],
    })  # fmt: skip
    assert raw_table(frame).rows == (("a", "90 %", "95 % (90 % to 96 %)", "99 %", "Met"),)
    assert coverage_table(frame).rows[0][:5] == ("b", "4 d 4 h", "91 %", "9 h", "4 h")
    assert raw_table(frame.iloc[1:]).rows == () == coverage_table(frame.iloc[:1]).rows
