"""Every rule of a verdict is one named case."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models import objectives as o

NAN = np.nan


def verdict(judged):
    assert list(judged.columns[-4:]) == ["objective", "verdict", "provisional", "reason"]
    row = judged.iloc[0]
    assert row["reason"]
    return row["verdict"] + (" provisional" if row["provisional"] else "")


def frame(**columns):
    return pd.DataFrame({k: [v] for k, v in columns.items()})


def hours(down=0.0, *, unknown=0.0, agreed=1000.0, unplanned=None, **more):
    unplanned = down if unplanned is None else unplanned
    return frame(agreed_hours=agreed, unknown_hours=unknown, down_hours=down, unplanned_hours=unplanned, **more)


AVAILABILITY = {
    "no target": (hours(5), NAN, {}, "NOT_SET"),
    "exactly on target is met": (hours(1), 0.999, {}, "MET"),
    "lower bound reaches it": (hours(0.4, unknown=0.6), 0.999, {}, "MET"),
    "upper bound misses it": (hours(1.1), 0.999, {}, "BREACHED"),
    "unknown time decides": (hours(0.5, unknown=0.6), 0.999, {}, "INSUFFICIENT"),
    "no covering source": (hours(0, unknown=1000), 0.999, {}, "INSUFFICIENT"),
    "no agreed hours": (hours(0, agreed=0), 0.999, {}, "INSUFFICIENT"),
    "upper bound misses whatever is unknown": (hours(2, unknown=300), 0.999, {}, "BREACHED"),
    "unplanned is judged": (hours(5, unplanned=0.5), 0.999, {"unplanned": True}, "MET"),
    "assumed impact decides": (
        hours(1.5, availability_if_no_impact=1.0, availability_if_full_impact=0.9985), 0.999, {}, "INSUFFICIENT"),
    "assumed impact does not matter": (
        hours(0.5, availability_if_no_impact=1.0, availability_if_full_impact=0.9995), 0.999, {}, "MET"),
    "breached whatever the impact": (
        hours(5, availability_if_no_impact=0.998, availability_if_full_impact=0.99), 0.999, {}, "BREACHED"),
    "unfinished, whole budget spent": (hours(2.3), 0.999, {"period_hours": [2200.0]}, "BREACHED"),
    "unfinished, missed so far": (hours(2.1), 0.999, {"period_hours": [2200.0]}, "AT_RISK provisional"),
    "unfinished, met so far": (hours(0.5), 0.999, {"period_hours": [2200.0]}, "MET provisional"),
    "unfinished, not known so far": (hours(0.5, unknown=2), 0.999, {"period_hours": [2200.0]},
                                     "INSUFFICIENT provisional"),
    "unfinished without target": (hours(0.5), NAN, {"period_hours": [2200.0]}, "NOT_SET"),
    "finished with the period's hours given": (hours(1.1), 0.999, {"period_hours": [1000.0]}, "BREACHED"),
    "met, but unlikely next time": (hours(0.5, chance_next_period=0.8), 0.999, {}, "AT_RISK"),
    "met, and likely enough next time": (
        hours(0.5, chance_next_period=0.8, required_chance=0.7), 0.999, {}, "MET"),
    "met, next time unknown": (hours(0.5, chance_next_period=NAN), 0.999, {}, "MET"),
}  # fmt: skip


@pytest.mark.parametrize("name", AVAILABILITY)
def test_availability(name):
    estimates, goal, options, expected = AVAILABILITY[name]
    assert verdict(o.judge_availability(estimates, [goal], **options)) == expected


def restored(share, n=10, n_censored=0):
    return frame(n=n, n_censored=n_censored, share_within=share)


RESTORE = {
    "no target": (restored(0.5), NAN, {}, "NOT_SET"),
    "share reached": (restored(0.9), 4, {}, "MET"),
    "share missed": (restored(0.8), 4, {}, "BREACHED"),
    "no incident": (restored(NAN, n=0), 4, {}, "INSUFFICIENT"),
    "open ones decide": (restored(NAN, n=3, n_censored=2), 4, {}, "INSUFFICIENT"),
    "open ones, but enough are restored": (restored(NAN, n_censored=1).assign(share_at_least=0.9), 4, {}, "MET"),
    "an unreached quantile still gets its verdict": (restored(0.85, n_censored=3), 4, {}, "BREACHED"),
    "unfinished, can be made up for": (restored(0.8), 4, {"unfinished": True}, "AT_RISK provisional"),
    "unfinished, met so far": (restored(0.95), 4, {"unfinished": True}, "MET provisional"),
    "unfinished, all were promised": (restored(0.95), 4, {"unfinished": True, "share": [1.0]}, "BREACHED"),
}


@pytest.mark.parametrize("name", RESTORE)
def test_restoration(name):
    estimates, within, options, expected = RESTORE[name]
    assert verdict(o.judge_restoration(estimates, [within], **({"share": [0.9]} | options))) == expected


def exposed(over, covered=1000.0, **more):
    return frame(covered_hours=covered, share_over_objective=over, **more)


RPO = {
    "no target": (exposed(0.0), NAN, {}, "NOT_SET"),
    "never over": (exposed(0.0), 6, {}, "MET"),
    "once over": (exposed(0.001), 6, {}, "BREACHED"),
    "over, but no more than allowed": (exposed(0.04), 6, {"share": [0.95]}, "MET"),
    "over more than allowed": (exposed(0.06), 6, {"share": [0.95]}, "BREACHED"),
    "nothing covered": (exposed(NAN, covered=0.0), 6, {}, "INSUFFICIENT"),
    "one listing may not breach": (exposed(0.3, share_over_proven=0.0), 6, {}, "INSUFFICIENT"),
    "one listing may meet": (exposed(0.0, share_over_proven=0.0), 6, {}, "MET"),
    "listings over time may breach": (exposed(0.3, share_over_proven=0.1), 6, {}, "BREACHED"),
    "a lower bound that run times could overturn": (
        exposed(0.0, share_over_cautious=0.2, direction="lower bound"), 6, {}, "INSUFFICIENT"),
    "a lower bound with room": (exposed(0.0, share_over_cautious=0.0, direction="lower bound"), 6, {}, "MET"),
    "a lower bound over the target": (exposed(0.1, direction="lower bound"), 6, {}, "BREACHED"),
    "learned run times are marked": (exposed(0.0, direction="unknown"), 6, {}, "MET"),
    "unfinished, over, all was promised": (exposed(0.01), 6, {"period_hours": [2000.0]}, "BREACHED"),
    "unfinished, over, allowance left": (
        exposed(0.08), 6, {"share": [0.95], "period_hours": [2000.0]}, "AT_RISK provisional"),
    "unfinished, allowance used up": (exposed(0.11), 6, {"share": [0.95], "period_hours": [2000.0]}, "BREACHED"),
    "unfinished, within": (exposed(0.0), 6, {"period_hours": [2000.0]}, "MET provisional"),
}  # fmt: skip


@pytest.mark.parametrize("name", RPO)
def test_recovery_point(name):
    estimates, within, options, expected = RPO[name]
    judged = o.judge_recovery_point(estimates, [within], **({"share": [1.0]} | options))
    assert verdict(judged) == expected
    if name.startswith("learned"):
        assert "direction unknown" in judged["reason"].iloc[0]


def recovered(met, evaluable, *, real=0, drills=0):
    chance = met / evaluable if evaluable else NAN
    return frame(n_evaluable=evaluable, n_met=met, n_real_over=real, n_drills_over=drills, chance=chance)


RTO = {
    "no target": (recovered(1, 1), NAN, {}, "NOT_SET"),
    "one fresh success": (recovered(1, 1), 24, {}, "MET"),
    "none fresh": (recovered(0, 0), 24, {}, "INSUFFICIENT"),
    "a real one over": (recovered(9, 10, real=1), 24, {}, "BREACHED"),
    "only a drill over": (recovered(19, 20, drills=1), 24, {}, "AT_RISK"),
    "point estimate too low": (recovered(8, 10), 24, {}, "AT_RISK"),
    "the proven chance does not gate": (recovered(2, 2), 24, {"chance": [0.99]}, "MET"),
    "a real one over in an unfinished period": (recovered(0, 1, real=1), 24, {"unfinished": True}, "BREACHED"),
    "unfinished": (recovered(1, 1), 24, {"unfinished": True}, "MET provisional"),
}


@pytest.mark.parametrize("name", RTO)
def test_recovery_time(name):
    estimates, within, options, expected = RTO[name]
    assert verdict(o.judge_recovery_time(estimates, [within], **({"chance": [0.9]} | options))) == expected


def longest(hours, *, n_censored=0, unknown=0.0, agreed=2160.0):
    return frame(longest_hours=hours, n_censored=n_censored, unknown_hours=unknown, agreed_hours=agreed)


MTPD = {
    "no target": (longest(5), NAN, {}, "NOT_SET"),
    "any single one longer": (longest(49), 48, {}, "BREACHED"),
    "longest within": (longest(48), 48, {}, "MET"),
    "no disruption at all": (longest(NAN), 48, {}, "MET"),
    "an open one already longer": (longest(50, n_censored=1), 48, {}, "BREACHED"),
    "an open one could still get longer": (longest(5, n_censored=1), 48, {}, "INSUFFICIENT"),
    "a longer one could hide": (longest(5, unknown=60), 48, {}, "INSUFFICIENT"),
    "no coverage known": (longest(NAN, unknown=NAN), 48, {}, "INSUFFICIENT"),
    "before the service was there": (longest(NAN, agreed=0.0), 48, {}, "INSUFFICIENT"),
    "the period has not begun": (longest(NAN, agreed=0.0), 48, {"unfinished": True}, "INSUFFICIENT provisional"),
    "unfinished with an open one": (longest(5, n_censored=1), 48, {"unfinished": True}, "MET provisional"),
    "unfinished and over": (longest(50), 48, {"unfinished": True}, "BREACHED"),
}


@pytest.mark.parametrize("name", MTPD)
def test_longest(name):
    estimates, within, options, expected = MTPD[name]
    assert verdict(o.judge_longest(estimates, [within], **options)) == expected


SHARE = {
    "no target": (0.5, NAN, {}, "NOT_SET"),
    "reached": (0.9995, 0.9995, {}, "MET"),
    "missed": (0.999, 0.9995, {}, "BREACHED"),
    "not measured": (NAN, 0.9995, {}, "INSUFFICIENT"),
    "unfinished, missed so far": (0.999, 0.9995, {"unfinished": True}, "AT_RISK provisional"),
    "unfinished, all were promised": (0.999, 1.0, {"unfinished": True}, "BREACHED"),
}


@pytest.mark.parametrize("name", SHARE)
def test_share_of_requests(name):
    achieved, goal, options, expected = SHARE[name]
    assert verdict(o.judge_share(frame(a=achieved), [goal], achieved="a", **options)) == expected


def test_all_groups_at_once_and_none():
    many = pd.concat([hours(d) for d in (0.5, 1.5, 0.5)], ignore_index=True)
    judged = o.judge_availability(many, np.array([0.999, 0.999, NAN]))
    assert judged["verdict"].tolist() == ["MET", "BREACHED", "NOT_SET"]
    assert o.judge_availability(many.iloc[:0], []).empty
    assert o.judge_recovery_point(exposed(0.0).iloc[:0], [], share=[]).empty


def test_input_is_not_changed():
    estimates = hours(1)
    before = estimates.copy()
    o.judge_availability(estimates, [0.999])
    pd.testing.assert_frame_equal(estimates, before)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.95, 0.97, "MET"), (0.9, 0.97, "INSUFFICIENT"), (0.9, 0.94, "BREACHED")],
)
def test_a_share_known_within_bounds_is_judged_only_where_both_agree(low, high, expected):
    judged = o.judge_share(
        frame(a=0.93, a_low=low, a_high=high).assign(a_open="logs are missing"), [0.95], achieved="a"
    )
    assert verdict(judged) == expected
    assert ("logs are missing" in judged["reason"].iloc[0]) == (expected == "INSUFFICIENT")
