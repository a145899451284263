import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models.availability import estimate_availability, estimate_rate


def test_known_answer_4_2_exact_poisson_interval():
    # KNOWN_ANSWERS 4.2: R DescTools and exactci, 15 events in 400
    found = estimate_rate(np.array([15]), np.array([400.0])).iloc[0] / 8760
    assert found["rate_low"] == pytest.approx(0.0209884653319583, rel=1e-12)
    assert found["rate_high"] == pytest.approx(0.0618505471787146, rel=1e-12)
    assert found["failures_per_year"] == pytest.approx(15 / 400)


def test_no_failure_is_bounded_from_one_side():
    found = estimate_rate(np.array([0, 0]), np.array([8760.0, 0.0]))
    assert found.loc[0, ["failures_per_year", "rate_low"]].tolist() == [0, 0]
    assert found.loc[0, "rate_high"] == pytest.approx(2.995732, abs=1e-6)
    assert found["mtbf_hours"].isna().all()
    assert found.loc[1].isna().all()


@pytest.mark.parametrize(
    ("availability", "minutes_per_year"), [(0.999, 525.6), (0.9995, 262.8), (0.9999, 52.56), (0.99999, 5.256)]
)
def test_known_answer_3_3_nines(availability, minutes_per_year):
    # KNOWN_ANSWERS 3.2, 3.3: the tables of nines of the SRE book, a year of 365 days
    found = estimate_availability(measured(agreed=8760, known=8760, down=minutes_per_year / 60))
    assert found.loc[0, "availability"] == pytest.approx(availability, abs=1e-12)


def test_known_answer_3_1_point():
    # KNOWN_ANSWERS 3.1: Trivedi, example 10.27: up 999 h, down 1 h, one failure
    found = estimate_availability(measured(agreed=1000, known=1000, down=1, n=1)).iloc[0]
    assert (found["availability"], found["mtbf_hours"]) == (0.999, 999)


def test_bounds_leave_unknown_time_open():
    found = estimate_availability(measured(agreed=100, known=60, down=6)).iloc[0]
    assert found["coverage"] == 0.6
    assert found["availability"] == pytest.approx(0.9)
    assert found["low"] == pytest.approx(1 - 46 / 100)
    assert found["high"] == pytest.approx(1 - 6 / 100)


def test_nothing_known_is_null():
    found = estimate_availability(measured(agreed=100, known=0, down=0)).iloc[0]
    assert found["coverage"] == 0
    assert found[["availability", "low", "high", "failures_per_year", "rate_high"]].isna().all()


def measured(*, agreed, known, down, n=0):
    hours = dict.fromkeys(
        [f"{c}{i}hours" for c in ("down_", "unplanned_") for i in ("", "if_no_", "if_full_")], float(down)
    )
    hours |= dict.fromkeys(["unknown_hours", "unknown_if_no_hours", "unknown_if_full_hours"], float(agreed - known))
    return pd.DataFrame([{
        "agreed_hours": float(agreed), "known_hours": float(known), "up_hours": float(known - down), "n": n, **hours,
    }])  # fmt: skip
