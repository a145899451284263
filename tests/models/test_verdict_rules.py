"""Every branch of the rules of verdicts has a test named after it: the last test sees to it.

Durations are in hours; a finished period has 1,000 h, an unfinished one 2,000 h of which 1,000 are over.
"""

import inspect
import sys

import numpy as np
import pandas as pd

from continuity_analysis.models import objectives as rules
from continuity_analysis.models.verdicts import judged

NAN = np.nan
HALF_WAY = [2000.0]


def said(found: pd.DataFrame) -> str:
    """The verdict of the only row, which has its reason in words."""
    assert list(found.columns[-4:]) == ["objective", "verdict", "provisional", "reason"]
    (row,) = found.to_dict("records")
    assert row["reason"]
    return row["verdict"] + (", provisional" if row["provisional"] else "")


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame({name: [value] for name, value in columns.items()})


def availability(down=0.0, *, goal=0.999, unknown=0.0, agreed=1000.0, unplanned=None, judge=(), **more) -> str:
    hours = frame(agreed_hours=agreed, unknown_hours=unknown, down_hours=down, **more)
    hours["unplanned_hours"] = down if unplanned is None else unplanned
    return said(rules.judge_availability(hours, [goal], **dict(judge)))


def requests(achieved, *, goal=0.999, judge=(), **more) -> str:
    return said(rules.judge_share(frame(share=achieved, **more), [goal], achieved="share", **dict(judge)))


def restore(share, *, n=10, still_open=0, within=4, promised=0.9, judge=(), **more) -> str:
    found = frame(n=n, n_censored=still_open, share_within=share, **more)
    return said(rules.judge_restoration(found, [within], share=[promised], **dict(judge)))


def rpo(over, *, covered=1000.0, within=6, promised=1.0, judge=(), **more) -> str:
    found = frame(covered_hours=covered, share_over_objective=over, **more)
    return said(rules.judge_recovery_point(found, [within], share=[promised], **dict(judge)))


def rto(met, of, *, real_over=0, drills_over=0, within=24, required=0.9, judge=(), **more) -> str:
    counts = frame(n_evaluable=of, n_met=met, n_real_over=real_over, n_drills_over=drills_over, **more)
    counts["chance"] = met / of if of else NAN
    return said(rules.judge_recovery_time(counts, [within], chance=[required], **dict(judge)))


def mtpd(longest, *, limit=48, still_open=0, unknown=0.0, agreed=1000.0, judge=()) -> str:
    found = frame(longest_hours=longest, n_censored=still_open, unknown_hours=unknown, agreed_hours=agreed)
    return said(rules.judge_longest(found, [limit], **dict(judge)))


def test_availability_is_not_set_without_a_promise():
    assert availability(5, goal=NAN) == "NOT_SET"


def test_availability_is_insufficient_before_any_agreed_hour():
    assert availability(agreed=0.0) == "INSUFFICIENT"


def test_availability_is_insufficient_without_a_covering_source():
    assert availability(unknown=1000) == "INSUFFICIENT"


def test_availability_is_met_exactly_on_the_target():
    assert availability(1) == "MET"


def test_availability_is_met_if_its_lower_bound_reaches_the_target():
    assert availability(0.4, unknown=0.6) == "MET"


def test_availability_is_breached_if_its_upper_bound_misses_the_target():
    assert availability(1.1) == "BREACHED"


def test_availability_is_breached_whatever_is_unknown_if_its_upper_bound_misses():
    assert availability(2, unknown=300) == "BREACHED"


def test_availability_is_insufficient_if_the_time_without_coverage_decides():
    assert availability(0.5, unknown=0.6) == "INSUFFICIENT"


def test_availability_of_unplanned_causes_leaves_planned_work_out():
    assert availability(5, unplanned=0.5, judge={"unplanned": True}) == "MET"


def test_availability_is_insufficient_if_it_is_met_only_without_the_assumed_impact():
    assert availability(1.5, availability_if_no_impact=1.0, availability_if_full_impact=0.9985) == "INSUFFICIENT"


def test_availability_is_insufficient_if_it_is_breached_only_at_full_impact():
    assert availability(0.5, availability_if_no_impact=1.0, availability_if_full_impact=0.99) == "INSUFFICIENT"


def test_availability_is_met_if_it_is_whatever_the_assumed_impact():
    assert availability(0.5, availability_if_no_impact=1.0, availability_if_full_impact=0.9995) == "MET"


def test_availability_is_breached_if_it_is_whatever_the_assumed_impact():
    assert availability(5, availability_if_no_impact=0.998, availability_if_full_impact=0.99) == "BREACHED"


def test_availability_is_breached_half_way_once_the_whole_periods_budget_is_gone():
    assert availability(2.1, judge={"period_hours": HALF_WAY}) == "BREACHED"


def test_availability_is_at_risk_half_way_while_some_of_the_whole_periods_budget_is_left():
    assert availability(1.9, judge={"period_hours": HALF_WAY}) == "AT_RISK, provisional"


def test_availability_met_half_way_is_provisional():
    assert availability(0.5, judge={"period_hours": HALF_WAY}) == "MET, provisional"


def test_availability_not_known_half_way_is_provisional():
    assert availability(0.5, unknown=2, judge={"period_hours": HALF_WAY}) == "INSUFFICIENT, provisional"


def test_availability_without_a_promise_is_never_provisional():
    assert availability(5, goal=NAN, judge={"period_hours": HALF_WAY}) == "NOT_SET"


def test_availability_of_a_finished_period_is_breached_by_its_own_hours():
    assert availability(1.1, judge={"period_hours": [1000.0]}) == "BREACHED"


def test_what_is_met_is_at_risk_if_its_chance_is_below_the_default_of_90_percent():
    assert availability(0.5, chance_next_period=0.89) == "AT_RISK"


def test_what_is_met_is_at_risk_if_its_chance_is_below_the_one_required():
    assert availability(0.5, chance_next_period=0.8, required_chance=0.85) == "AT_RISK"


def test_what_is_met_stays_met_if_its_chance_is_the_one_required():
    assert availability(0.5, chance_next_period=0.8, required_chance=0.8) == "MET"


def test_a_missing_expectation_never_turns_met_into_insufficient():
    assert availability(0.5, chance_next_period=NAN) == "MET"


def test_a_missing_required_chance_is_90_percent():
    assert availability(0.5, chance_next_period=0.8, required_chance=NAN) == "AT_RISK"


def test_a_good_chance_never_turns_breached_into_at_risk():
    assert availability(1.1, chance_next_period=1.0) == "BREACHED"


def test_a_bad_chance_never_turns_insufficient_into_at_risk():
    assert availability(0.5, unknown=0.6, chance_next_period=0.1) == "INSUFFICIENT"


def test_rpo_is_at_risk_if_it_is_met_but_unlikely_next_period():
    assert rpo(0.0, chance_next_period=0.5) == "AT_RISK"


def test_requests_are_not_set_without_a_promise():
    assert requests(0.5, goal=NAN) == "NOT_SET"


def test_requests_are_insufficient_if_none_were_measured():
    assert requests(NAN) == "INSUFFICIENT"


def test_requests_are_met_exactly_on_the_target():
    assert requests(0.999) == "MET"


def test_requests_are_breached_below_the_target():
    assert requests(0.998) == "BREACHED"


def test_requests_are_met_if_their_lower_bound_reaches_the_target():
    assert requests(0.9995, share_low=0.999, share_high=1.0) == "MET"


def test_requests_are_breached_if_their_upper_bound_misses_the_target():
    assert requests(0.99, share_low=0.98, share_high=0.998) == "BREACHED"


def test_requests_are_insufficient_if_hours_without_a_log_decide():
    assert requests(0.9995, share_low=0.99, share_high=1.0) == "INSUFFICIENT"


def test_requests_missed_half_way_are_at_risk_as_later_ones_can_make_up_for_it():
    assert requests(0.998, judge={"unfinished": True}) == "AT_RISK, provisional"


def test_requests_missed_half_way_are_breached_if_all_were_promised():
    assert requests(0.998, goal=1.0, judge={"unfinished": True}) == "BREACHED"


def test_requests_met_half_way_are_provisional():
    assert requests(1.0, judge={"unfinished": True}) == "MET, provisional"


def test_restore_is_not_set_without_a_promise():
    assert restore(0.5, within=NAN) == "NOT_SET"


def test_restore_is_insufficient_if_no_incident_began():
    assert restore(NAN, n=0) == "INSUFFICIENT"


def test_restore_is_met_if_the_share_within_the_target_is_the_one_promised():
    assert restore(0.9) == "MET"


def test_restore_is_breached_if_the_share_within_the_target_is_smaller():
    assert restore(0.8) == "BREACHED"


def test_restore_gets_its_verdict_though_the_quantile_is_not_reached():
    assert restore(0.85, still_open=3) == "BREACHED"


def test_restore_is_insufficient_if_open_incidents_decide():
    assert restore(NAN, n=3, still_open=2) == "INSUFFICIENT"


def test_restore_is_met_whatever_the_open_incidents_do_if_enough_are_restored():
    assert restore(NAN, still_open=1, share_at_least=0.9) == "MET"


def test_restore_missed_half_way_is_at_risk_as_later_incidents_can_make_up_for_it():
    assert restore(0.8, judge={"unfinished": True}) == "AT_RISK, provisional"


def test_restore_missed_half_way_is_breached_if_all_were_promised():
    assert restore(0.95, promised=1.0, judge={"unfinished": True}) == "BREACHED"


def test_restore_met_half_way_is_provisional():
    assert restore(0.95, judge={"unfinished": True}) == "MET, provisional"


def test_rpo_is_not_set_without_a_promise():
    assert rpo(0.0, within=NAN) == "NOT_SET"


def test_rpo_is_insufficient_if_nothing_is_covered():
    assert rpo(NAN, covered=0.0) == "INSUFFICIENT"


def test_rpo_is_met_if_all_covered_time_is_within_the_target():
    assert rpo(0.0) == "MET"


def test_rpo_is_breached_by_any_moment_over_it_unless_a_share_is_stated():
    assert rpo(0.001) == "BREACHED"


def test_rpo_is_met_if_no_more_than_the_stated_share_is_over_it():
    assert rpo(0.05, promised=0.95) == "MET"


def test_rpo_is_breached_if_more_than_the_stated_share_is_over_it():
    assert rpo(0.06, promised=0.95) == "BREACHED"


def test_rpo_is_never_breached_by_one_listing_of_survivors():
    assert rpo(0.3, share_over_proven=0.0) == "INSUFFICIENT"


def test_rpo_may_be_met_by_one_listing_of_survivors():
    assert rpo(0.0, share_over_proven=0.0) == "MET"


def test_rpo_is_breached_by_what_listings_over_time_prove():
    assert rpo(0.3, share_over_proven=0.1) == "BREACHED"


def test_rpo_is_insufficient_if_run_times_that_are_missing_decide():
    assert rpo(0.0, share_over_cautious=0.2, direction="lower bound") == "INSUFFICIENT"


def test_rpo_is_met_if_run_times_that_are_missing_do_not_matter():
    assert rpo(0.0, share_over_cautious=0.0, direction="lower bound") == "MET"


def test_rpo_is_breached_by_a_lower_bound_over_it():
    assert rpo(0.1, direction="lower bound") == "BREACHED"


def test_rpo_is_breached_half_way_once_the_whole_periods_allowance_is_gone():
    assert rpo(0.11, promised=0.95, judge={"period_hours": HALF_WAY}) == "BREACHED"


def test_rpo_is_at_risk_half_way_while_some_of_the_whole_periods_allowance_is_left():
    assert rpo(0.08, promised=0.95, judge={"period_hours": HALF_WAY}) == "AT_RISK, provisional"


def test_rpo_is_breached_half_way_by_any_moment_over_it_unless_a_share_is_stated():
    assert rpo(0.01, judge={"period_hours": HALF_WAY}) == "BREACHED"


def test_rpo_met_half_way_is_provisional():
    assert rpo(0.0, judge={"period_hours": HALF_WAY}) == "MET, provisional"


def test_rto_is_not_set_without_a_promise():
    assert rto(1, 1, within=NAN) == "NOT_SET"


def test_rto_is_breached_if_a_real_recovery_exceeded_it():
    assert rto(9, 10, real_over=1) == "BREACHED"


def test_rto_is_breached_half_way_if_a_real_recovery_exceeded_it():
    assert rto(0, 1, real_over=1, judge={"unfinished": True}) == "BREACHED"


def test_rto_is_met_by_one_fresh_success_and_none_over_it():
    assert rto(1, 1) == "MET"


def test_rto_is_insufficient_if_none_is_fresh():
    assert rto(0, 0) == "INSUFFICIENT"


def test_rto_is_at_risk_if_only_a_drill_exceeded_it():
    assert rto(19, 20, drills_over=1) == "AT_RISK"


def test_rto_is_at_risk_if_the_point_estimate_is_below_the_required_chance():
    assert rto(8, 10) == "AT_RISK"


def test_rto_is_met_however_small_the_proven_chance():
    assert rto(2, 2, required=0.99, proven_chance=0.22) == "MET"


def test_rto_met_half_way_is_provisional():
    assert rto(1, 1, judge={"unfinished": True}) == "MET, provisional"


def test_mtpd_is_not_set_without_a_limit():
    assert mtpd(5, limit=NAN) == "NOT_SET"


def test_mtpd_is_breached_by_any_single_disruption_longer():
    assert mtpd(49) == "BREACHED"


def test_mtpd_is_met_if_the_longest_is_exactly_as_long():
    assert mtpd(48) == "MET"


def test_mtpd_is_met_if_nothing_was_disrupted():
    assert mtpd(NAN) == "MET"


def test_mtpd_is_breached_by_an_open_disruption_that_is_longer_already():
    assert mtpd(50, still_open=1) == "BREACHED"


def test_mtpd_is_insufficient_if_an_open_disruption_may_get_longer():
    assert mtpd(5, still_open=1) == "INSUFFICIENT"


def test_mtpd_is_insufficient_if_a_longer_one_could_hide_in_time_without_coverage():
    assert mtpd(5, unknown=60) == "INSUFFICIENT"


def test_mtpd_is_insufficient_if_coverage_is_not_known():
    assert mtpd(NAN, unknown=NAN) == "INSUFFICIENT"


def test_mtpd_is_insufficient_before_any_agreed_hour():
    assert mtpd(NAN, agreed=0.0) == "INSUFFICIENT"


def test_mtpd_is_breached_half_way_by_any_single_disruption_longer():
    assert mtpd(50, judge={"unfinished": True}) == "BREACHED"


def test_mtpd_met_half_way_is_provisional_though_a_disruption_is_open():
    assert mtpd(5, still_open=1, judge={"unfinished": True}) == "MET, provisional"


def test_the_reason_says_the_chance_that_puts_at_risk():
    found = rules.judge_recovery_point(
        frame(covered_hours=1000.0, share_over_objective=0.0, chance_next_period=0.5), [6.0], share=[1.0]
    )
    assert found["reason"].item() == "0 % of covered time over 6 h, allowed 0 %; chance to meet it next period 50 %"


def test_learned_run_times_are_marked():
    found = frame(covered_hours=1000.0, share_over_objective=0.0, direction="unknown")
    assert "direction unknown" in rules.judge_recovery_point(found, [6.0], share=[1.0])["reason"].item()


def test_what_keeps_bounds_of_a_share_apart_is_said():
    found = frame(share=0.93, share_low=0.9, share_high=0.97, share_open="logs are missing")
    assert "logs are missing" in rules.judge_share(found, [0.95], achieved="share")["reason"].item()


def test_no_rule_is_without_a_test(monkeypatch):
    """Each rule of each list of rules decides in some test above."""
    listed, decided = {}, set()

    def watched(estimates, objective, given, *, unfinished):
        judge = inspect.currentframe().f_back.f_code.co_name
        listed[judge] = len(given)
        holds = [np.broadcast_to(np.asarray(when, dtype=bool), len(estimates)) for when, *_ in given]
        decided.update((judge, first) for first in np.argmax(holds, axis=0).tolist())
        return judged(estimates, objective, given, unfinished=unfinished)

    monkeypatch.setattr(rules, "judged", watched)
    own = {name: f for name, f in vars(sys.modules[__name__]).items() if name.startswith("test_")}
    for test in own.values():
        if not inspect.signature(test).parameters:
            test()
    assert set(listed) == {name for name in vars(rules) if name.startswith("judge_")}
    assert {(judge, n) for judge, size in listed.items() for n in range(size)} - decided == set()
