"""What each slide of the review says: its title in few words, also where nothing is known."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.figures import review
from continuity_analysis.figures.sentences import HEADLINE
from continuity_analysis.models.comparisons import LONGER, UNCHANGED
from continuity_analysis.periods import read_period

PERIOD = read_period("2026Q3", timezone="UTC")


def card(*verdicts):
    return pd.DataFrame({"verdict": list(verdicts), "service": "web", "objective": "availability"})


def test_the_answer_counts_verdicts_and_names_what_is_breached():
    found = review.answer(card("MET", "MET", "BREACHED", "INSUFFICIENT", "NOT_SET"), PERIOD)
    assert found.headline == "2026Q3: of 4 objectives 2 met, 1 breached and 1 not proven"
    assert found.brief == "Breached: web (availability)."
    assert found.startswith("**In 2026Q3, of 4 objectives of 1 services")
    assert review.answer(card("NOT_SET"), PERIOD).headline == "2026Q3: no objective is set"


def test_a_finding_shows_itself_as_a_paragraph_and_carries_its_title():
    shown = review.answer(card("MET"), PERIOD)._repr_mimebundle_()
    assert shown["text/markdown"].startswith("**In 2026Q3")
    assert shown[HEADLINE]["headline"] == "2026Q3: of 1 objectives 1 met"


def services(*verdicts):
    columns = {"service": [f"s{i}" for i in range(len(verdicts))], "verdict": list(verdicts), "low": 0.9, "high": 0.9}
    return pd.DataFrame(columns | {"availability": 0.9, "coverage": 1.0, "down_hours": 2.0, "n": 3})


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["BREACHED", "MET", "NOT_SET"], "1 of 2 services was down longer than allowed: s0"),
        (["BREACHED"] * 4, "4 of 4 services were down longer than allowed: s0, s1 and 2 more"),
        (["MET", "AT_RISK"], "None of 2 services was down longer than its objective allows"),
        (["NOT_SET"], "No objective for availability can be judged"),
    ],
)
def test_availability_names_those_down_for_too_long(verdicts, said):
    found = review.availability_finding(services(*verdicts), PERIOD)
    assert found.headline == said
    assert found.brief == "The lowest was **s0** at 90 %: 2 h down in 3 failures."


def durations(*rows):
    return pd.DataFrame(rows, columns=["service", "hours", "censored", "excluded"])


def test_the_longest_disruption_is_named_and_whether_it_is_open():
    rows = [("web", 2.0, False, None), ("db", 30.0, True, None), ("x", 99.0, False, "planned")]
    found = review.incidents_finding(durations(*rows))
    assert found.headline == "The longest of 2 disruptions, of db, has lasted 30 h and is still open"
    assert found == (
        "2 disruptions began in the period, 1 of them still open. The 2 longest took 100 % of all hours of disruption."
    )
    assert review.incidents_finding(durations()).headline == "No disruption was recorded"


def restored(median):
    row = {"service": "all services", "n": 12, "n_censored": 0, "median_hours": median, "low": 0.5, "high": 2.0}
    return pd.DataFrame([row | {"p90_hours": np.nan, "p90_low": np.nan, "p90_high": np.nan}])


def compared(verdict):
    row = {"service": "all services", "verdict": verdict, "n_first": 10, "n_second": 12, "detectable_ratio": 3.1}
    return pd.DataFrame([row | {"first": "2026Q2", "second": "2026Q3"}])


def test_time_to_restore_says_whether_it_changed():
    same = review.restoration_finding(restored(1.0), compared(UNCHANGED), PERIOD)
    assert same.headline == "Half of the incidents were restored within 1 h: no evidence of a change against 2026Q2"
    assert "factor of 3.1" in same.brief
    longer = review.restoration_finding(restored(1.0), compared(LONGER), PERIOD)
    assert longer.headline.endswith(f"that is {LONGER} than in 2026Q2, and not noise")
    few = review.restoration_finding(restored(np.nan), compared(UNCHANGED), PERIOD)
    assert few.headline == "Too few incidents were restored to say how long it takes"


def test_exposure_counts_those_over_their_objective():
    rows = {"service": ["a", "b"], "verdict": ["BREACHED", "MET"], "covered_hours": 10.0, "worst_hours": [9.0, 2.0]}
    found = review.exposure_finding(pd.DataFrame(rows | {"unprotected_share": 0.0}), PERIOD)
    assert found.headline == "1 of 2 services had more data at risk than promised"
    unknown = pd.DataFrame({"verdict": ["INSUFFICIENT"], "covered_hours": [0.0]})
    assert "cannot be judged" in review.exposure_finding(unknown, PERIOD).headline


def recoveries(**more):
    row = {
        "service": "a",
        "n": 3,
        "n_evaluable": 2,
        "n_met": 1,
        "n_stale": 0,
        "objective": 4.0,
        "slowest_bounds_share": np.nan,
    }
    return pd.DataFrame([row | more])


def test_drills_say_how_many_were_in_time_and_whose_were_not():
    assert review.drills_finding(recoveries()).headline == (
        "1 of 2 recoveries and drills were in time; not always those of a"
    )
    assert review.drills_finding(recoveries(n_met=2)).headline == "2 of 2 recoveries and drills were in time"
    nothing = review.drills_finding(recoveries(n=0, n_evaluable=0, n_met=0))
    assert (nothing.headline, nothing.brief) == ("No recovery can be held against an RTO", "")


def test_readiness_names_the_check_that_fails_most():
    rows = [("a", "zones", "FAIL"), ("b", "zones", "FAIL"), ("a", "nodes", "FAIL"), ("b", "nodes", "UNKNOWN")]
    checks = pd.DataFrame(rows, columns=["service", "check", "result"]).assign(tier=1)
    found = review.readiness_finding(checks)
    assert found.headline == "3 of 4 readiness checks failed, most often “zones” (2 services)"
    assert found.brief.startswith("1 is unknown")
    passed = checks.assign(result="PASS")
    assert review.readiness_finding(passed).headline == "None of 4 readiness checks failed"
    assert review.readiness_finding(checks.head(0)).headline.startswith("No service is known")


def summary(*changes):
    rows = [{"scenario": f"plan {i}" if i else "today", "down_change": c} for i, c in enumerate([0.0, *changes])]
    more = {"service": "all services", "down_hours": 100.0, "down_change_error": 1.0}
    frame = pd.DataFrame(rows).assign(**more)
    return frame.assign(down_change_low=frame["down_change"] - 5, down_change_high=frame["down_change"] + 1)


def test_scenarios_name_the_best_and_how_sure_it_is():
    found = review.scenario_finding(summary(-10.0, -20.0))
    assert found.headline == "“Plan 2” would save most: on average 20 h of 4 d 4 h down in a year"
    assert "In 95 % of years it saves 19 h to 25 h; Monte Carlo error of the mean 1 h." in found.brief
    tied = review.scenario_finding(summary(-20.5, -20.0, -10.0))
    assert tied.headline.startswith("“Plan 1” or “Plan 2” would save most: on average 20 h")
    assert "“Plan 1” saves 19 h 30 min to 25 h 30 min; Monte Carlo error" in tied.brief
    assert "**plan 1**" in tied and "within that error **plan 2** does as much" in tied
    assert review.scenario_finding(summary(3.0)).headline == "None of the scenarios would take down time away"
    assert review.scenario_finding(summary(np.nan)).headline == "What scenarios would change is not known"
