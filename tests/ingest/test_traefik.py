"""Access logs as a whole: which are filtered, how response times fall into bounds, and what a grown log replaces."""

import json
from pathlib import Path

import numpy as np
import pytest

from continuity_analysis.ingest.read import read_files
from continuity_analysis.logs import read_logs
from continuity_analysis.tables import LATENCY_BOUNDS

rng = np.random.default_rng(7)


def log(path: Path, numbers, statuses=None, seconds=None) -> Path:
    """A log with one request per number of the proxy's counter, in this order."""
    numbers = list(map(int, numbers))
    statuses = [200] * len(numbers) if statuses is None else statuses
    seconds = [0.01] * len(numbers) if seconds is None else seconds
    requests = [
        {"StartUTC": f"2026-07-01T10:{n // 60 % 60:02d}:{n % 60:02d}Z", "ServiceName": "web@file", "Overhead": 1}
        | {"RequestCount": n, "DownstreamStatus": status, "OriginStatus": status, "Duration": round(1e9 * s)}
        for n, status, s in zip(numbers, statuses, seconds, strict=True)
    ]
    path.write_text("".join(json.dumps(r) + "\n" for r in requests))
    return path


def used(path: Path) -> int:
    (reading,) = read_files([path])
    assert reading.used in (0, reading.records)
    assert reading.used or next(iter(reading.ignored_reasons)).startswith("a filtered log")
    return reading.used


WHOLE = np.arange(1, 4001)
SHUFFLED = WHOLE + rng.uniform(0, 50, len(WHOLE))


@pytest.mark.parametrize(
    "numbers",
    [
        WHOLE,
        WHOLE[np.argsort(SHUFFLED)],
        np.append(WHOLE[2000:], WHOLE[:1500]),
        np.column_stack([WHOLE + 10_000, WHOLE + 7_000_000]).ravel(),
        WHOLE[rng.random(len(WHOLE)) < 0.97],
        WHOLE[:900:30],
    ],
    ids=["one after the other", "written as they ended", "restarted", "two proxies", "a few lost", "too few to tell"],
)
def test_logs_that_are_whole(tmp_path: Path, numbers) -> None:
    assert used(log(tmp_path / "access.json", numbers)) == len(numbers)


def test_a_log_of_slow_requests_only_is_no_denominator(tmp_path: Path) -> None:
    some = np.arange(1, 20_000)[rng.random(19_999) < 0.8]
    assert used(log(tmp_path / "access.json", some)) == 0


def test_a_log_of_errors_only_is_no_denominator(tmp_path: Path) -> None:
    assert used(log(tmp_path / "errors.json", [3, 90, 91], statuses=[500, 404, 502])) == 0
    assert used(log(tmp_path / "one_good.json", [3, 90, 91], statuses=[500, 200, 502])) == 3


def test_response_times_are_counted_as_a_sorted_search_does(tmp_path: Path) -> None:
    seconds = [*LATENCY_BOUNDS, *(b + 1e-9 for b in LATENCY_BOUNDS), *rng.lognormal(-2, 3, 300), 0.0]
    seconds = np.round(np.array(seconds), 9)
    (reading,) = read_files([log(tmp_path / "access.json", [1] * len(seconds), seconds=seconds)])
    (found,) = reading.tables["requests"]["latency_histogram"].to_pylist()
    places = np.searchsorted(LATENCY_BOUNDS, seconds, side="left")
    assert found == np.bincount(places, minlength=len(LATENCY_BOUNDS) + 1).tolist()


def test_a_log_that_grew_replaces_itself_and_a_rotated_one_adds_up(tmp_path: Path) -> None:
    log(tmp_path / "a.json", range(1, 31))
    log(tmp_path / "b.json", range(1, 81))
    log(tmp_path / "c.json", range(81, 101))
    requests = read_logs(tmp_path).requests
    assert requests["total"].sum() == 100
    assert requests.groupby("minute_at")["total"].sum().tolist() == [59, 41]


def test_bounds_are_ten_a_decade() -> None:
    assert len(LATENCY_BOUNDS) == 51
    assert (LATENCY_BOUNDS[0], LATENCY_BOUNDS[-1]) == (0.001, 100)
    assert {0.1, 0.25, 0.5, 1, 2, 5, 10} < set(LATENCY_BOUNDS)
    assert np.allclose(np.diff(np.log10(LATENCY_BOUNDS)), 0.1, atol=0.008)
