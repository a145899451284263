"""The mean cumulative function by hand, against Nelson's valve seats, and against one system after the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models import mean_cumulative as module
from continuity_analysis.models.failure_times import failure_times
from continuity_analysis.models.mean_cumulative import mean_cumulative
from tests.models.test_trends import many

VALVE_SEATS = """
761 759 667:98 667:326,653,653 665 667:84 663:87 653:646 653:92 651 650:258,328,377,621 648:61,539 644:254,276,298,640
642:76,538 641:635 649:349,404,561 631 596 614:120,479 582:323,449 589:139,139 593 589:573 606:165,408,604 594:249
613:344,497 595:265,586 389:166,206,348 601 601:410,581 611 608 587 603:367 585:202,563,570 587 578 578 586 585 582
"""


def valve_seats():
    systems = [s.partition(":") for s in VALVE_SEATS.split()]
    return many(
        *([float(t) for t in times.split(",") if t] for _, _, times in systems), end=[float(e) for e, *_ in systems]
    )


def test_known_answer_2_6_valve_seats():
    # KNOWN_ANSWERS 2.6: Nelson (1995), 41 engines, 48 replacements; standard errors to those digits
    found = mean_cumulative(valve_seats()).set_index("hours")
    assert len(valve_seats().end) == 41
    assert len(valve_seats().hours) == 48
    assert found.loc[[61, 76], "failures"].round(5).tolist() == [0.02439, 0.04878]
    assert found.loc[[61, 76], "se"].round(5).tolist() == [0.02409, 0.03364]
    assert found.loc[[640, 646, 653], "failures"].tolist() == pytest.approx([1.24354, 1.32046, 1.54269], abs=1e-5)
    assert (round(found.loc[653, "se"], 5), found.loc[653, "at_risk"]) == (0.31166, 9)


def test_by_hand():
    found = mean_cumulative(many([1, 3], [3], [2], end=[4, 3, 2]))
    assert found["hours"].tolist() == [1, 2, 3]
    assert found["at_risk"].tolist() == [3, 3, 2]
    assert found["failures"].tolist() == pytest.approx([1 / 3, 2 / 3, 5 / 3])
    one, two, three = (2 / 3 - 1 / 3) / 3, (-1 / 3 - 1 / 3) / 3, (-1 / 3 + 2 / 3) / 3
    assert found["se"].tolist()[1] == pytest.approx(np.sqrt(one**2 + two**2 + three**2))
    assert found["se"].tolist()[2] == found["se"].tolist()[1]  # both fail: neither adds beyond its share
    assert found[["low", "high"]].isna().all(axis=None)


def slow(histories, ends, t):
    """Mean and standard error at t, a system and a failure at a time."""
    times = sorted({x for h in histories for x in h if x <= t})
    risk = {x: sum(e >= x for e in ends) for x in times}
    mean = sum(sum(h.count(x) for h in histories) / risk[x] for x in times)
    own = [
        sum((h.count(x) - sum(g.count(x) for g in histories) / risk[x]) / risk[x] for x in times if e >= x)
        for h, e in zip(histories, ends, strict=True)
    ]
    return mean, np.sqrt(sum(x**2 for x in own))


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.lists(st.integers(1, 12), max_size=6).map(sorted), st.integers(0, 4)), min_size=1, max_size=9)
)
def test_many_systems_at_once_are_as_one_after_the_other(drawn):
    histories, ends = [h for h, _ in drawn], [(h[-1] if h else 1) + more for h, more in drawn]
    at_once, module._AT_ONCE = module._AT_ONCE, 5
    try:
        found = mean_cumulative(many(*histories, end=ends))
    finally:
        module._AT_ONCE = at_once
    for row in found.itertuples():
        assert (row.failures, row.se) == pytest.approx(slow(histories, ends, row.hours), abs=1e-9)


@pytest.mark.parametrize(("systems", "spread"), [(5, 0), (10, 1), (40, 1)])
def test_the_band_holds_the_truth(systems, spread):
    rng, runs = np.random.default_rng([systems, spread]), 400
    inside = []
    for _ in range(runs):
        rate = 3 * (rng.gamma(1 / spread, spread, systems) if spread else np.ones(systems))
        end = rng.uniform(0.6, 1.2, systems)
        n = rng.poisson(rate * end)
        system = np.repeat(np.arange(systems), n)
        found = mean_cumulative(failure_times(rng.random(n.sum()) * end[system], system, end))
        at = found[found["hours"] <= 0.6].iloc[-1]
        inside += [at["low"] <= 1.8 <= at["high"]] if at["low"] > 0 else []
    assert len(inside) > 0.7 * runs
    assert 0.925 <= np.mean(inside) <= 0.985
