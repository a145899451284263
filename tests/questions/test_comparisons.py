"""Longer or shorter: periods, groups and moments compared, and what MTTR could see, from logs made by hand."""

import logs_in_hand
import numpy as np
import pandas as pd
import pytest

from continuity_analysis.errors import InputError
from continuity_analysis.figures.comparisons import (
    comparison_sentence,
    comparison_table,
    plot_comparison,
    plot_visibility,
    visibility_sentence,
)
from continuity_analysis.models.comparisons import LONGER, SHORTER, TOO_FEW, UNCHANGED
from continuity_analysis.questions import compare_before_after, compare_restoration, restoration_visibility

CATALOG = {"services": {name: {"components": [name], "in_service_since": "2025-01-01"} for name in ("web", "db")}}


def incidents(month, minutes, *, component="web", severity=1):
    starts = pd.date_range(f"{month}-01", periods=len(minutes), freq="12h", tz="UTC")
    ends = starts + pd.to_timedelta(np.round(60 * np.asarray(minutes, dtype=float)), unit="s")
    named = f"{component}-{month}-{severity}"
    return [
        {"component": component, "incident_id": f"{named}-{i}", "started_at": str(s), "restored_at": str(e),
         "severity": severity, "started_basis": "impact"}
        for i, (s, e) in enumerate(zip(starts, ends, strict=True))
    ]  # fmt: skip


def logs_of(*rows):
    exports = [{"covers_from_at": "2025-01-01", "covers_until_at": "2026-12-01"}]
    return logs_in_hand.make_logs(
        as_of="2026-12-01", catalog=CATALOG, incidents=[r for some in rows for r in some], exports=exports
    )


def minutes(n, *, seed, factor=1.0):
    return 10 * factor * np.exp(np.random.default_rng(seed).normal(0, 0.8, n))


SLOWER = logs_of(
    incidents("2025-10", minutes(20, seed=4, factor=8)),
    incidents("2026-09", minutes(20, seed=1)),
    incidents("2026-10", minutes(20, seed=2, factor=8)),
    incidents("2026-10", minutes(6, seed=3, factor=0.2), component="db"),
)


def row_of(frame, group):
    return frame[frame.iloc[:, 0] == group].iloc[0]


def test_against_the_period_before_and_the_year_before():
    before = compare_restoration(SLOWER, "2026-10")
    assert before["service"].to_list() == ["db", "web", "all services"]
    web = row_of(before, "web")
    assert [web["n_first"], web["n_second"], web["first"], web["second"]] == [20, 20, "2026-09", "2026-10"]
    assert web["verdict"] == "longer" and web["ratio_low"] > 1
    assert web["median_ratio"] == pytest.approx(web["median_second"] / web["median_first"])
    assert row_of(before, "db")["verdict"] == "too few to tell"
    year = row_of(compare_restoration(SLOWER, "2026-10", against="year-before"), "web")
    assert [year["n_first"], year["verdict"], year["first"]] == [20, "no evidence of a change", "2025-10"]


def test_turned_round_it_is_shorter_and_a_stated_period_is_taken():
    web = row_of(compare_restoration(SLOWER, "2026-09", against="2026-10"), "web")
    assert [web["verdict"], web["first"], web["second"]] == ["shorter", "2026-10", "2026-09"]


def test_a_group_against_all_others():
    found = compare_restoration(SLOWER, "2026-10", against="others")
    assert found["service"].to_list() == ["db", "web"]
    db = row_of(found, "db")
    assert [db["n_first"], db["n_second"], db["verdict"]] == [20, 6, "shorter"]
    with pytest.raises(InputError, match="two groups or more"):
        compare_restoration(SLOWER, "2026-10", against="others", by="all")


def test_a_change_of_severities_alone_is_no_change():
    mixed = logs_of(
        incidents("2026-09", minutes(30, seed=1), severity=3),
        incidents("2026-09", minutes(6, seed=2, factor=20), severity=1),
        incidents("2026-10", minutes(6, seed=3), severity=3),
        incidents("2026-10", minutes(30, seed=4, factor=20), severity=1),
    )
    web = row_of(compare_restoration(mixed, "2026-10"), "web")
    assert web["ratio_low"] > 1
    assert web["verdict"] == "no evidence of a change"
    assert set(compare_restoration(mixed, "2026-10", by="severity")["severity"]) == {1, 3}


def test_before_and_after_a_moment():
    found = compare_before_after(SLOWER, "2026-09-01/2026-11-01", "2026-10-01", by="all").iloc[0]
    assert [found["n_first"], found["n_second"], found["verdict"]] == [20, 26, "longer"]
    with pytest.raises(InputError, match="within 2026-10"):
        compare_before_after(SLOWER, "2026-10", "2026-12-24")


def test_what_mttr_can_see():
    visible = restoration_visibility(SLOWER, "2026-10")
    asked = visible[visible["asked"]].iloc[0]
    assert [asked["per_period"], asked["n"]] == [26, 66]
    assert visible["false_move"].is_monotonic_decreasing
    assert visible["needed_mean"].nunique() == 1
    assert "With 26 incidents in a period" in visibility_sentence(visible)


def test_a_short_history_says_so():
    few = logs_of(incidents("2026-10", minutes(12, seed=1)))
    visible = restoration_visibility(few, "2026-10")
    assert visible["low"].isna().all()
    assert "12 restored incidents" in visibility_sentence(visible)
    plot_visibility(visible)


def test_words_table_and_figure():
    found = compare_restoration(SLOWER, "2026-10")
    assert "**web** took longer" in comparison_sentence(found)
    table = comparison_table(found)
    order = [LONGER, SHORTER, UNCHANGED, TOO_FEW]
    assert [row[1] for row in table.rows] == sorted(found["verdict"], key=order.index)
    db = next(row for row in table.rows if row[0] == "db")
    assert db[6:] == ("", "")  # of too few incidents nothing is printed
    ax = plot_comparison(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["web  (20 and 20)", "all services  (20 and 26)"]


def test_nothing_at_all():
    none = logs_of([])
    found = compare_restoration(none, "2026-10")
    assert found["verdict"].eq("too few to tell").all()
    assert "too few incidents to tell" in comparison_sentence(found)
    plot_comparison(found)
    assert restoration_visibility(none, "2026-10")["asked"].sum() == 0
