"""Exposure of a tier: a hand case, second by second beside its services, and equal to the one service it may have."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import continuity_analysis as ca
from continuity_analysis.figures.question_tables import episodes_table, recovery_point_table
from continuity_analysis.figures.recovery_point import plot_exposure_law, plot_exposures
from continuity_analysis.figures.recovery_point_view_tables import exposure_views_table, retention_depth_table
from continuity_analysis.figures.recovery_point_views import plot_exposure_views, plot_retention_depth
from continuity_analysis.figures.sentences import recovery_point_sentence
from continuity_analysis.measurements.exposure_of_services import measure_tier_exposure
from continuity_analysis.periods import read_period
from continuity_analysis.questions.expected_recovery_point import expected_recovery_point
from continuity_analysis.questions.exposed import NO_PROMISE
from continuity_analysis.questions.recovery_point import OF_TIERS
from tests.measurements.backup_logs import ORIGIN, at, export, hours, logs_of
from tests.questions.test_recovery_point import PERIOD, daily

SERVICES = {
    "shop": {"tier": 1, "assets": ["db"], "objectives": {"rpo": "30h"}},
    "pay": {"tier": 1, "assets": ["db", "files"], "objectives": {"rpo": "30h"}},
    "desk": {"tier": 2, "assets": ["desk"], "objectives": {"rpo": "30h"}},
    "mail": {"tier": 2, "assets": ["mail"]},
    "wiki": {"assets": ["db"]},
    "front": {"tier": 1},
}
ROWS = daily(skip=[3]) + daily(asset="files", skip=[6]) + daily(asset="desk") + daily(asset="mail")
FIGURES = ["worst_hours", "mean_hours", "p50_hours", "p95_hours", "covered_hours", "unknown_hours", "unprotected_share"]


def logs_with(services, rows=ROWS, exports=None, **more):
    exports = exports or [export(since=-48, until=500)]
    return logs_of(rows, exports, catalog={"services": services} if services else None, **more)


@pytest.fixture(scope="module")
def logs():
    return logs_with(SERVICES)


@pytest.fixture(scope="module")
def found(logs):
    return ca.recovery_point(logs, PERIOD, by="tier").set_index("tier")


def test_a_tier_has_at_each_moment_the_worst_of_its_services(logs, found):
    """Two nights failed, of one asset each: 20 h over 30 h after each; an asset of two services counts once."""
    assert list(found.index) == ["tier 1", "tier 2"]
    one = found.loc["tier 1"]
    assert one[["worst_hours", "covered_hours", "n", "n_episodes", "verdict"]].tolist() == [50, 240, 20, 2, "BREACHED"]
    assert one["share_over_objective"] == pytest.approx(40 / 240)
    episodes = ca.exposure_episodes(logs, PERIOD, by="tier")
    assert episodes.sort_values("from_at")[["asset", "cause"]].to_numpy().tolist() == [
        ["db", "failed"], ["files", "failed"]
    ]  # fmt: skip
    law = ca.exposure_law(logs, PERIOD, by="tier")
    law = law[law["tier"] == "tier 1"]
    assert np.interp(30, law["hours"], law["share_longer"]) == pytest.approx(40 / 240)


def test_what_is_in_a_tier_and_what_is_in_none(found):
    """A service without backups and without a promise does not count; one without a tier makes no row."""
    assert found["n_services"].to_dict() == {"tier 1": 2, "tier 2": 2}
    assert (found["n_without_tier"] == 1).all()


def test_a_tier_promises_what_all_its_services_promise_alike(found):
    assert found.loc["tier 1", ["objective", "share_promised"]].tolist() == [30, 1]
    two = found.loc["tier 2"]
    assert np.isnan(two["objective"]) and two["verdict"] == "NOT_SET"
    assert two["reason"] == "its services do not promise the same: desk 30 h for 100 %, mail none"
    services = {f"s{i}": {"tier": 3, "assets": ["db"], "objectives": {"rpo": f"{i + 1}h"}} for i in range(6)}
    reason = ca.recovery_point(logs_with(services), PERIOD, by="tier")["reason"].iloc[0]
    assert reason.endswith("s2 3 h for 100 %, s3 4 h for 100 %, 2 more")
    share = {"a": {"tier": 1, "assets": ["db"], "objectives": {"rpo": {"within": "30h", "for": "90%"}}},
             "b": {"tier": 1, "assets": ["db"], "objectives": {"rpo": "30h"}}}  # fmt: skip
    row = ca.recovery_point(logs_with(share), PERIOD, by="tier").iloc[0]
    assert row["verdict"] == "NOT_SET" and row[["objective", "share_promised"]].isna().all()


def test_a_tier_where_nobody_promises_says_what_a_service_does():
    row = ca.recovery_point(logs_with({"a": {"tier": 1, "assets": ["db"]}}), PERIOD, by="tier").iloc[0]
    assert row["reason"] == NO_PROMISE


def test_a_service_that_promises_and_has_no_assets_leaves_its_tier_unknown():
    services = SERVICES | {"front": {"tier": 1, "objectives": {"rpo": "30h"}, "in_service_since": str(at(100))}}
    logs = logs_with(services)
    row = ca.recovery_point(logs, PERIOD, by="tier").set_index("tier").loc["tier 1"]
    assert row[["covered_hours", "unknown_hours", "n_services"]].tolist() == [100, 140, 3]
    dark = ca.exposure(logs, PERIOD, by="tier").query("state == 'unknown'")
    assert dark["service"].tolist() == ["front"] and dark["asset"].isna().all()


def test_a_tier_without_catalogue_or_tiers_is_no_row():
    for services in (None, {"shop": {"assets": ["db"]}}):
        logs = logs_with(services)
        empty = ca.recovery_point(logs, PERIOD, by="tier")
        assert empty.empty and set(OF_TIERS) <= set(empty)
        assert "No service" in recovery_point_sentence(empty, read_period(PERIOD), by="tier")
        assert ca.exposure_episodes(logs, PERIOD, by="tier").empty and ca.retention(logs, PERIOD, by="tier").empty


QUESTIONS = {
    "recovery_point": ca.recovery_point, "exposure": ca.exposure, "exposure_law": ca.exposure_law,
    "exposure_episodes": ca.exposure_episodes, "recovery_point_views": ca.recovery_point_views,
    "retention_depth": ca.retention_depth, "retention": ca.retention, "retention_law": ca.retention_law,
    "expected_recovery_point": expected_recovery_point, "schedule_needed": ca.schedule_needed,
}  # fmt: skip


@pytest.fixture(scope="module")
def one_service():
    services = {"shop": {"tier": 7, "assets": ["db", "files"], "objectives": {"rpo": "30h"}}}
    rows = daily(5, skip=[3], expires_at=70) + daily(asset="files", skip=[6])
    return logs_with(services, rows, [export(since=-48, until=200)], as_of=240)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_tier_of_one_service_is_this_service(question, one_service):
    """Whatever is asked, to the last digit; unprotected and unknown time too."""
    by_service, by_tier = (QUESTIONS[question](one_service, PERIOD, by=by) for by in ("service", "tier"))
    assert len(by_service) and by_tier["tier"].eq("tier 7").all()
    by_tier = by_tier.assign(tier="shop").drop(columns=[*OF_TIERS, "service"], errors="ignore")
    by_tier = by_tier.rename(columns={"tier": "service"}).astype({"service": "str"})
    pd.testing.assert_frame_equal(by_tier, by_service, check_exact=True)


SECONDS = st.integers(0, 40)
PIECES = st.lists(
    st.tuples(st.sampled_from("abc"), SECONDS, st.sampled_from(["protected", "unknown", "unprotected"]), SECONDS),
    max_size=15,
)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(PIECES)
def test_on_a_grid_of_seconds(cuts):
    """Services cut at any seconds; at each second the tier is the worst: unprotected, unknown, else the oldest."""
    pieces, tiers = _pieces(cuts), {"a": "tier 1", "b": "tier 1", "c": "tier 2"}
    members = pd.DataFrame({"service": list(tiers), "tier": list(tiers.values())}, dtype="str")
    found = measure_tier_exposure(pieces, members)
    for tier in set(tiers.values()):
        mine, of = _rows(found[found["tier"] == tier]), _rows(pieces[pieces["service"].map(tiers) == tier])
        for second in range(41):
            now, parts = (_badness(rows, second + 0.5) for rows in (mine, of))
            assert now == ([max(parts)] if parts else [])


def _pieces(cuts):
    """One row for each stretch from a cut of a service to its next."""
    rows = pd.DataFrame(cuts, columns=["service", "start", "state", "held"]).drop_duplicates(["service", "start"])
    rows = rows.sort_values(["service", "start"], ignore_index=True)
    rows["end"] = rows.groupby("service")["start"].shift(-1).fillna(41)
    moments = {name: ORIGIN + pd.to_timedelta(rows[c], unit="s") for name, c in
               (("from_at", "start"), ("until_at", "end"), ("data_at", "held"))}  # fmt: skip
    rows = (
        rows[["service", "state"]]
        .astype("str")
        .assign(**{n: m.astype("datetime64[us, UTC]") for n, m in moments.items()})
    )
    return rows.assign(data_at=rows["data_at"].where(rows["state"] == "protected"), asset=rows["service"])


def _rows(pieces):
    """Begin, end, state and point of each piece [s]."""
    ends = (3600 * np.array(hours(pieces[c])) for c in ("from_at", "until_at", "data_at"))
    return list(zip(pieces["state"], *ends, strict=True))


def _badness(rows, second):
    """How bad each row is that holds at a second: the age, unknown above any age, unprotected above all."""
    other = {"unknown": 1e9, "unprotected": 2e9}
    return [other.get(s, round(second - held, 3)) for s, start, end, held in rows if start <= second < end]


def test_figures_and_tables_take_tiers(logs, found):
    from matplotlib import pyplot as plt

    how = {"by": "tier"}
    assert len(plot_exposures(ca.exposure(logs, PERIOD, **how), {"tier 1": 30.0}, **how)) == 2
    plot_exposure_law(ca.exposure_law(logs, PERIOD, **how), **how)
    views, depth = ca.recovery_point_views(logs, PERIOD, **how), ca.retention_depth(logs, PERIOD, **how)
    plot_exposure_views(views, **how)
    plot_retention_depth(depth, **how)
    tables = [exposure_views_table(views, **how), retention_depth_table(depth, **how),
              recovery_point_table(found.reset_index(), **how),
              episodes_table(ca.exposure_episodes(logs, PERIOD, **how), **how)]  # fmt: skip
    assert all("tier 1" in t.to_text() for t in tables)
    said = recovery_point_sentence(found.reset_index(), read_period(PERIOD), by="tier")
    assert "2 tiers" in said and "in none: 1" in said
    plt.close("all")
