"""Figures, tables and sentences of changes and self-healing say what they were given, and cope with nothing."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs
from matplotlib import pyplot as plt

from continuity_analysis.figures.changes import (
    after_changes_table,
    changes_sentence,
    changes_table,
    healing_sentence,
    healing_table,
    plot_after_changes,
    reconnection_table,
)
from continuity_analysis.questions import after_changes, change_outcomes, reconnection, self_healing


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def logs():
    services = {n: {"in_service_since": "2026-01-01", "watched_by": ["pager"]} for n in ("web", "db")}
    seen = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-02-01"}
    ci = {"product": "ci", "format": "ci_runs", "export_id": "e3"}
    made = [{"change_id": f"c{d}", "component": c, "status": "completed", "kind": "deployment", **ci,
             "started_at": f"2026-01-{d:02}T10:00", "finished_at": f"2026-01-{d:02}T10:10"}
            for d in range(1, 20) for c in ("web", "db")]  # fmt: skip
    made[4]["status"] = "failed"
    stretches = [("web", "02T10"), ("web", "03T10"), ("web", "09T18"), ("db", "04T15")]
    incidents = [
        {"component": c, "started_at": f"2026-01-{h}:30", "restored_at": f"2026-01-{h}:50", "impact": 1.0}
        for c, h in stretches
    ]
    return make_logs(as_of="2026-02-01", catalog={"services": services}, changes=made, incidents=incidents,
                     exports=[seen, seen | ci])  # fmt: skip


def test_of_some_logs():
    found, after = change_outcomes(logs(), "2026-01"), after_changes(logs(), "2026-01")
    ax = plot_after_changes(after)
    ax.figure.canvas.draw()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["web (2 of 3)", "db (0 of 1)", "all services (2 of 4)"]
    assert changes_table(found).rows[1][:3] == ("web", "19", "1")
    assert after_changes_table(after).rows[1][-1] == "more than chance"
    assert changes_sentence(found, after).startswith("Of 38 changes **1** failed or were rolled back: 2.63 %")
    assert changes_sentence(found, after).endswith("where chance would give 0.12: **more than chance**.")


def test_of_no_logs():
    empty = make_logs(as_of="2026-02-01")
    empty.tables["recoveries"]["service"] = empty.recoveries["asset"]
    found, after, healed = (q(empty, "2026-01") for q in (change_outcomes, after_changes, self_healing))
    plot_after_changes(after).figure.canvas.draw()
    assert changes_sentence(found, after) == "No change was recorded in this period."
    assert healing_sentence(healed).startswith("No failover")
    assert changes_table(found) is after_changes_table(after) is healing_table(healed) is None
    assert reconnection_table(reconnection(empty, "2026-01")).rows == ()


def test_what_healed_is_said_with_its_cost():
    columns = {"service": ["db", "web"], "kind": ["failover", "self_heal"], "n": [2, 5], "n_censored": [0, 1]}
    healed = pd.DataFrame(columns | {"median_hours": 0.1, "low": np.nan, "high": np.nan, "max_hours": 1.0})
    healed["down_hours"] = [0.5, np.nan]
    sentence = "There were 5 self-healings and 2 failovers in 2 services; the services were down for 30 min in them."
    assert healing_sentence(healed) == sentence
    assert healing_table(healed).rows[0][:3] == ("web", "healed by itself", "5")
