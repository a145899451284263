"""Figures, tables and sentences of restore size and of the recovery chain: what they say, and their empty case."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures.recovery_chain import (
    plot_recovery_chain,
    recovery_chain_sentence,
    recovery_chain_table,
)
from continuity_analysis.figures.restore_size import plot_growth_to_rto, plot_restore_by_size
from continuity_analysis.figures.restore_size_words import (
    date_words,
    restore_size_sentence,
    restore_size_table,
    throughput_table,
)
from continuity_analysis.models import recovery_chain as model
from continuity_analysis.questions import (
    recovery_chain,
    recovery_chain_steps,
    restore_size_curve,
    restore_time_by_size,
    restores,
    size_course,
    throughput,
)
from continuity_analysis.words import show
from tests.measurements.backup_logs import logs_of
from tests.questions import test_recovery_chain as chains
from tests.questions import test_restore_size as sizes


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    monkeypatch.setattr(model, "WEIGHTINGS", 50)
    monkeypatch.setattr(model, "DRAWS_EACH", 50)
    yield
    plt.close("all")


def labels(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def test_restores_by_size_show_the_band_today_and_the_rto():
    logs = sizes.logs(noise=0.02)
    ax = plot_restore_by_size(restores(logs), restore_size_curve(logs), restore_time_by_size(logs))
    assert labels(ax) == ["95 % of next restores", "median (dotted: beyond what was restored)", "restored",
                          "today: 211 GB", "left of the RTO: 5 h 12 min"]  # fmt: skip
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert [t.get_text() for t in ax.get_xticklabels() if t.get_text()]


def test_growth_shows_the_date_and_its_range():
    logs = sizes.logs(noise=0.02)
    found = restore_time_by_size(logs)
    ax = plot_growth_to_rto(size_course(logs), found)
    assert ax.get_title(loc="left") == f"db: past the RTO {date_words(found.iloc[0])}"
    assert "median restore takes 5 h 12 min" in labels(ax)


def test_growth_says_why_there_is_no_date():
    logs = sizes.logs(noise=1.5)
    ax = plot_growth_to_rto(size_course(logs), restore_time_by_size(logs))
    assert "no date: it is not established that restores take longer" in ax.get_title(loc="left")


def test_tables_and_sentence_of_sizes():
    logs = sizes.logs(noise=0.02)
    found = restore_time_by_size(logs)
    cells = dict(zip(restore_size_table(found).columns, restore_size_table(found).rows[0], strict=True))
    assert cells["Size today"] == "211 GB"
    assert cells["Growth a year"].startswith("+149 % (")
    assert cells["Left of the RTO"] == "5 h 12 min"
    assert cells["Past the RTO"] == date_words(found.iloc[0])
    assert f"Growth carries **db** past its RTO: {date_words(found.iloc[0])}." in restore_size_sentence(found)
    assert "no asset is there a date" in restore_size_sentence(found.assign(exceeds_at=pd.NaT))
    speeds = throughput_table(throughput(logs))
    assert speeds.rows[0][:5] == ("db", "full", "store", "15", "0")
    assert "Why none" not in speeds.columns


def test_dates_in_words():
    row = restore_time_by_size(sizes.logs(noise=0.02)).iloc[0]
    assert date_words(row.replace({row["exceeds_until_at"]: pd.NaT})).endswith("to later than can be foreseen)")
    assert date_words(row.where(row.index != "exceeds_at", pd.NaT)) == "—"


def test_the_chain_shows_each_step_what_was_never_tried_and_the_rto():
    logs = chains.logs(*chains.ALL[1:])
    found, steps = recovery_chain(logs), recovery_chain_steps(logs)
    ax = plot_recovery_chain(steps, found, service="shop")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["until work begins (n = 2)", "db (n = 0)", "web (n = 1)",
                                                            "shop (n = 1)"]  # fmt: skip
    assert "never tried: counted as 0 h" in [t.get_text() for t in ax.texts]
    assert (
        ax.get_title(loc="left")
        == "shop: back in at least 4 h in the median, within the RTO with a chance of at most 100 %"
    )
    assert "RTO 6 h" in labels(ax)
    assert plot_recovery_chain(steps, found).get_title(loc="left").startswith("shop")


def test_table_and_sentence_of_the_chain():
    failed = chains.drill(9, "db", begin=400, hours=3, status="failed", service_restored_at=None, finished_at=409)
    found = recovery_chain(chains.logs(*chains.ALL, failed))
    table = recovery_chain_table(found)
    shop = dict(zip(table.columns, table.rows[-1], strict=True))
    assert shop["Order of return"] == "db, web | shop"
    assert shop["P90"].startswith("never (at least ")
    assert "within its RTO of 6 h with a chance of 50 %" in recovery_chain_sentence(found)
    bound = recovery_chain(chains.logs(*chains.ALL[1:]))
    assert "For 2 of 3 services some step was never tried" in recovery_chain_sentence(bound)
    assert "at least 4 h" in recovery_chain_table(bound).rows[-1][2]


def test_all_have_an_empty_case():
    none = logs_of([])
    by_size, chain, steps = restore_time_by_size(none), recovery_chain(none), recovery_chain_steps(none)
    assert "No restore" in plot_restore_by_size(restores(none), restore_size_curve(none), by_size).texts[0].get_text()
    assert "No backup" in plot_growth_to_rto(size_course(none), by_size).texts[0].get_text()
    assert "Nothing was ever" in plot_recovery_chain(steps, chain).texts[0].get_text()
    assert "No asset" in restore_size_sentence(by_size)
    assert "Nothing was ever" in recovery_chain_sentence(chain)
    assert [t.rows for t in (restore_size_table(by_size), throughput_table(throughput(none)),
                             recovery_chain_table(chain))] == [(), (), ()]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (310_231_527_585, "310 GB"), (999_999_999, "1.00 GB"),
     (12_340_000_000_000, "12.3 TB"), (2e21, "2,000 EB"), (float("nan"), "—")],
)  # fmt: skip
def test_sizes_in_words(value, words):
    assert show(value, "bytes") == words
