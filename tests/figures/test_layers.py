"""Diagrams in layers: what is needed stands below, and no arrow crosses a node."""

from itertools import pairwise

import pandas as pd
import pytest
from logs_in_hand import make_logs
from matplotlib import pyplot as plt

from continuity_analysis.figures.causes import causes_sentence, causes_table, concentration_table, plot_causes
from continuity_analysis.figures.dependencies import (
    dependencies_sentence,
    dependencies_table,
    plot_dependencies,
    plot_gains,
)
from continuity_analysis.figures.layers import NODE, place_nodes
from continuity_analysis.questions import (
    dependencies,
    dependency_edges,
    downtime_by_cause,
    downtime_concentration,
    improvement_gains,
)

EDGES = [("shop", "cart"), ("shop", "db"), ("cart", "db"), ("cart", "queue"), ("queue", "disk"), ("db", "disk")]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_what_is_needed_stands_below_and_long_arrows_pass_between_nodes():
    places, ways = place_nodes(EDGES)
    assert [places[n][1] for n in ("disk", "db", "queue", "cart", "shop")] == [0, 1, 1, 2, 3]
    for (service, other), way in ways.items():
        assert (way[0], way[-1]) == (places[service], places[other])
        for x, layer in way[1:-1]:
            assert all(abs(x - at) > NODE / 2 for at, k in places.values() if k == layer)
    for k in range(4):
        row = sorted(x for x, layer in places.values() if layer == k)
        assert all(b - a >= NODE - 1e-9 for a, b in pairwise(row))


def test_the_diagram_names_each_service_and_copes_with_none_and_too_many():
    known = pd.DataFrame({"service": ["db"], "availability": [0.999], "verdict": ["MET"]})
    edges = pd.DataFrame(EDGES, columns=["service", "depends_on"])
    texts = [t.get_text() for t in plot_dependencies(edges, known).texts]
    assert {"shop", "cart", "db", "queue", "disk", "99.9 %", "unknown"} <= set(texts)
    assert "states no" in plot_dependencies(edges.head(0), known).texts[0].get_text()
    many = pd.DataFrame({"service": [f"s{i}" for i in range(50)], "depends_on": "db"})
    assert "of 51 services" in plot_dependencies(many, known).get_title(loc="left")
    assert "of 51 services" in plot_dependencies(many, known.head(0)).get_title(loc="left")


def logs(**more):
    services = {n: {"in_service_since": "2026-01-01"} for n in ("shop", "db")}
    services["shop"]["depends_on"] = ["db"]
    rows = [{"component": c, "started_at": f"2026-01-0{d}T00:00", "restored_at": f"2026-01-0{d}T05:00", "cause": "load"}
            for c, d in (("shop", 2), ("db", 3))]  # fmt: skip
    exports = [{"covers_from_at": "2026-01-01", "covers_until_at": "2026-02-01"}]
    return make_logs(as_of="2026-02-01", catalog={"services": services}, incidents=rows, exports=exports, **more)


def test_figures_tables_and_sentences_of_some_logs_and_of_none():
    for some in (logs(), make_logs(as_of="2026-02-01")):
        causes, worst = downtime_by_cause(some, "2026-01"), downtime_concentration(some, "2026-01")
        plot_causes(causes).figure.canvas.draw()
        whole, gains = dependencies(some, "2026-01"), improvement_gains(some, "2026-01")
        plot_gains(gains).figure.canvas.draw()
        tables = (causes_table(causes), concentration_table(worst), dependencies_table(whole))
        assert all(table.caption for table in tables)
        words = causes_sentence(causes, worst), dependencies_sentence(whole, gains)
    assert words == ("No down time was recorded in this period.", "The catalogue states no depends_on.")
    some = logs()
    causes, worst = downtime_by_cause(some, "2026-01"), downtime_concentration(some, "2026-01")
    assert "**load** with 100 %" in causes_sentence(causes, worst)
    sentence = dependencies_sentence(dependencies(some, "2026-01"), improvement_gains(some, "2026-01"))
    assert sentence.startswith("**shop** by itself was up 99.328 % of the time, together with what it needs 98.66 %")
    assert len(dependency_edges(some)) == 1
