"""Numbers into words: rounded once, never across what they are compared with, and alike everywhere."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.figures.display_tables import (
    MIME,
    OBJECTIVES,
    VERDICTS,
    display_table,
    glance_table,
    scorecard_table,
    verdict_key,
)
from continuity_analysis.words import show, show_interval

UTC = pd.Timestamp("2026-07-01 10:00", tz="Europe/Rome")
FRAME = pd.DataFrame(
    {
        "service": ["a", "b<c"],
        "down": [1.5, None],
        "low": [1.0, None],
        "high": [2.0, None],
        "amount": [0.5, 90.0],
        "unit": ["ratio", "seconds"],
        "verdict": ["MET", "AT_RISK"],
        "provisional": [False, True],
    }
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.999, "ratio", "99.9 %"), (0.99912, "ratio", "99.912 %"), (0.9995, "ratio", "99.95 %"), (1, "ratio", "100 %"),
        (0, "share", "0 %"), (0.5, "share", "50 %"), (0.0004, "share", "0.04 %"), (0.99996, "ratio", "99.996 %"),
        (6, "hours", "6 h"), (6.25, "hours", "6 h 15 min"), (0.2, "hours", "12 min"), (24, "hours", "24 h"),
        (72, "hours", "3 d"), (100, "hours", "4 d 4 h"), (500, "hours", "21 d"), (0, "seconds", "0 s"),
        (4.25, "seconds", "4.2 s"), (59.7, "seconds", "1 min"), (3599.9, "seconds", "1 h"),
        (-90, "seconds", "-1 min 30 s"),
        (math.inf, "hours", "without limit"), (-math.inf, "hours", "—"), (1234567, "count", "1,234,567"),
        (2.5, "count", "2.5"), (None, "count", "—"), (math.nan, "ratio", "—"), (pd.NaT, "moment", "—"),
        (pd.NA, "text", "—"), (UTC, "moment", "2026-07-01 08:00 UTC"), ("words", "text", "words"),
    ],
)  # fmt: skip
def test_a_value_in_words(value, unit, text):
    assert show(value, unit) == text


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="'days'"):
        show(1, "days")


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.5, 0.25, 0.75), "50 % (25 % to 75 %)"), ((0.5, None, 0.75), "50 % (at most 75 %)"),
        ((0.5, 0.25, None), "50 % (at least 25 %)"), ((0.5, None, None), "50 %"), ((0.5, 0.5, 0.5), "50 %"),
    ],
)  # fmt: skip
def test_an_interval_in_words(numbers, text):
    assert show_interval(*numbers, unit="ratio") == text


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(0, 1))
def test_only_all_is_called_all_and_only_nothing_nothing(ratio):
    text = show(ratio, "ratio")
    missing = min(ratio, 1 - ratio)
    assert (text in ("0 %", "100 %")) == (missing < 1e-10)
    assert float(text.removesuffix(" %")) / 100 == pytest.approx(ratio, abs=max(0.06 * missing, 1e-9))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(0, 1e8))
def test_a_duration_says_what_it_is_to_a_hundredth(seconds):
    sizes = {"d": 86400, "h": 3600, "min": 60, "s": 1}
    words = show(seconds, "seconds").split()
    said = sum(float(number) * sizes[name] for number, name in zip(words[::2], words[1::2], strict=True))
    assert said == pytest.approx(seconds, rel=0.05, abs=0.06)


def test_a_table_carries_cells_and_the_numbers_behind_them():
    columns = {"service": ("Service", "text"), "down": ("Down", "hours", "low", "high"), "amount": ("Much", "unit")}
    table = display_table(FRAME, columns | {"verdict": ("Verdict", "text")}, caption="Two <services>")
    shown = table._repr_mimebundle_()
    assert shown[MIME] == {
        "caption": "Two <services>",
        "columns": ["Service", "Down", "Much", "Verdict"],
        "rows": [["a", "1 h 30 min (1 h to 2 h)", "50 %", "Met"], ["b<c", "—", "1 min 30 s", "At risk, provisional"]],
        "values": [[None, [1.5, 1.0, 2.0], 0.5, None], [None, [None, None, None], 90.0, None]],
        "verdict_columns": [3],
    }
    assert "b&lt;c" in shown["text/html"]
    assert "Two &lt;services&gt;" in shown["text/html"]
    assert "At risk, provisional" in shown["text/plain"]


def test_an_empty_frame_gives_an_empty_table():
    table = display_table(FRAME.head(0), {"service": ("Service", "text")}, caption="None")
    assert (table.columns, table.rows) == (("Service",), ())


def test_words_of_a_verdict_lead_back_to_it():
    assert [verdict_key(words) for words in VERDICTS.values()] == list(VERDICTS)
    assert verdict_key("Met, provisional") == "MET"
    assert verdict_key("Metal") is None


def test_the_scorecard_is_shown_worst_first():
    nothing = dict.fromkeys(
        ["target", "expected", "expected_low", "expected_high", "n", "previous", "change", "reason"]
    )
    verdicts = {"MET": 0.5, "NOT_SET": None, "BREACHED": 0.25, "INSUFFICIENT": None}
    rows = [nothing | {"service": "a", "verdict": v, "achieved": x, "unit": "ratio"} for v, x in verdicts.items()]
    scorecard = pd.DataFrame(rows).assign(objective=list(OBJECTIVES)[:4])
    table = scorecard_table(scorecard.assign(previous=0.5))
    assert [row[table.verdict_columns[0]] for row in table.rows] == [
        "Breached",
        "Not enough evidence",
        "Met",
        "No objective set",
    ]
    assert table.columns[-1] == "Why"
    slide = scorecard_table(scorecard, reasons=False)
    assert len(slide.rows) == 3, "what was neither promised nor measured is counted, not listed"
    assert slide.caption.endswith("(1 more have neither a target nor a measurement)")


def test_verdicts_at_a_glance_put_the_worst_service_first():
    rows = [
        ("good", "availability", "MET"), ("good", "rpo", "MET"), ("bad", "availability", "BREACHED"),
        ("bad", "rpo", "MET"), ("vague", "availability", "INSUFFICIENT"), ("free", "availability", "NOT_SET"),
    ]  # fmt: skip
    scorecard = pd.DataFrame(rows, columns=["service", "objective", "verdict"])
    table = glance_table(scorecard)
    assert table.columns == ("Service", OBJECTIVES["availability"], OBJECTIVES["rpo"])
    assert table.rows == (
        ("bad", "Breached", "Met"),
        ("vague", "Not enough evidence", ""),
        ("good", "Met", "Met"),
    )
    assert table.verdict_columns == (1, 2)
    assert "the 1 worst of 3" in glance_table(scorecard, n=1).caption
