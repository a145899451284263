"""Figures, tables and sentences of requests and error budgets: what they draw and say, also with nothing to show."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.figures import error_budget as budgets
from continuity_analysis.figures import request_tables, requests
from continuity_analysis.periods import read_period
from tests.logs_in_hand import make_logs

JUNE = read_period("2026-06")
WATCHED = {"covers_from_at": "2025-01-01", "covers_until_at": "2027-01-01"}
PROMISED = {"availability": "99.9%", "requests": "99.9%", "latency": {"under": "250ms", "for": "90%"}}


@pytest.fixture(autouse=True)
def closed():
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


@pytest.fixture(scope="module")
def logs():
    names = [f"service-{n:02d}" for n in range(14)]
    incidents = [
        {"component": name, "started_at": f"2026-06-{1 + n:02d}T00:00Z", "impact": 1.0, "title": f"outage {n}",
         "restored_at": f"2026-06-{1 + n:02d}T00:{4 * n:02d}Z"}
        for n, name in enumerate(names)
    ]  # fmt: skip
    may = {"component": "service-05", "started_at": "2026-05-25T00:00Z", "restored_at": "2026-05-25T01:00Z"}
    incidents.append(may | {"impact": 1.0, "title": "outage in May"})
    asked = [
        {"component": name, "minute_at": f"2026-06-{day:02d}T12:0{m}Z", "total": 20, "failed": n * (m == 0)}
        for n, name in enumerate(names[:8]) for day in (1, 2, 5) for m in range(3)
    ]  # fmt: skip
    service = {"in_service_since": "2025-01-01", "watched_by": ["pager"], "objectives": PROMISED}
    catalog = {"services": dict.fromkeys(names, service)}
    return make_logs(as_of="2026-06-15", incidents=incidents, requests=asked, exports=[WATCHED], catalog=catalog)


@pytest.fixture(scope="module")
def nothing():
    return make_logs(as_of="2026-12-01")


def rows_of(ax):
    ax.figure.canvas.draw()
    return [t.get_text() for t in ax.get_yticklabels()]


def said(ax):
    return [t.get_text() for t in ax.texts]


def test_budgets_with_least_left_come_first_and_at_most_12_are_shown(logs):
    ax = budgets.plot_error_budget(ca.budget_course(logs, JUNE), JUNE)
    assert rows_of(ax) == [f"service-{n:02d}" for n in range(13, 1, -1)]
    assert "12 with least left of 14" in ax.get_title(loc="left")
    assert said(ax)[0] == "20.4 % over"  # 52 of 43.2 minutes
    assert "at the rate of the last 30 days" in [t.get_text() for t in ax.get_legend().get_texts()]
    assert sum(line.get_linestyle() == "--" for line in ax.lines) == 2  # service-05 and its entry in the legend


def test_requests_are_drawn_by_what_failed_with_how_many_there_were(logs):
    ax = requests.plot_requests(ca.request_availability(logs, JUNE, by="day"), JUNE)
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels[0] == "service-07, n = 60 each, objective 99.9 %"
    assert len(labels) == 6
    assert "2 more services" in ax.get_title(loc="left")
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    assert list(dots.get_ydata()) == pytest.approx([7 / 60] * 3)


def test_bad_minutes_stand_above_down_time(logs):
    ax = requests.plot_bad_minutes(ca.request_minutes(logs, JUNE), ca.downtime(logs, JUNE), JUNE)
    assert sorted(rows_of(ax)) == [f"service-{n:02d}" for n in range(8)]
    assert [t.get_text() for t in ax.get_legend().get_texts()][1:] == ["bad minutes", "down, by incidents"]


def test_nothing_to_draw_says_so(nothing):
    assert said(budgets.plot_error_budget(ca.budget_course(nothing, JUNE), JUNE))
    assert said(requests.plot_requests(ca.request_availability(nothing, JUNE, by="day"), JUNE))
    assert said(requests.plot_bad_minutes(ca.request_minutes(nothing, JUNE), ca.downtime(nothing, JUNE), JUNE))


def test_tables_and_sentences_say_what_was_found(logs):
    budget, asked = ca.error_budget(logs, JUNE), ca.request_availability(logs, JUNE)
    table = budgets.budget_table(budget[budget["window"] == JUNE.name])
    assert len(table.rows) == 14 + 8 + 6
    assert "Gone since" in table.columns
    assert "overspent**" in budgets.budget_sentence(budget, JUNE)
    assert len(budgets.budget_spent_table(ca.budget_spent(logs, JUNE)).rows) == 13
    assert "480 requests" not in request_tables.requests_sentence(asked, JUNE)
    assert request_tables.requests_sentence(asked, JUNE).startswith("1,440 requests of 8 services")
    assert request_tables.latency_table(asked).rows[0][2] == "250 ms"
    assert len(request_tables.requests_table(asked).rows) == 14
    assert len(request_tables.agreement_table(ca.agreement(logs, JUNE)).rows) == 8
    assert len(request_tables.disagreements_table(ca.disagreements(logs, JUNE)).rows) == 18


def test_tables_and_sentences_of_nothing(nothing):
    budget, asked = ca.error_budget(nothing, JUNE), ca.request_availability(nothing, JUNE)
    for table in (
        budgets.budget_table(budget), budgets.budget_spent_table(ca.budget_spent(nothing, JUNE)),
        request_tables.requests_table(asked), request_tables.latency_table(asked),
        request_tables.agreement_table(ca.agreement(nothing, JUNE)),
        request_tables.disagreements_table(ca.disagreements(nothing, JUNE)),
    ):  # fmt: skip
        assert table.rows == ()
    assert "No service has" in budgets.budget_sentence(budget, JUNE)
    assert "unknown" in request_tables.requests_sentence(asked, JUNE)
