"""Runs side by side: named without a clock, the newest kept, nothing else touched, and a page that compares them."""

from dataclasses import replace

import pandas as pd
import pytest
from lxml import html
from small_notebooks import FACTS, scorecard

from continuity_analysis.figures.verdict_tables import verdict_matrix
from continuity_analysis.periods import read_period
from continuity_analysis.reports.history import (
    folder_name,
    history_page,
    objectives_table,
    past_runs,
    tidy,
    verdicts_of_runs,
)
from continuity_analysis.reports.locking import KEPT
from continuity_analysis.reports.results import write
from continuity_analysis.reports.summary import summarise, to_text


def make(root, period, as_of, *, services=2, complete=True):
    """A run's folder as `run_reports` leaves it."""
    facts = replace(FACTS, period=read_period(period, timezone="Europe/Rome"), as_of=pd.Timestamp(as_of, tz="UTC"))
    folder = root / folder_name(facts)
    write(folder / KEPT / "reports" / "one.json", "{}")
    if complete:
        reports = [{"name": "one", "status": "failed" if period == "2026Q1" else "done"}]
        write(folder / "summary.json", to_text(summarise(scorecard(services), facts, reports=reports)))
    return folder.name


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("2026Q3", "2026Q3_as-of_2026-10-01T000000Z"),
        ("2026-W31", "2026-W31_as-of_2026-10-01T000000Z"),
        ("2026-07-01/2026-08-01", "2026-07-01--2026-08-01_as-of_2026-10-01T000000Z"),
        ("2026-07-01T08:00/2026-08-01", "2026-07-01T080000+0200--2026-08-01_as-of_2026-10-01T000000Z"),
    ],
)
def test_a_folder_is_named_by_period_and_moment(period, name):
    assert folder_name(replace(FACTS, period=read_period(period, timezone="Europe/Rome"))) == name


def test_an_unknown_moment_has_a_name_too():
    assert folder_name(replace(FACTS, as_of=pd.NaT)) == "2026Q3_as-of_unknown"


def test_the_newest_stay_and_nothing_else_is_touched(tmp_path):
    names = [make(tmp_path, f"2026Q{q}", f"2026-{3 * q + 1:02d}-01") for q in (1, 2, 3)]
    killed = make(tmp_path, "2025Q4", "2026-01-01", complete=False)
    for mine in ("notes", "mine_as-of_2020"):
        (tmp_path / mine).mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link_as-of_2019").symlink_to(tmp_path / "elsewhere")
    assert tidy(tmp_path, keep=4, present=names[2]) == []
    assert [run.folder for run in past_runs(tmp_path)] == names[::-1]
    assert tidy(tmp_path, keep=2, present=names[2]) == [names[0], killed]
    there = {p.name for p in tmp_path.iterdir()}
    assert there == {*names[1:], "index.html", "notes", "mine_as-of_2020", "elsewhere", "link_as-of_2019"}


def test_the_present_run_stays_though_it_speaks_of_the_past(tmp_path):
    names = [make(tmp_path, f"2026Q{q}", f"2026-{3 * q + 1:02d}-01") for q in (1, 2, 3)]
    assert tidy(tmp_path, keep=2, present=names[0]) == [names[1]]


def test_the_page_lists_runs_newest_first_with_their_verdicts(tmp_path):
    for quarter in (1, 2, 3):
        make(tmp_path, f"2026Q{quarter}", f"2026-{3 * quarter + 1:02d}-01", services=quarter)
    page = html.fromstring(history_page(past_runs(tmp_path)))
    runs, verdicts, objectives = page.findall(".//table")
    rows = [[cell.text_content() for cell in row] for row in runs.iterfind("tbody/tr")]
    assert rows[0] == ["2026Q3", "2026-10-01 00:00 UTC", "3", "3", "3", "0", "3", "0"]
    assert [row[0] for row in rows] == ["2026Q3", "2026Q2", "2026Q1"]
    assert rows[2][-1] == "1"
    assert runs.find(".//a").get("href") == "2026Q3_as-of_2026-10-01T000000Z/index.html"
    heads = [cell.text_content() for cell in verdicts.iterfind("thead/tr/th")]
    assert heads == ["Service and objective", "2026Q3", "2026Q2", "2026Q1"]
    first = [cell.text_content() for cell in verdicts.find("tbody/tr")]
    assert first == ["service-0 (availability)", *["Breached"] * 3]
    heads = [cell.text_content() for cell in objectives.iterfind("thead/tr/th")]
    assert heads == ["Service", "Objective", "Promised", "2026Q3", "2026Q2", "2026Q1"]
    first = [cell.text_content().replace("\xa0", " ") for cell in objectives.find("tbody/tr")]
    assert first == ["service-0", "Availability", "99.9 %", *["99.877 % (breached)"] * 3]


def test_a_service_that_came_later_has_no_number_before(tmp_path):
    make(tmp_path, "2026Q1", "2026-04-01", services=1)
    make(tmp_path, "2026Q2", "2026-07-01", services=2)
    table = objectives_table(past_runs(tmp_path))
    (row,) = [row for row in table.rows if row[:2] == ("service-1", "Availability")]
    assert row[2:] == ("99.9 %", "99.777 % (breached)", "—")
    (unjudged,) = [row for row in table.rows if row[:2] == ("service-1", "Recovery time (RTO)")]
    assert unjudged[3:] == ("Not enough evidence", "—")


def test_two_runs_of_one_period_are_told_apart(tmp_path):
    make(tmp_path, "2026Q1", "2026-04-01", services=1)
    make(tmp_path, "2026Q1", "2026-04-05", services=1)
    names = ("2026Q1, as of 2026-04-01 00:00 UTC", "2026Q1, as of 2026-04-05 00:00 UTC")
    assert objectives_table(past_runs(tmp_path)).columns[3:] == names[::-1]
    table = verdict_matrix(verdicts_of_runs(past_runs(tmp_path)))
    assert table.columns[1:] == names[::-1]
    assert table.rows[0] == ("service-0 (availability)", "Breached", "Breached")
