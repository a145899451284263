"""Services pooled, from logs made by hand, with the figures, the table and the sentence that show them."""

import logs_in_hand
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.errors import InputError
from continuity_analysis.figures.funnel import plot_funnel
from continuity_analysis.figures.pooling import plot_shrinkage, pooling_sentence, pooling_table
from continuity_analysis.questions import pooled_restoration, restoration

NAMES = [f"s{i}" for i in range(7)]
SIZES = [1, 2, 3, 5, 8, 12, 0]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def logs_of(sizes, *, slow=1.0):
    rng, rows = np.random.default_rng(4), []
    for name, size in zip(NAMES, sizes, strict=True):
        starts = pd.date_range("2026-07-01", periods=size, freq="5D", tz="UTC")
        hours = np.exp(rng.normal(0, 1, size)) * (slow if name == "s5" else 1)
        rows += [{"component": name, "started_at": str(s), "restored_at": str((s + pd.Timedelta(h, "h")).floor("min"))}
                 for s, h in zip(starts, hours, strict=True)]  # fmt: skip
    if rows:
        rows[-1] |= {"restored_at": None, "status": "open"}
    catalog = {"services": {n: {"components": [n], "in_service_since": "2026-01-01"} for n in NAMES}}
    exports = [{"covers_from_at": "2026-01-01", "covers_until_at": "2026-10-01"}]
    return logs_in_hand.make_logs(as_of="2026-10-01", catalog=catalog, incidents=rows, exports=exports)


def test_each_service_has_its_row_with_its_own_and_the_pooled_median():
    logs = logs_of(SIZES)
    found = pooled_restoration(logs, "2026Q3").set_index("service")
    assert found["n"].tolist() == SIZES and found["n_censored"].sum() == 1
    used = found[found["n"] > 0]
    assert used["pooled_hours"].notna().all() and found.loc["s6", "reason"] == "no incident"
    assert (used["pooled_low"] < used["pooled_hours"]).all() and (used["pooled_hours"] < used["pooled_high"]).all()
    assert used["own_share"].is_monotonic_increasing
    assert found["typical_hours"].nunique() == 1 and found["n_services"].unique().tolist() == [6]
    plain = restoration(logs, "2026Q3").set_index("service")
    assert found["n"].tolist() == plain.loc[NAMES, "n"].tolist()
    assert found.loc["s2", "raw_hours"] == pytest.approx(plain.loc["s2", "geometric_mean_hours"])


def test_what_is_shown_of_them():
    found = pooled_restoration(logs_of(SIZES, slow=12), "2026Q3")
    assert found.set_index("service").loc["s5", "verdict"] == "longer"
    sentence = pooling_sentence(found)
    assert sentence.startswith("From 31 incidents of 6 services together, a typical service restores half")
    assert sentence.endswith("beyond what chance explains, **s5** took longer than all together.")
    table = pooling_table(found)
    assert table.rows[0][0] == "s5" and len(table.rows) == 6
    assert table.caption.endswith("(1 more without an incident)")
    ax = plot_shrinkage(found)
    ax.figure.canvas.draw()
    assert ax.get_yticklabels()[0].get_text() == "s5  (n = 12)"
    ax = plot_funnel(found)
    ax.figure.canvas.draw()
    assert [t.get_text() for t in ax.texts] == ["s5"]


def test_no_service_stands_out():
    sentence = pooling_sentence(pooled_restoration(logs_of(SIZES), "2026Q3"))
    assert sentence.endswith("**no service stands out** beyond what so few incidents explain.")


@pytest.mark.parametrize(
    ("sizes", "words"),
    [([0] * 7, "No service had an incident in this period."),
     ([3, 3, 0, 0, 0, 0, 0], "fewer than 5 services with an incident that has ended.")],
)  # fmt: skip
def test_too_little_to_pool(sizes, words):
    found = pooled_restoration(logs_of(sizes), "2026Q3")
    assert found["pooled_hours"].isna().all() and found["typical_hours"].isna().all()
    assert found["reason"].notna().all()
    assert pooling_sentence(found).endswith(words)
    assert len(pooling_table(found).rows) == sum(n > 0 for n in sizes)
    for plot in (plot_shrinkage, plot_funnel):
        (text,) = plot(found).texts
        assert text.get_text().endswith(words)


def test_more_services_than_fit():
    found = pooled_restoration(logs_of(SIZES, slow=12), "2026Q3")
    many = pd.concat([found[found["n"] > 0]] * 6, ignore_index=True)
    many["service"] = [f"a-service-of-a-long-name-{i}" for i in range(len(many))]
    ax = plot_shrinkage(many)
    ax.figure.canvas.draw()
    assert len(ax.get_yticklabels()) == 30 and ax.get_title(loc="left").endswith("6 more")
    ax = plot_funnel(many)
    ax.figure.canvas.draw()
    assert len(ax.texts) <= 1  # six at one place: their names would cover each other


def test_other_clock_ends_and_wrong_ones():
    logs = logs_of(SIZES)
    assert pooled_restoration(logs, "2026Q3", end="acknowledged")["pooled_hours"].isna().all()
    with pytest.raises(InputError, match="Expected a start before the end"):
        pooled_restoration(logs, "2026Q3", start="restored", end="started")
