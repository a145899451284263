"""The history of verdicts as a figure, tables and a sentence: what changed, what was revised, what was kept."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color

from continuity_analysis.figures import style
from continuity_analysis.figures.verdict_history import plot_verdict_history
from continuity_analysis.figures.verdict_tables import (
    revised_verdicts_table,
    verdict_history_sentence,
    verdict_matrix,
)
from continuity_analysis.questions.verdict_history import with_present
from continuity_analysis.reports.html_tables import table_html
from continuity_analysis.tables import empty, to_frame

LETTERS = {"B": "BREACHED", "A": "AT_RISK", "I": "INSUFFICIENT", "M": "MET"}


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def history(verdicts, *, revised=(), recorded=True):
    """From service -> a letter per quarter, "-" for none; `revised` are (service, quarter) -> letter."""
    begins = pd.date_range("2023-01-01", periods=20, freq="QS", tz="UTC").as_unit("us")
    names = [f"{begin.year}Q{begin.quarter}" for begin in begins]
    said = [(s, q, letter, 1) for s, word in verdicts.items() for q, letter in enumerate(word) if letter != "-"]
    said += [(s, q, letter, 2) for (s, q), letter in dict(revised).items()]
    rows = [
        {"period": names[q], "period_from_at": begins[q], "period_until_at": begins[q + 1],
         "judged_at": begins[q + 1] + pd.Timedelta(days=day) if recorded else None, "service": s, "objective": "rto",
         "verdict": LETTERS[letter], "target": 3600.0 * day, "achieved": 60.0, "unit": "seconds", "provisional": False}
        for s, q, letter, day in said
    ]  # fmt: skip
    frame = pd.DataFrame(rows).reindex(columns=to_frame(empty("verdicts")).columns)
    return with_present(frame.astype(to_frame(empty("verdicts")).dtypes.to_dict()))


SOME = history({"shop": "MMB", "cart": "BMM", "mail": "MMM", "new": "--I"}, revised={("cart", 1): "A"})
NONE = with_present(to_frame(empty("verdicts")))


def test_the_worst_now_comes_first_and_what_was_kept_throughout_is_counted():
    table = verdict_matrix(SOME)
    assert table.columns == ("Service and objective", "2023Q3", "2023Q2", "2023Q1")
    assert table.rows == (
        ("shop (recovery time)", "Breached, was met", "Met", "Met"),
        ("new (recovery time)", "Not enough evidence", "—", "—"),
        ("cart (recovery time)", "Met, was at risk", "At risk, was breached, revised", "Breached"),
    )
    assert table.caption.endswith("; 1 more were met in all of these")
    assert table.verdict_columns == (1, 2, 3)


def test_only_the_newest_periods_are_shown():
    table = verdict_matrix(SOME, n_periods=1)
    assert [row[0] for row in table.rows] == ["shop (recovery time)", "new (recovery time)"]
    assert table.rows[0][1] == "Breached"
    worst = verdict_matrix(SOME, n=1)
    assert [row[0] for row in worst.rows] == ["shop (recovery time)"]
    assert "the 1 worst of 3 promises not kept in all; 1 more were met" in worst.caption


def test_a_verdict_of_an_unfinished_period_is_provisional():
    half = SOME.assign(provisional=(SOME["period"] == "2023Q3").astype("boolean"))
    assert verdict_matrix(half).rows[0][1:3] == ("Breached, provisional, was met", "Met")
    shown = table_html(verdict_matrix(half).to_json())
    assert '<span class="verdict breached">Breached, provisional</span> <span class="since">was met</span>' in shown


def test_a_page_has_the_verdict_in_its_colour_and_what_it_was_below():
    shown = table_html(verdict_matrix(SOME).to_json())
    assert '<span class="verdict breached">Breached</span> <span class="since">was met</span>' in shown
    assert '<span class="since">was breached, revised</span>' in shown
    assert '<table class="matrix">' in shown


def test_what_a_later_report_said_otherwise_is_listed_with_what_differs():
    (row,) = revised_verdicts_table(SOME).rows
    assert row[:5] == ("2023Q2", "cart", "Recovery time (RTO)", "Met", "At risk")
    assert row[5:8] == ("2 h", "1 min", "target")
    assert revised_verdicts_table(NONE) is None


def test_where_no_earlier_report_is_on_record_a_sentence_says_so_and_nothing_else():
    first = history({"shop": "B"}, recorded=False)
    assert verdict_history_sentence(first).startswith("**No verdict of an earlier report is on record.**")
    assert verdict_matrix(first) is verdict_matrix(NONE) is revised_verdicts_table(first) is None


def test_the_sentence_names_what_turned():
    said = verdict_history_sentence(SOME)
    assert said.startswith(
        "**Of 4 promises, 1 was kept in every period on record (3)**. Breached in the newest, not before"
    )
    assert "not before: shop (recovery time). A later report of the same period said otherwise once. Earlier" in said
    assert said.endswith("a difference may be chance.")
    assert "No longer breached: shop" in verdict_history_sentence(history({"shop": "MBM"}))
    assert "and 1 more." in verdict_history_sentence(history({f"s{i}": "MB" for i in range(7)}))
    assert verdict_history_sentence(NONE) == "No report has judged an objective yet."
    assert "No verdict of an earlier report" in verdict_history_sentence(history({"shop": "M"}, recorded=False))


def test_a_cell_has_its_word_and_a_frame_where_it_turned():
    ax = plot_verdict_history(SOME)
    words = {(round(t.get_position()[0]), round(t.get_position()[1])): t.get_text() for t in ax.texts}
    assert words[2, 0] == "Breached"
    assert words[1, 2] == "At risk*"
    assert words[2, 1] == "Not enough\nevidence"
    assert (0, 1) not in words
    framed = [p for p in ax.patches if p.get_width() and same_color(p.get_edgecolor(), style.INK)]
    assert len(framed) == sum(", was " in cell for row in verdict_matrix(SOME).rows for cell in row) == 3
    assert ax.get_xlabel() == "* revised by a later report; 1 more were met in every period"


def test_many_promises_are_cut_at_the_worst_and_none_at_all_is_a_sentence():
    ax = plot_verdict_history(history({f"s{i:02d}": "B" * 14 for i in range(40)}))
    assert len(ax.get_yticks()) == style.ROWS_AT_MOST
    assert len(ax.get_xticks()) == 12
    assert ax.get_xlabel() == "10 more were not met throughout"
    for nothing, said in ((NONE, "No report has judged"), (history({"a": "MM"}), "All promises (1) were kept")):
        assert plot_verdict_history(nothing).texts[0].get_text().startswith(said)
    assert not verdict_matrix(history({"a": "MM"})).rows
