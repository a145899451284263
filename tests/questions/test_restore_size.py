"""Restore time by size, growth and throughput, asked of logs by hand."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.sizes import LOGICAL
from continuity_analysis.questions import restore_size_curve, restore_time_by_size, restores, size_course, throughput
from tests.measurements.backup_logs import at, backup, export, logs_of

DAYS = 300
PROMISES = {"shop": "6h", "office": "9h"}
CATALOG = {
    "services": {
        name: {"assets": ["db"], "objectives": {"rto": {"within": within, "chance": "80%"}}}
        for name, within in PROMISES.items()
    }
}


def grown(day, *, per_day=0.0025):
    return int(1e11 * np.exp(per_day * day))


def drill(number, day, hours, **more):
    """A drill of the shop: half an hour until work begins, then the data, then 18 minutes to bring it back."""
    begin = 24 * day + 5
    moments = {"disrupted_at": begin, "started_at": begin + 0.5, "data_restored_at": begin + 0.5 + hours,
               "service_restored_at": begin + 0.8 + hours}  # fmt: skip
    about = {
        "recovery_id": f"r{number}",
        "asset": "shop",
        "kind": "drill",
        "status": "completed",
        "scope": "end_to_end",
    }
    return {"product": "drills", "export_id": "drills", "backup_id": f"b{day}"} | about | moments | more


MADE = {}


def logs(**options):
    """Logs are frozen: those of the same options are made once."""
    key = repr(options)
    if key not in MADE:
        MADE[key] = made(**options)
    return MADE[key]


def made(*, noise=0.05, more=(), catalog=CATALOG, per_day=0.0025):
    rng = np.random.default_rng(3)
    rows = [backup(f"b{d}", 24 * d, 24 * d + 1, size_bytes=grown(d, per_day=per_day)) for d in range(DAYS)]
    times = {
        d: 1.5 * grown(d, per_day=per_day) / 1e11 * np.exp(noise * rng.standard_normal()) for d in range(10, DAYS, 20)
    }
    drills = [drill(k, d, h) for k, (d, h) in enumerate(times.items())]
    window = export(until=24 * DAYS, since=0)
    return logs_of(rows, [window], recoveries=[*drills, *more], catalog=catalog, as_of=24 * DAYS)


def answer(*args, **options):
    return restore_time_by_size(logs(*args, **options)).set_index("asset").loc["db"]


def test_today_s_size_is_that_of_the_newest_whole_backup():
    found = answer()
    assert found["size_bytes"] == grown(DAYS - 1)
    assert found["size_at"] == at(24 * (DAYS - 1))
    assert found["size_basis"] == LOGICAL
    assert found["services"] == "office, shop"


def test_in_proportion_to_size_it_takes_as_long_as_it_should():
    found = answer()
    truth = 1.5 * grown(DAYS - 1) / 1e11
    assert found["low"] < truth < found["high"]
    assert found["exponent_low"] < 1 < found["exponent_high"]
    assert found["prediction_low"] < found["low"] < found["median_hours"] < found["high"] < found["prediction_high"]
    assert found["growth_per_year"] == pytest.approx(np.expm1(365.25 * 0.0025), rel=1e-3)
    assert (found["n"], found["n_failed"], found["n_excluded"], found["n_sizes"]) == (15, 0, 0, DAYS)


def test_the_date_counts_what_else_a_recovery_takes():
    """6 h of the shop, the tighter RTO, less 48 minutes: 5.2 h, reached when the data is 5.2 / 1.5 times 10¹¹ bytes."""
    found = answer(noise=0.02)
    assert (found["objective"], found["other_hours"], found["n_other"]) == (6, pytest.approx(0.8), 15)
    assert found["allowed_hours"] == pytest.approx(5.2)
    expected = at(24 * np.log(5.2 / 1.5) / 0.0025)
    assert abs(found["exceeds_at"] - expected) < pd.Timedelta(days=15)
    assert found["exceeds_from_at"] < expected < found["exceeds_until_at"] < found["horizon_at"]
    assert found["p90_exceeds_at"] < found["exceeds_at"]
    assert pd.isna(found["exceeds_reason"])


def test_no_date_without_an_rto_or_growth():
    assert answer(catalog={"services": {"shop": {"assets": ["db"]}}})["exceeds_reason"] == "no RTO is promised"
    still = answer(per_day=0.0)
    assert still["reason"] == "all restores were of one size"
    assert pd.isna(still["exceeds_at"])


def test_failed_ones_and_those_of_unknown_moments_are_counted_apart():
    nothing = {"service_restored_at": None, "data_restored_at": None}
    failed = drill(90, 100, 1.0, status="failed", finished_at=2409, **nothing)
    more = [failed, drill(91, 101, 1.0, data_restored_at=None)]
    found = answer(more=more)
    assert (found["n"], found["n_failed"], found["n_excluded"]) == (15, 1, 1)
    reasons = restores(logs(more=more)).set_index("recovery_id")["excluded"]
    assert reasons[["r90", "r91"]].tolist() == ["failed", "when data was back is not known"]


def test_as_things_stood_at_the_end_of_a_period():
    early = restore_time_by_size(logs(), period=(at(0), at(24 * 150))).iloc[0]
    assert early["n"] == 7
    assert early["size_bytes"] == grown(149)


def test_the_curve_runs_from_half_the_smallest_to_twice_the_largest():
    curve = restore_size_curve(logs())
    sizes = [grown(10), grown(290)]
    assert curve["size_bytes"].iloc[[0, -1]].tolist() == pytest.approx([sizes[0] / 2, 2 * sizes[1]])
    assert curve["median_hours"].notna().all()
    inside = curve[~curve["extrapolated"]]["size_bytes"]
    assert inside.min() >= sizes[0] * (1 - 1e-9)
    assert inside.max() <= sizes[1] * (1 + 1e-9)


def test_the_course_goes_on_from_the_newest_size():
    course = size_course(logs())
    seen, ahead = course[~course["projected"]], course[course["projected"]]
    assert len(seen) == DAYS
    assert ahead["at"].iloc[0] == seen["at"].iloc[-1]
    assert ahead["size_bytes"].iloc[0] == pytest.approx(seen["size_bytes"].iloc[-1])
    assert ahead["at"].iloc[-1] - ahead["at"].iloc[0] == pd.Timedelta(days=DAYS - 1)


def test_throughput_per_asset_method_and_location():
    found = throughput(logs(noise=0.0))
    assert found[["asset", "method", "location"]].iloc[0].tolist() == ["db", "full", "store"]
    assert found["median"].iloc[0] == pytest.approx(1e11 / 1.5 / 3600 / 1e6)
    assert found["n"].tolist() == [15]
    assert throughput(logs(), by="service")["service"].tolist() == ["shop"]
    with pytest.raises(InputError, match="by to be some of"):
        throughput(logs(), by="colour")


def test_without_any_logs_there_is_nothing():
    none = logs_of([])
    assert restore_time_by_size(none).empty
    assert restore_size_curve(none).empty
    assert size_course(none).empty
    assert throughput(none).empty
    assert restores(none).empty
