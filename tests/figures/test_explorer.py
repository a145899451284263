"""The explorer without a browser: its widgets are set, and what it draws is looked at."""

import asyncio
import base64
import io
import re

import numpy as np
import pytest
from logs_in_hand import make_logs
from matplotlib import image
from matplotlib import pyplot as plt

from continuity_analysis.figures.explorer import explore
from continuity_analysis.figures.explorer.app import TABS, soon
from continuity_analysis.figures.explorer.controls import OWN_WORDS, known_periods
from continuity_analysis.questions import restoration
from tests.measurements.backup_logs import backup
from tests.measurements.backup_logs import logs_of as backup_logs

INCIDENTS = [
    {"component": "shop", "started_at": "2026-07-01 00:00", "restored_at": "2026-07-01 01:00", "severity": 1,
     "acknowledged_at": "2026-07-01 00:05", "title": "shop down"},
    {"component": "shop", "started_at": "2026-07-05 00:00", "restored_at": "2026-07-05 03:00", "severity": 2},
    {"component": "shop", "started_at": "2026-08-05 00:00", "restored_at": "2026-08-05 02:00", "severity": 2},
    {"component": "pay", "started_at": "2026-07-02 00:00", "restored_at": "2026-07-02 09:00", "severity": None},
    {"component": "pay", "started_at": "2026-07-20 00:00", "status": "open", "severity": 2},
    {"component": "pay", "started_at": "2026-07-09 00:00", "restored_at": "2026-07-09 01:00", "planned": True},
    {"component": "pay", "started_at": "2026-07-10 00:00", "restored_at": "2026-07-10 01:00", "status": "cancelled"},
]  # fmt: skip


def logs_of(incidents=INCIDENTS, **rows):
    return make_logs(as_of="2026-08-10", incidents=incidents, **rows)


@pytest.fixture
def app():
    made = explore(logs_of(), "2026-07")
    yield made
    assert plt.get_fignums() == []  # nothing is left open


def text(widget):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", widget.value))


def drawn(widget):
    """The picture's pixels: shape (height, width, 4)."""
    data = re.search('base64,([^"]+)"', widget.value)[1]
    return image.imread(io.BytesIO(base64.b64decode(data)))


def cells(widget):
    rows = re.findall("<tr>(.*?)</tr>", widget.value)
    return [re.findall("<td.*?>(.*?)</td>", row) for row in rows if "<td" in row]


def look_at(app, title):
    app.tabs.selected_index = app.tabs.titles.index(title)


def test_it_begins_with_what_the_reports_say(app):
    pane = app.panes["survival"]
    shown = {row[0]: row for row in cells(pane)}
    said = restoration(logs_of(), "2026-07").set_index("service")
    assert {name: int(row[1]) for name, row in shown.items()} == said["n"].to_dict()
    assert shown["shop"][:4] == ["shop", "2", "0", "0"]
    assert shown["pay"][:4] == ["pay", "2", "1", "2"]
    assert drawn(pane).shape[1] > 600
    assert 'alt="Share of incidents not yet restored' in pane.value
    assert all(app.panes[name].value == "" for name in ("timeline", "exposure", "availability", "behind"))


def test_a_service_chosen_changes_figure_and_table(app):
    pane, before = app.panes["survival"], drawn(app.panes["survival"])
    app.controls.services.value = ("shop",)
    after = drawn(pane)
    assert before.shape != after.shape or not np.array_equal(before, after)
    assert [row[0] for row in cells(pane)] == ["shop"]
    app.controls.services.value = ("pay", "shop")
    assert [row[0] for row in cells(pane)] == ["pay", "shop", "the services chosen"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("severities", (2,), [["pay", "1"], ["shop", "1"], ["all services", "2"]]),
        ("severities", (None,), [["pay", "1"], ["all services", "1"]]),
        ("by", "severity", [["1", "1"], ["2", "2"], ["unknown", "1"]]),
        ("end", "acknowledged", [["pay", "1"], ["shop", "1"], ["all services", "2"]]),
        ("period", "2026-08", [["shop", "1"], ["all services", "1"]]),
    ],
)
def test_each_control_acts(app, field, value, said):
    before = app.panes["survival"].value
    getattr(app.controls, field).value = value
    assert app.panes["survival"].value != before
    assert [row[:2] for row in cells(app.panes["survival"]) if row[1] != "0"] == said


def test_a_number_leads_to_the_incidents_behind_it_and_to_those_left_out(app):
    look_at(app, "Incidents behind it")
    assert "Every group: 4 incidents count, 2 do not" in text(app.panes["behind"])
    app.group.value = "pay"
    rows = cells(app.panes["behind"])
    assert "pay: 2 incidents count, 2 do not" in text(app.panes["behind"])
    assert [(row[3], row[4], row[7]) for row in rows[:2]] == [
        ("21 d", "not yet restored", "yes"), ("9 h", "restored", "yes"),
    ]  # fmt: skip
    assert {row[7] for row in rows[2:]} == {"planned work is not an incident", "cancelled"}
    assert len(app.incident.options) == 1 + 4


WORDS = {"service", "verdict", "objective", "why", "incident", "started", "end", "severity", "cause", "counts", "id"}


@pytest.mark.parametrize("name", ["survival", "exposure", "behind"])
def test_what_its_numbers_mean_is_folded_under_them(name):
    app = explore(backup_logs([]), "2026-07")
    look_at(app, TABS[name])
    shown, folded = app.panes[name].value.split("<summary>How these numbers are defined</summary>")
    terms = ", ".join(re.findall("<li><b>(.*?)</b>: ", folded)).lower()
    headings = {re.sub(" restored$| .95 % interval.", "", h).lower() for h in re.findall("<th [^>]*>(.*?)</th>", shown)}
    assert len(headings) > 5
    for heading in headings - WORDS:
        assert re.search(rf"\b{heading.replace('started to', 'from, to')}\b", terms), heading


def test_an_incident_chosen_is_marked_and_told(app):
    look_at(app, "Timeline")
    before = drawn(app.panes["timeline"])
    app.incident.value = ("pager", "I1")
    assert "shop down (pager I1)" in text(app.record)
    assert "shop: restored after 1 h." in text(app.record)
    after = drawn(app.panes["timeline"])
    assert before.shape != after.shape or not np.array_equal(before, after)
    app.controls.services.value = ("pay",)  # where it is not: none is chosen any more
    assert app.incident.value == ("", "") and app.record.value == ""


def test_exposure_and_availability_are_of_the_services_chosen():
    backups = [backup(f"b{day}", 24 * day, 24 * day + 1, 24 * day) for day in range(30)]
    app = explore(backup_logs(backups, catalog={"services": {"shop": {"assets": ["db"]}, "pay": {}}}), "2026-07")
    for title, name in (("Data at risk", "exposure"), ("Availability", "availability")):
        look_at(app, title)
        assert drawn(app.panes[name]).shape[1] > 600
        assert "only services and period act here" in text(app.panes[name])
    app.controls.services.value = ("shop",)
    look_at(app, "Data at risk")
    assert [row[0] for row in cells(app.panes["exposure"])] == ["shop"]


def test_a_slip_is_one_sentence_and_is_taken_back(app):
    app.controls.period.value = "some day"
    assert 'role="alert"' in app.said.value and text(app.said).startswith(" Expected a period such as")
    assert app.panes["survival"].value == ""
    app.controls.period.value = "2026-08"
    assert "2026-08-01 00:00 UTC to 2026-09-01 00:00 UTC" in text(app.said) and "alert" not in app.said.value
    app.controls.start.value, app.controls.end.value = "mitigated", "detected"
    assert "Expected a start before the end" in text(app.said)


def test_a_fault_of_the_program_is_said_too(app, monkeypatch):
    monkeypatch.setattr("continuity_analysis.figures.explorer.panes.timeline_pane", lambda *_, **__: 1 / 0)
    look_at(app, "Timeline")
    assert "by a fault of the program: ZeroDivisionError" in text(app.said)


def test_the_calendar_and_the_field_keep_in_step(app):
    assert known_periods(app.logs) == ["2026Q3", "2026-08", "2026-07", "2026"]
    assert app.controls.known_period.value == "2026-07"
    app.controls.known_period.value = "2026Q3"
    assert app.controls.period.value == "2026Q3"
    app.controls.period.value = "10d"
    assert app.controls.known_period.value == OWN_WORDS


def test_it_begins_with_the_newest_quarter_and_copes_with_nothing():
    assert explore(logs_of()).controls.period.value == "2026Q3"
    app = explore(backup_logs([]))
    for title in app.tabs.titles:
        look_at(app, title)
        assert "alert" not in app.said.value
    assert "No incident" in text(app.panes["survival"])


def test_two_explorers_share_nothing():
    one, other = explore(logs_of(), "2026-07"), explore(logs_of(), "2026-07")
    before = other.panes["survival"].value
    one.controls.services.value = ("shop",)
    assert other.panes["survival"].value == before and other.controls.services.value == ()


def test_where_there_is_no_widget_it_says_what_it_is(app):
    bundle = app._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "Explorer of by hand: open this notebook in JupyterLab to use it."


def test_many_changes_in_a_row_are_drawn_once():
    calls = []

    async def hurry():
        act = soon(lambda: calls.append(1), seconds=0.02)
        for _ in range(5):
            act()
        assert calls == []
        await asyncio.sleep(0.1)

    asyncio.run(hurry())
    assert calls == [1]
    soon(lambda: calls.append(2))()
    assert calls == [1, 2]
