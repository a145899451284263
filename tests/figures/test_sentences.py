"""Headlines say what was found, out of how many, and what is not known; tables show every estimate they are given."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.catalog import read_catalog
from continuity_analysis.figures import question_tables, sentences
from continuity_analysis.logs.gathering import rows_of
from continuity_analysis.logs.opening import make_logs
from continuity_analysis.periods import read_period
from tests.exports_by_hand import reading

PERIOD = read_period("2026Q3")


def nothing(as_of="2026-10-01"):
    rows, _ = rows_of([reading("a", as_of)])
    return make_logs(rows, catalog=read_catalog(None), timezone=None, origin="nowhere")


NOBODY = nothing()


def card(*rows):
    return pd.DataFrame(rows, columns=["service", "objective", "verdict"])


def test_the_headline_counts_and_names_what_was_breached():
    rows = [("a", "rpo", "BREACHED"), ("a", "rto", "BREACHED"), ("b", "availability", "MET"), ("c", "rpo", "NOT_SET")]
    text = sentences.headline(card(*rows), PERIOD)
    assert "of 3 objectives of 2 services: 2 breached and 1 met" in text
    assert "Breached: a (data at risk and recovery time)." in text


def test_without_objectives_the_headline_says_what_to_add():
    assert "add objectives to services.yaml" in sentences.headline(card(("a", "rpo", "NOT_SET")), PERIOD)


def test_availability_names_the_lowest_with_its_bounds():
    frame = pd.DataFrame(
        {
            "service": ["a", "b", "dark"],
            "availability": [0.99, 0.999, np.nan],
            "low": [0.98, 0.999, np.nan],
            "high": [0.99, 0.999, np.nan],
            "coverage": [0.9, 1.0, 0.0],
            "down_hours": [22.0, 2.0, np.nan],
            "n": [2, 1, 0],
            "verdict": ["BREACHED", "MET", "INSUFFICIENT"],
        }
    )
    text = sentences.availability_sentence(frame, PERIOD)
    assert "Of 3 services, 2 were watched in 2026Q3. Against their objectives: 1 breached and 1 met." in text
    assert "**a** at 99 % (98 % to 99 %): 22 h down in 2 failures" in text
    assert "availability is unknown" in sentences.availability_sentence(frame.tail(1), PERIOD)


def test_what_was_hardly_watched_is_not_called_the_lowest():
    frame = pd.DataFrame({"service": ["glimpse", "a"], "availability": [0.1, 0.9], "low": [0.0, 0.8], "high": [1, 0.9]})
    frame = frame.assign(coverage=[0.01, 0.9], down_hours=1.0, n=1, verdict="NOT_SET")
    assert "**a** at 90 %" in sentences.availability_sentence(frame, PERIOD)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"n": 0}, "No unplanned incident started in 2026Q3."),
        ({"n": 2, "n_censored": 2, "median_hours": np.nan}, "too few were restored for a median"),
        (
            {"n": 9, "n_censored": 1, "median_hours": 2.0, "low": 1.0, "high": 3.0, "p90_hours": np.nan},
            "9 incidents started in 2026Q3, 1 of them still open. Half were restored within **2 h (1 h to 3 h)**.",
        ),
    ],
)
def test_time_to_restore_says_how_many_and_how_sure(row, words):
    frame = pd.DataFrame([{"service": "all services", **row}])
    assert words in sentences.restoration_sentence(frame, PERIOD)


def test_recoveries_promised_but_never_tried_are_named():
    frame = pd.DataFrame(
        {"service": ["a", "b"], "n": [3, 0], "n_evaluable": [2, 0], "n_met": [1, 0], "objective": [4.0, 8.0]}
    ).assign(slowest_bounds_share=np.nan, n_stale=[1, 4])
    text = sentences.recovery_time_sentence(frame)
    assert "5 older ones no longer count" in text
    assert "3 recoveries and drills are on record for 1 services; **1 of 2**" in text
    assert "Promised but never tried: b" in text
    assert "4 drills and recoveries are on record, all too old to count" in sentences.recovery_time_sentence(
        frame.tail(1)
    )


def test_nothing_at_all_still_has_its_sentences_and_tables():
    assert "unknown" in sentences.recovery_point_sentence(ca.recovery_point(NOBODY, PERIOD), PERIOD)
    assert "unknown" in sentences.recovery_time_sentence(ca.recovery_time(NOBODY))
    assert "provisional" not in sentences.scope(NOBODY, PERIOD)
    durations = ca.durations(NOBODY, PERIOD)
    for table in (
        question_tables.availability_table(ca.availability(NOBODY, PERIOD)),
        question_tables.incidents_table(durations),
        question_tables.excluded_table(durations),
        question_tables.recovery_point_table(ca.recovery_point(NOBODY, PERIOD)),
        question_tables.episodes_table(ca.exposure_episodes(NOBODY, PERIOD)),
        question_tables.recovery_time_table(ca.recovery_time(NOBODY)),
        question_tables.recoveries_table(ca.recovery_phases(NOBODY)),
        question_tables.reasons_table(ca.scorecard(NOBODY, PERIOD)),
    ):
        assert table.rows == ()


def test_an_unfinished_period_is_provisional():
    assert "provisional" in sentences.scope(nothing("2026-08-01"), PERIOD)
