"""Figures, tables and sentences of readiness and of estimates: what they say, and their empty case."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures.estimates import estimates_sentence, estimates_table
from continuity_analysis.figures.readiness import plot_readiness, readiness_sentence, readiness_table
from continuity_analysis.figures.readiness_words import CHECKS, IF_FAILED, IF_UNKNOWN, RESULTS
from continuity_analysis.models import readiness as model


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def checks(results):
    """Rows from service -> check -> result."""
    rows = [
        {"service": s, "tier": 1, "check": c, "asks": "asked", "result": r, "evidence": "seen",
         "evidence_at": pd.Timestamp("2026-07-01", tz="UTC")}
        for s, of in results.items() for c, r in of.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(model.COLUMNS)).astype({"tier": "Int64"})


SOME = checks(
    {
        "shop": {"replicas": "FAIL", "nodes": "UNKNOWN", "zones": "PASS"},
        "web": {"replicas": "FAIL", "nodes": "UNKNOWN", "zones": "NOT_APPLICABLE"},
        "db": {"replicas": "PASS", "nodes": "FAIL", "zones": "FAIL"},
    }
)


def test_every_check_and_result_has_its_words():
    assert set(CHECKS) == set(model.RULES) == set(IF_FAILED) == set(IF_UNKNOWN)
    assert tuple(RESULTS) == model.RESULTS


def test_the_matrix_says_each_result_by_a_symbol_and_counts_them():
    ax = plot_readiness(SOME)
    assert [t.get_text() for t in ax.texts] == ["✓", "✗", "✗", "✗", "?", "✓", "✗", "?", "–"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["db", "shop", "web"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Replicas", "Nodes", "Zones"]
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels == ["✗  Failed (4)", "?  Unknown (2)", "✓  Passed (2)", "–  Does not apply (1)"]
    ax.figure.canvas.draw()


def test_the_matrix_shows_forty_services_and_says_out_of_how_many():
    many = checks({f"s{i:02}": {"replicas": "FAIL" if i > 3 else "PASS"} for i in range(45)})
    ax = plot_readiness(many)
    assert len(ax.get_yticks()) == 40 and ax.get_xlabel() == "the 40 of 45 services with most failures"
    assert "Failed (41)" in ax.get_legend().get_texts()[0].get_text()


def test_the_table_lists_failures_and_joins_what_is_unknown_for_the_same_reason():
    table = readiness_table(SOME)
    assert table.caption == "Readiness: 4 checks that failed, and 2 that are unknown"
    assert len(table.rows) == 5
    last = table.rows[-1]
    assert last[:3] == ("Unknown", "shop, web", "Nodes") and last[-1] == IF_UNKNOWN["nodes"]
    both = checks({"a": {"replicas": "UNKNOWN", "nodes": "UNKNOWN"}, "b": {"replicas": "UNKNOWN", "nodes": "UNKNOWN"}})
    assert [row[1:3] for row in readiness_table(both).rows] == [("a, b", "Replicas, Nodes")]


def test_the_sentence_counts_and_names_the_worst():
    assert readiness_sentence(SOME) == (
        "**Of 8 checks that apply to 3 services, 4 failed, 2 are unknown and 2 passed**. Most fail for **db** (2); "
        "most often failed: replicas (2 of 3 services), nodes (1 of 3 services), zones (1 of 3 services)."
    )
    good = checks({"a": {"replicas": "PASS", "nodes": "UNKNOWN"}})
    assert readiness_sentence(good).endswith("1 passed**; what is unknown counts as neither.")


def test_without_services_all_say_so():
    none = checks({})
    assert plot_readiness(none).texts[0].get_text().startswith("No service is known")
    assert readiness_table(none).rows == () and "No service" in readiness_sentence(none)


def estimates(**values):
    row = {"service": "shop", "objective": "rpo", "source": "configuration", "unit": "seconds", "target": 3600.0,
           "estimated": 1800.0, "estimated_low": np.nan, "estimated_high": np.nan, "n": 4, "basis": "begun",
           "expected": np.nan, "expected_low": np.nan, "expected_high": np.nan, "achieved": 7200.0,
           "verdict": "BREACHED", "agree": False, "disagreement": "x: only estimated meets the target"}  # fmt: skip
    return row | values


ROWS = pd.DataFrame(
    [
        estimates(),
        estimates(service="web", agree=True, disagreement=None),
        estimates(service="db", agree=None, disagreement=None, estimated=np.nan),
        estimates(service="no", agree=None, disagreement=None, estimated=np.nan, target=np.nan, achieved=np.nan),
    ]
)


def test_the_table_of_estimates_says_whether_they_agree_and_leaves_out_what_is_empty():
    table = estimates_table(ROWS)
    assert [row[-1] for row in table.rows] == ["x: only estimated meets the target", "yes", "cannot be told"]
    assert table.rows[0][2:4] == ("1 h", "30 min") and "1 more have neither" in table.caption


def test_the_sentence_of_estimates_names_where_only_the_configuration_keeps_the_promise():
    said = "**Of 2 that can be compared, 1 disagree**; as configured 1 would meet a target that was missed: shop."
    assert estimates_sentence(ROWS) == said
    assert "nothing to compare" in estimates_sentence(ROWS.iloc[2:])
