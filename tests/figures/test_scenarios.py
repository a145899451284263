"""Figures, tables and sentences of scenarios, also of what is not known."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures.scenario_words import scenario_sentence
from continuity_analysis.figures.scenarios import (
    plot_scenario_changes,
    plot_scenario_years,
    scenario_basis_table,
    scenario_table,
)
from continuity_analysis.models.edits import no_edits
from continuity_analysis.models.platform_fit import fit_platform
from continuity_analysis.models.simulated_years import exceedance, summarise_years
from continuity_analysis.models.simulation import simulate
from tests.models.platforms_in_hand import evidence

TEN = [0.4, 2.1, 0.9, 5.5, 1.3, 0.7, 3.2, 0.25, 1.8, 1.1]


@pytest.fixture(scope="module")
def years():
    from dataclasses import replace

    fitted = fit_platform(evidence(TEN))
    faster = replace(no_edits(1), restore=np.full(1, 0.5))
    simulated = simulate(fitted, {"today": no_edits(1), "faster": faster}, years=500)
    promised = pd.DataFrame({"availability": [0.999], "rpo_within_hours": [np.nan], "rto_within_hours": [np.nan]})
    summary = summarise_years(simulated, promised=promised, firm=np.ones(1, dtype=bool))
    return summary.assign(reason=pd.Series([None] * len(summary), dtype="str")), exceedance(simulated), fitted.about


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts(ax):
    return " ".join(t.get_text() for t in ax.texts)


def test_curves_of_every_scenario(years):
    ax = plot_scenario_years(years[1], service="s0")
    assert [line.get_label() for line in ax.lines] == ["today", "faster"]
    assert ax.get_yscale() == ax.get_xscale() == "log"
    assert "s0" in ax.get_title(loc="left")


def test_changes_stand_beside_today(years):
    ax = plot_scenario_changes(years[0], service="s0")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["faster"]
    summary = years[0].set_index(["scenario", "service"])
    filled = [line.get_xdata()[0] for line in ax.lines if line.get_label()[0] != "_"]
    assert filled == pytest.approx(summary.loc[("faster", "s0"), ["down_p50", "down_p95"]].tolist())
    assert "hollow: today" in ax.get_xlabel()


def test_what_is_not_known_is_said(years):
    assert "not known" in texts(plot_scenario_years(years[1], service="none"))
    assert "No scenario can be answered" in texts(plot_scenario_changes(years[0], service="none"))
    assert "not known" in scenario_sentence(years[0][:0])


def test_tables_and_sentence(years):
    table = scenario_table(years[0], service="s0")
    assert [r[0] for r in table.rows] == ["today", "faster"]
    assert "Chance: availability" in table.columns
    assert "Chance: RPO, if restored" not in table.columns
    assert "Service" in scenario_table(years[0]).columns
    assert scenario_basis_table(years[2]).rows[0][0] == "s0"
    text = scenario_sentence(years[0], service="s0")
    assert "**faster**" in text
    assert "Monte Carlo error" in text
