"""How often the interval of expected exposure holds the truth, on simulated backups: docs/calibration_exposure.md.

    python benchmarks/calibration_exposure.py

Seeds are fixed, so the same table comes out each time.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from continuity_analysis.models.backup_cycles import law_of_cycles
from continuity_analysis.models.expected_exposure import (
    FEWEST_CYCLES,
    FEWEST_DUE,
    FEWEST_STRINGS,
    estimate_expected_exposure,
)
from continuity_analysis.models.exposure_forecast import forecast_exposure

RUNS, FEWER, LONG = 2_000, 300, 1_000_000
EVERY = 24.0  # hours
COUNTS, MISSES = (10, 30, 100), (0.0, 0.1, 0.3)
RUN_TIMES = {
    "1 h, always": lambda r, size: np.ones(size),
    "lognormal, mean 1 h, sigma 0.5": lambda r, size: r.lognormal(-0.125, 0.5, size),
    "lognormal, mean 1 h, sigma 1.5": lambda r, size: r.lognormal(-1.125, 1.5, size),
    "Pareto, mean 1 h, tail 1.5": lambda r, size: (r.pareto(1.5, size) + 1) / 3,
}
STOPS = {"3 runs on average, geometric": (0.03, 1 / 3), "10 runs on average, geometric": (0.01, 1 / 10)}
STOP_COUNTS = (100, 300, 1000)
COMING, WITHIN, SHARE = 30 * 24.0, 30.0, 0.95
TEXT = """# Calibration of expected exposure: how often the intervals hold the truth

Made by `python benchmarks/calibration_exposure.py`; seeds are fixed. Each cell is {runs:,} simulated assets, due to be
backed up every 24 h (give or take some minutes), whose true mean exposure in the long run is known from {long:,}
simulated runs. The standard error of a coverage near 95 % is {error:.1f} points where all intervals are given.

"Given" is the share of histories from which an interval is printed at all; coverage is of those; "—" where fewer than
one in fifty is. An interval is printed from {due} due runs and {cycles} complete cycles on, with at most half
of the due runs missed.

## Expected mean exposure, after n due runs, misses independent

{independent}

The chance of a miss enters by its exact limits (Clopper-Pearson), which hold a discrete chance at least 95 % of the
time, not exactly 95 %: most cells lie above, as enumeration of the binomial law has it. Where runs never miss, an
interval that leaves room for what was not seen cannot miss the truth on its upper side. Long tails of the run times
hardly matter here, as misses move the mean by more than they do.

## Expected mean exposure where misses cluster

Something stops the backups, and every run fails until it is over. Where a history shows it, misses are resampled string
by string, from {strings} strings on; where it does not (too few misses to tell), they are taken as independent.

{clustered}

What a history does not show no interval can hold: of a service whose backups stop for days once a year, a year without
such a stop lets one expect too little. So the interval of an asset that is not marked as clustered is to be read as: if
its misses come one by one.

## The coming period

How often the coming 30 days fall within their 95 % prediction intervals, and the mean stated chance to be within 30 h
for 95 % of the time beside the share of periods that were; misses independent, run times lognormal with sigma 0.5. The
age kept to for the promised 95 % of the time is of {fewer} assets (standard error 1.3 points), in these six cells only:
of misses that cluster and of other run times it was not measured.

{forecast}

What is not known of the chance of a miss pulls a stated chance towards even odds, the more so the fewer runs there
were.
"""


def histories(rng: np.random.Generator, n: int, *, outcomes, run_times, runs: int = RUNS) -> pd.DataFrame:
    """Backup cycles of so many assets, as `measure_backup_cycles` gives them: a usable backup, then n due runs."""
    good = np.concatenate([np.ones((runs, 1), dtype=bool), ~outcomes(rng, (runs, n))], axis=1)
    interval = EVERY + rng.uniform(-0.2, 0.2, good.shape)
    run = run_times(rng, good.shape)
    cycle = np.cumsum(good) - 1
    asset, _ = np.nonzero(good)
    waited = np.bincount(cycle, interval.ravel())
    missed = np.bincount(cycle) - 1
    last = np.append(asset[1:] != asset[:-1], True)
    waited = waited - last * interval[asset, -1]  # nothing is known of what follows the last run
    whole = np.where(last, np.nan, 1.0)
    return pd.DataFrame(
        {
            "asset": pd.Series(asset).map("{:05d}".format),
            "stretch": asset,
            "run_hours": run[good],
            "held_hours": 0.0,
            "interval_hours": interval[good] * whole,
            "missed": missed,
            "missed_hours": (waited - interval[good]) * whole,
            "waited_hours": waited,
            "complete": ~last,
        }
    )


def independent(p: float):
    return lambda rng, shape: rng.random(shape) < p


def clustered(begins: float, ends: float):
    """Misses that go on from run to run until something ends them."""

    def draw(rng, shape):
        luck, missed, now = rng.random(shape), np.zeros(shape, dtype=bool), np.zeros(shape[0], dtype=bool)
        for i in range(shape[1]):
            now = np.where(now, luck[:, i] >= ends, luck[:, i] < begins)
            missed[:, i] = now
        return missed

    return draw


def ages(rng: np.random.Generator, *, outcomes, run_times, shape: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """Of long runs: which backups bring the exposure down, when they become usable, and when they were begun [h]."""
    good = ~outcomes(rng, shape)
    begun = np.cumsum(EVERY + rng.uniform(-0.2, 0.2, shape), axis=1)
    usable = np.where(good, begun + run_times(rng, shape), np.inf)
    falls = np.minimum.accumulate(usable[:, ::-1], axis=1)[:, ::-1]  # a later one that is ready sooner counts at once
    return good & (usable <= falls), usable, begun


def truth(rng: np.random.Generator, *, outcomes, run_times) -> float:
    """Mean exposure in the long run [h], over many long runs."""
    counts, usable, begun = ages(rng, outcomes=outcomes, run_times=run_times, shape=(LONG // 5_000, 5_000))
    area = time = 0.0
    for brings, ready, held in zip(counts, usable, begun, strict=True):
        at, held = ready[brings], held[brings]
        area += (((at[1:] - held[:-1]) ** 2 - (at[:-1] - held[:-1]) ** 2) / 2).sum()
        time += at[-1] - at[0]
    return area / time


def simulated(seed: list[int], n: int, *, outcomes, run_times) -> tuple[pd.DataFrame, float]:
    """Estimates of all assets, and the truth [h]."""
    rows = histories(np.random.default_rng(seed), n, outcomes=outcomes, run_times=run_times)
    mean = truth(np.random.default_rng([*seed, 1]), outcomes=outcomes, run_times=run_times)
    return estimate_expected_exposure(law_of_cycles(rows)), mean


def covered(found: pd.DataFrame, mean: float) -> list[str]:
    """Share given, coverage, how often the truth lies below and above, and the median width."""
    given = found[found["expected_hours"].notna()]
    if len(given) < RUNS / 50:
        return [percent(len(given) / RUNS), "—", "—", "—"]
    below, above = (given["expected_low"] > mean + 1e-9).mean(), (given["expected_high"] < mean - 1e-9).mean()
    width = (given["expected_high"] - given["expected_low"]).median()
    shares = [percent(len(given) / RUNS), percent(1 - below - above), f"{percent(below)} / {percent(above)}"]
    return [*shares, f"{width:.1f} h"]


def covered_apart(found: pd.DataFrame, mean: float) -> list[str]:
    """Share given and coverage where misses were seen to cluster, and where not."""
    parts = [covered(found[found["clustered"] == shown], mean)[:2] for shown in (True, False)]
    return [cell for part in parts for cell in part]


def coming(n: int, p: float) -> list[str]:
    """Coverage of prediction intervals, and chances stated and true."""
    found, real = foreseen(n, p, runs=RUNS, of=("mean", "worst"))
    if len(found) < RUNS / 50:
        return ["—"] * 5
    fewer = inside(*foreseen(n, p, runs=FEWER, of=("promised",)), "promised")
    shares = [inside(found, real, "mean"), inside(found, real, "worst"), fewer]
    return [*shares, percent(found["chance"].mean()), percent((real["over"] <= (1 - SHARE) * COMING).mean())]


def foreseen(n: int, p: float, *, runs: int, of: tuple[str, ...]) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """What so many histories let one expect of the coming period, and what it was."""
    rng = np.random.default_rng([3, n, int(100 * p)])
    outcomes, run_times = independent(p), RUN_TIMES["lognormal, mean 1 h, sigma 0.5"]
    law = law_of_cycles(histories(rng, n, runs=runs, outcomes=outcomes, run_times=run_times))
    known = np.flatnonzero(law.n >= 10)
    size = len(known)
    promised = pd.DataFrame({"within_hours": np.full(size, WITHIN), "share": np.full(size, SHARE)})
    found = forecast_exposure(law.rows(known), np.arange(size), hours=COMING, objectives=promised, of=of)
    return found, one_period(rng, size, outcomes=outcomes, run_times=run_times, law=law, known=known)


def inside(found: pd.DataFrame, real: dict[str, np.ndarray], name: str) -> str:
    """How often the 95 % prediction interval held."""
    low, high = found[f"coming_{name}_low"] - 1e-6, found[f"coming_{name}_high"] + 1e-6
    return percent(((low <= real[name]) & (real[name] <= high)).mean())


def one_period(rng, size: int, *, outcomes, run_times, law, known) -> dict[str, np.ndarray]:
    """Mean and worst exposure, hours over the target and age kept to for SHARE of it, of one real coming period."""
    shape = (size, int(COMING / EVERY * 1.5) + 60)
    counts, usable, begun = ages(rng, outcomes=outcomes, run_times=run_times, shape=shape)
    # misses go on from what was under way when the history ended
    since = law.elapsed[known] % EVERY
    usable, begun = usable - since[:, None], begun - since[:, None]
    mean, worst, over, kept = (np.zeros(size) for _ in range(4))
    for i in range(size):
        at = np.append(0, np.clip(usable[i][counts[i]], 0, COMING))
        held = np.append(-law.age[known[i]], begun[i][counts[i]])
        until = np.append(at[1:], COMING)
        mean[i] = (((until - held) ** 2 - (at - held) ** 2) / 2).sum() / COMING
        worst[i] = (until - held)[until > at].max()
        over[i] = np.clip(until - held - WITHIN, 0, until - at).sum()
        low, high = 0.0, worst[i]
        for _ in range(40):
            middle = (low + high) / 2
            beyond = np.clip(until - held - middle, 0, until - at).sum() > (1 - SHARE) * COMING
            low, high = (middle, high) if beyond else (low, middle)
        kept[i] = high
    return {"mean": mean, "worst": worst, "over": over, "promised": kept}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def table(heads: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(r) + " |" for r in (heads, ["---"] * len(heads), *rows))


def main() -> None:
    heads = ["Run times", "Misses", "n", "Given", "Coverage", "Truth below / above", "Median width"]
    rows = []
    for i, (name, times) in enumerate(RUN_TIMES.items()):
        for p in MISSES:
            for n in COUNTS:
                found = simulated([1, i, n, int(100 * p)], n, outcomes=independent(p), run_times=times)
                rows.append([name, percent(p), str(n), *covered(*found)])
    stops, times = [], RUN_TIMES["lognormal, mean 1 h, sigma 0.5"]
    for i, (name, law) in enumerate(STOPS.items()):
        for n in STOP_COUNTS:
            found = simulated([2, i, n], n, outcomes=clustered(*law), run_times=times)
            stops.append([name, str(n), *covered_apart(*found)])
    ahead = [[percent(p), str(n), *coming(n, p)] for p in MISSES for n in COUNTS[1:]]
    apart = ["Stops of", "n", "Given as clustered", "Coverage", "Given as independent", "Coverage"]
    text = TEXT.format(
        runs=RUNS,
        fewer=FEWER,
        long=LONG,
        error=100 * (0.95 * 0.05 / RUNS) ** 0.5,
        due=FEWEST_DUE,
        cycles=FEWEST_CYCLES,
        strings=FEWEST_STRINGS,
        independent=table(heads, rows),
        clustered=table(apart, stops),
        forecast=table(["Misses", "n", "Mean", "Worst", "Promised share", "Chance stated", "Periods within"], ahead),
    )
    Path("docs/calibration_exposure.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
