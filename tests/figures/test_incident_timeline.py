"""The timeline: each incident where and as long as it was, those at once one under the other, open ones marked."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.dates import date2num

from continuity_analysis.figures import tear_sheet
from continuity_analysis.figures.incident_timeline import plot_incident_timeline
from continuity_analysis.periods import read_period
from tests.measurements.backup_logs import logs_of

PERIOD = read_period("2026-07")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def timeline(*rows):
    frame = pd.DataFrame(rows, columns=["service", "incident_id", "started_at", "ended_at", "is_open"])
    for name in ("started_at", "ended_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.assign(planned=False, excluded=pd.Series(None, index=frame.index, dtype="str"))


def bars(ax):
    """Left and right edge, and y of the middle, of each bar."""
    patches = [p for group in ax.containers for p in group.patches]
    return [(p.get_x(), p.get_x() + p.get_width(), p.get_y() + p.get_height() / 2) for p in patches]


def days(*moments):
    return [date2num(np.datetime64(f"2026-{m}")) for m in moments]


def arrows(ax):
    return sum(len(line.get_xdata()) for line in ax.lines if line.get_marker() == ">")


def test_a_bar_lies_where_the_incident_was():
    ax = plot_incident_timeline(timeline(("web", "A", "2026-07-03", "2026-07-06", False)), PERIOD)
    assert bars(ax)[0][:2] == pytest.approx(tuple(days("07-03", "07-06")))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["web  (1)"]
    assert arrows(ax) == 0


def test_those_at_once_lie_one_under_the_other_and_none_beside_the_other_does():
    ax = plot_incident_timeline(
        timeline(
            ("web", "A", "2026-07-03", "2026-07-06", False),
            ("web", "B", "2026-07-04", "2026-07-05", False),
            ("web", "C", "2026-07-10", "2026-07-11", False),
            ("zoo", "D", "2026-07-04", "2026-07-05", False),
        ),
        PERIOD,
    )
    (_, _, a), (_, _, b), (_, _, c), (_, _, d) = bars(ax)
    assert a < b < 0.5 < d < 1.5 and a == c and d == 1


def test_open_ones_and_those_that_go_on_end_in_an_arrow_within_the_period():
    still = ("web", "A", "2026-07-30", "2026-08-05", True)
    over = ("web", "B", "2026-06-30", "2026-08-02", False)
    ax = plot_incident_timeline(timeline(still, over), PERIOD)
    assert arrows(ax) == 2
    assert max(right for _, right, _ in bars(ax)) == days("08-01")[0]
    assert min(left for left, _, _ in bars(ax)) == days("07-01")[0]


def test_a_short_one_can_be_seen_and_the_one_chosen_is_marked():
    ax = plot_incident_timeline(timeline(("web", "A", "2026-07-03", "2026-07-03", False)), PERIOD, marked="A")
    left, right, _ = bars(ax)[0]
    assert right - left == pytest.approx(31 / 400)
    assert "chosen" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_what_does_not_count_is_told_apart():
    rows = timeline(*[("web", name, "2026-07-03", "2026-07-06", False) for name in "ABC"])
    rows["excluded"] = [None, "planned work is not an incident", "cancelled"]
    rows["planned"] = [False, True, False]
    ax = plot_incident_timeline(rows, PERIOD)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["counts", "planned work", "does not count"]
    assert len({group.patches[0].get_facecolor() for group in ax.containers}) == 3


def test_hundreds_of_services_and_none():
    rows = [(f"s{i:03}", f"I{i}", "2026-07-03", "2026-07-06", False) for i in range(100)]
    ax = plot_incident_timeline(timeline(*rows), PERIOD)
    assert len(bars(ax)) == 30
    assert "the 30 services with most of 100" in ax.get_title(loc="left")
    ax = plot_incident_timeline(timeline(), PERIOD)
    assert "No incident" in ax.texts[0].get_text()


def test_the_tear_sheet_says_what_it_shows_even_of_nothing():
    figure = tear_sheet.tear_sheet(logs_of([]), "2026-07")
    figure.canvas.draw()
    told = [text.get_text() for text in figure.texts] + [ax.get_title(loc="left") for ax in figure.axes]
    assert told[0] == "Continuity in 2026-07"
    assert "No objective is set" in told[1] and "**" not in told[1]
    assert told[2:4] == [
        "No source watched any of the 0 services in 2026-07: availability is unknown.",
        "No unplanned incident started in 2026-07.",
    ]
    edges = [ax.get_tightbbox().bounds for ax in figure.axes]
    assert all(x >= 0 and x + width <= figure.bbox.width for x, _, width, _ in edges)
