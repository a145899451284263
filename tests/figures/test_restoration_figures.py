"""Figures, tables and sentences on laws, phases and the week: what they say, and that they cope with nothing."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs
from matplotlib import pyplot as plt

from continuity_analysis.figures import restoration_fits as fits
from continuity_analysis.figures import restoration_phases as phases
from continuity_analysis.questions import (
    incidents_by_hour,
    response_times,
    restoration_fit_curves,
    restoration_phases,
    survival,
)
from continuity_analysis.questions import restoration_fits as fit

PERIOD = "2026-07"
EMPTY = make_logs(as_of="2026-08-10")


def logs_of(minutes):
    rows = []
    for i, m in enumerate(minutes):
        start = pd.Timestamp("2026-07-01", tz="UTC") + pd.Timedelta(hours=17.0 * i)
        clocks = {"detected_at": 0.1, "mitigated_at": 0.6, "restored_at": 1.0}
        later = {c: (start + pd.Timedelta(seconds=round(60 * m * part))).isoformat() for c, part in clocks.items()}
        rows.append({"started_at": start.isoformat(), "severity": 1 + i % 2} | later)
    return make_logs(as_of="2026-08-10", incidents=rows)


LOGNORMAL = logs_of(np.exp(np.random.default_rng(0).normal(3, 1, 40)))
HEAPS = logs_of([9.9, 10, 10.1, 990, 1000, 1010] * 7)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_law_that_fits_is_no_proof_and_one_that_does_not_is_said():
    said = fits.fits_sentence(fit(LOGNORMAL, PERIOD, by="all"))
    assert "Of four laws the **" in said
    assert "no proof that it holds beyond these durations" in said
    assert "**Even that one does not fit** (Anderson-Darling, p = 0.001)" in fits.fits_sentence(
        fit(HEAPS, PERIOD, by="all")
    )


def test_the_table_of_laws_has_a_row_for_each_that_was_fitted():
    table = fits.fits_table(fit(LOGNORMAL, PERIOD, by="all"))
    assert len(table.rows) == 4
    assert table.rows[0][1] == "best"
    assert {row[0] for row in table.rows} == set(fits.FAMILIES.values())
    assert fits.fits_table(fit(EMPTY, PERIOD, by="all")).caption == "No group has ten incidents that have ended"


def test_laws_are_drawn_beside_the_curve_and_no_further():
    ax = fits.plot_fits(survival(LOGNORMAL, PERIOD, by="all"), restoration_fit_curves(LOGNORMAL, PERIOD, by="all"))
    longest = survival(LOGNORMAL, PERIOD, by="all")["hours"].max()
    laws = {line.get_label(): line for line in ax.lines}
    assert set(fits.FAMILIES.values()) < set(laws)
    assert all(laws[name].get_xdata().max() <= longest * (1 + 1e-9) for name in fits.FAMILIES.values())


def test_where_the_time_went_is_said_and_drawn():
    found = restoration_phases(LOGNORMAL, PERIOD, by="severity")
    said = phases.phases_sentence(found)
    assert "**50 %** went by from detected to mitigated; 50 % lie in phases that cannot be told apart" in said
    ax = phases.plot_time_spent(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["severity 1  (n = 20)", "severity 2  (n = 20)"]
    widths = np.array([[bar.get_width() for bar in bars] for bars in ax.containers])
    assert widths.sum(axis=0) == pytest.approx([1, 1])
    assert [row[1] for row in phases.phases_table(found).rows][:3] == [
        "started to detected", "detected to mitigated", "mitigated to restored",
    ]  # fmt: skip


def test_the_week_shows_how_many_began_when():
    found = incidents_by_hour(LOGNORMAL, PERIOD)
    ax = phases.plot_week(found)
    assert sum(int(text.get_text()) for text in ax.texts) == 40


def test_times_have_a_row_each():
    table = phases.response_table(response_times(LOGNORMAL, PERIOD))
    assert [row[0] for row in table.rows] == [
        "Time to detect",
        "Time to acknowledge",
        "Time to mitigate",
        "Time to restore",
    ]
    assert table.rows[1][1:4] == ("0", "0", "40")  # nobody recorded it
    means = phases.means_table(response_times(LOGNORMAL, PERIOD))
    assert [row[0] for row in means.rows] == ["Time to detect", "Time to mitigate", "Time to restore"]


def test_without_a_law_the_curve_is_drawn_alone():
    few = logs_of([5, 10, 20])
    ax = fits.plot_fits(survival(few, PERIOD, by="all"), restoration_fit_curves(few, PERIOD, by="all"))
    assert [line.get_label() for line in ax.lines] == ["observed, all services (n = 3)"]


def test_nothing_at_all_has_its_sentence():
    assert "it takes ten" in fits.fits_sentence(fit(EMPTY, PERIOD, by="all"))
    assert "No incident" in phases.phases_sentence(restoration_phases(EMPTY, PERIOD))
    for ax in (
        fits.plot_fits(survival(EMPTY, PERIOD, by="all"), restoration_fit_curves(EMPTY, PERIOD, by="all")),
        phases.plot_time_spent(restoration_phases(EMPTY, PERIOD, by="severity")),
        phases.plot_week(incidents_by_hour(EMPTY, PERIOD)),
    ):
        assert len(ax.texts) == 1
