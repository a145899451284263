"""Two hundred services: figures keep their height and say what is left out; what moved is measured by its promise."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures import (
    availability,
    comparisons,
    dependencies,
    fleet,
    incident_timeline,
    question_tables,
    restoration,
    style,
)
from continuity_analysis.figures.availability_over_time import plot_availability_over_time
from continuity_analysis.figures.display_tables import glance_table
from continuity_analysis.figures.verdict_order import worst_services_first
from continuity_analysis.models.comparisons import LONGER, TOO_FEW, UNCHANGED
from continuity_analysis.periods import read_period
from continuity_analysis.reports.index import service_groups
from continuity_analysis.reports.results import ReportResult

PERIOD = read_period("2026Q3", timezone="UTC")
SERVICES = [f"service-{number:03d}" for number in range(200)]
HIGHEST = 16  # inches, about what a page of a browser shows in two screens


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def card(verdicts, **columns):
    """A scorecard from service -> {objective: verdict}."""
    rows = [(s, o, v) for s, given in verdicts.items() for o, v in given.items()]
    frame = pd.DataFrame(rows, columns=["service", "objective", "verdict"])
    defaults = {"target": 0.99, "achieved": 0.995, "previous": 0.995, "change": "the same", "unit": "ratio"}
    return frame.assign(**defaults | columns)


def availabilities():
    point = np.linspace(0.95, 0.9999, 200)
    frame = {"service": SERVICES, "availability": point, "low": point - 1e-4, "high": point, "objective": 0.999}
    return pd.DataFrame(frame | {"verdict": "MET"})


def medians():
    hours = np.linspace(1, 9, 200)
    return pd.DataFrame({"service": SERVICES, "median_hours": hours, "low": hours / 2, "high": hours * 2, "n": 9})


def compared():
    ratio = np.linspace(0.5, 2, 200)
    frame = {"service": SERVICES, "median_ratio": ratio, "ratio_low": ratio / 20, "ratio_high": ratio * 20}
    frame |= {"n_first": 5, "n_second": 6, "verdict": UNCHANGED, "first": "2026Q2", "second": "2026Q3"}
    return pd.DataFrame(frame)


def down():
    start = pd.date_range("2026-07-02", periods=200, freq="10h", tz="UTC")
    frame = {"service": SERVICES, "start": start, "end": start + pd.Timedelta("2h"), "hours": 2.0, "impact": 1.0}
    return pd.DataFrame(frame)


def timeline():
    rows = down().rename(columns={"start": "started_at", "end": "ended_at"})
    return rows.assign(incident_id=SERVICES, planned=False, is_open=False, excluded=None)


def weeks(services=SERVICES):
    start = pd.date_range("2026-07-06", periods=3, freq="7D", tz="UTC")
    frame = pd.MultiIndex.from_product([services, start], names=["service", "start"]).to_frame(index=False)
    number = frame["service"].str[-3:].astype(int)
    frame = frame.assign(end=frame["start"] + pd.Timedelta("7D"), agreed_hours=168.0, unknown_hours=0.0, objective=0.99)
    down = (200 - number) / 100
    return frame.assign(down_hours=down, availability=1 - down / 168, low=1 - down / 168, high=1 - down / 168)


FIGURES = {
    "availability": lambda: availability.plot_availability(availabilities()),
    "medians": lambda: restoration.plot_medians(medians()),
    "comparison": lambda: comparisons.plot_comparison(compared()),
    "down time": lambda: availability.plot_downtime(down(), PERIOD),
    "timeline": lambda: incident_timeline.plot_incident_timeline(timeline(), PERIOD),
    "over time": lambda: plot_availability_over_time(weeks(), n=23, others=True),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_two_hundred_keeps_its_height_and_says_what_it_leaves_out(name):
    ax = FIGURES[name]()
    assert ax.figure.get_figheight() <= HIGHEST
    shown = "23 lowest of 200" if name == "over time" else f"{style.ROWS_AT_MOST} "
    said = f"{ax.get_title(loc='left')} {ax.get_xlabel()}"
    assert shown in said
    assert "200" in said
    legend = ax.get_legend()
    assert legend is None or len(legend.get_texts()) <= 8


def test_the_last_panel_is_the_band_of_all_the_others():
    panels = plot_availability_over_time(weeks(), n=5, others=True).child_axes
    assert len(panels) == 6
    assert panels[-1].get_title(loc="left") == "the other 195: all, and together"
    assert len(plot_availability_over_time(weeks(SERVICES[:5]), n=5, others=True).child_axes) == 5
    together = panels[-1].get_lines()[0].get_ydata()[0]
    expected = 1 - ((200 - np.arange(5, 200)) / 100).sum() / (195 * 168)
    assert together == pytest.approx(-np.log10(1 - expected))


def test_a_single_service_takes_the_whole_width():
    (panel,) = plot_availability_over_time(weeks(SERVICES[:1])).child_axes
    box = panel.get_position()
    assert box.width > 0.7


@pytest.mark.parametrize(("n", "title"), [(3, "of 3 services"), (200, "of 200 services"), (230, "200 worst of 230")])
def test_every_verdict_fits_one_picture(n, title):
    verdicts = {f"s{i:03d}": {"availability": "MET", "rpo": "BREACHED" if i % 7 == 1 else "MET"} for i in range(n)}
    ax = fleet.plot_verdicts(card(verdicts))
    assert ax.figure.get_figheight() <= HIGHEST
    assert title in ax.get_title(loc="left")
    first = ax.child_axes[0].get_yticklabels()[0].get_text()
    assert first == "s001"
    assert sum(len(panel.get_yticks()) for panel in ax.child_axes) == min(n, 200)


def test_services_with_more_that_is_breached_come_first():
    verdicts = {
        "calm": {"rpo": "MET"},
        "two": {"rpo": "BREACHED", "rto": "BREACHED"},
        "weak": {"rpo": "INSUFFICIENT", "rto": "INSUFFICIENT", "restore": "INSUFFICIENT"},
        "one": {"rpo": "BREACHED", "rto": "AT_RISK"},
    }
    ax = fleet.plot_verdicts(card(verdicts))
    assert [label.get_text() for label in ax.child_axes[0].get_yticklabels()] == ["two", "one", "weak", "calm"]
    said = fleet.fleet_sentence(card(verdicts), PERIOD)
    assert "of 4 services with objectives: 2 breach an objective, 1 lacks evidence, 1 meets all" in said
    nothing = card({"calm": {"rpo": "NOT_SET"}})
    assert "No objective is set" in fleet.fleet_sentence(nothing, PERIOD)
    assert not fleet.plot_verdicts(nothing).child_axes


def test_moves_are_measured_by_what_the_objective_allows():
    rows = card({"a": {"availability": "MET"}, "b": {"rpo": "BREACHED"}, "c": {"rto": "AT_RISK"}, "d": {"rpo": "MET"}})
    rows["target"] = [0.99, 3600.0, 7200.0, 3600.0]
    rows["previous"] = [0.999, 1800.0, 7200.0, 60.0]
    rows["achieved"] = [0.994, 5400.0, np.inf, 60.0]
    rows["change"] = [
        "lower by 0.5 points, not tested",
        "longer (9 and 8 incidents)",
        "longer without limit",
        "the same",
    ]
    rows["unit"] = ["ratio", "seconds", "seconds", "seconds"]
    table = fleet.movers_table(rows, PERIOD)
    assert [row[0] for row in table.rows] == ["c", "b", "a"]  # what did not move is left out
    at = table.columns.index("Moved by, of what is allowed")
    assert [values[at] for values in table.values] == pytest.approx([np.inf, 1.0, 0.5])
    assert [row[table.columns.index("It got")] for row in table.rows] == ["worse"] * 3
    assert table.rows[2][-1] == "lower by 0.5 points; not tested, may be chance"
    assert table.rows[1][-1] == "longer (9 and 8 incidents)"
    assert fleet.movers_table(rows.tail(1), PERIOD).caption == "Nothing moved that has an objective"
    assert fleet.movers_table(rows, PERIOD, n=1).caption == "The largest of 3 moves"


def test_tables_that_fold_most_rows_away_begin_with_the_worst():
    rows = pd.DataFrame({"service": ["a", "b", "c"], "verdict": ["MET", "INSUFFICIENT", "BREACHED"], "n": 1})
    numbers = [
        "n_censored",
        "median_hours",
        "low",
        "high",
        "p90_hours",
        "p90_low",
        "p90_high",
        "mean_hours",
        "max_hours",
    ]
    rows = rows.assign(**dict.fromkeys([*numbers, "share_within", "share_low", "share_high"], 1.0))
    assert [row[0] for row in question_tables.restoration_table(rows).rows] == ["c", "b", "a"]
    groups = compared().head(3).assign(verdict=[TOO_FEW, UNCHANGED, LONGER], median_first=1.0, median_second=2.0)
    table = comparisons.comparison_table(groups.assign(detectable_ratio=2.0))
    assert [row[0] for row in table.rows] == SERVICES[2::-1]


def test_what_needs_what_is_drawn_round_the_lowest_of_hundreds():
    edges = pd.DataFrame({"service": SERVICES[1:], "depends_on": [SERVICES[i // 3] for i in range(199)]})
    ax = dependencies.plot_dependencies(edges, availabilities())
    assert ax.figure.get_figheight() <= HIGHEST
    said = [text.get_text().split("\n")[0] for text in ax.texts]
    assert any(SERVICES[0] in words for words in said)
    assert " of 200 services" in ax.get_title(loc="left")
    star = pd.DataFrame({"service": SERVICES[1:], "depends_on": SERVICES[0]})
    assert (
        not dependencies.plot_dependencies(star, availabilities()).get_title(loc="left").startswith("What needs what, ")
    )


def test_one_order_of_services_everywhere():
    b, a, i, m = "BREACHED", "AT_RISK", "INSUFFICIENT", "MET"
    kinds = ("availability", "requests", "restore", "rpo", "rto")
    given = {"met": [m] * 5, "risky": [a] * 5, "zeta": [i, b, m], "alpha": [b, m, i], "risen": [b, a], "none": []}
    frame = card({s: dict(zip(kinds, verdicts, strict=False)) for s, verdicts in given.items()})
    expected = ["risen", "zeta", "alpha", "risky", "met"]  # of equals as the scorecard has them
    assert worst_services_first(frame).tolist() == expected
    assert fleet._codes(frame).index.tolist() == expected
    assert [row[0] for row in glance_table(frame).rows] == expected
    reports = [ReportResult(f"own/{s}", f"Own: {s}", "", "", service=s) for s in reversed(given)]
    (group,) = service_groups(reports, frame)
    assert [report.service for report, _ in group["rows"]] == [*expected, "none"]
