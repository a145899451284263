"""How often the interval for expected availability holds the truth, on simulated services: docs/calibration.md.

    python benchmarks/calibration.py

Seeds are fixed, so the same table comes out each time.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import gamma
from scipy.stats import binom, poisson

from continuity_analysis.models.availability import estimate_availability_interval
from continuity_analysis.models.counts import garwood, jeffreys, score
from continuity_analysis.models.expected_availability import estimate_expected_availability
from continuity_analysis.models.forecast import forecast_availability
from continuity_analysis.models.proportions import clopper_pearson, wilson

RUNS, FORECASTS = 4_000, 2_000
MEAN_UP = 500.0  # hours
FAILURES = (10, 30, 100)
LAWS = {
    "lognormal, sigma 1": (lambda r, size: r.lognormal(0, 1, size), np.exp(0.5)),
    "lognormal, sigma 1.5": (lambda r, size: r.lognormal(0, 1.5, size), np.exp(1.125)),
    "lognormal, sigma 2.5": (lambda r, size: r.lognormal(0, 2.5, size), np.exp(3.125)),
    "exponential": (lambda r, size: r.exponential(1, size), 1.0),
    "gamma, shape 2": (lambda r, size: r.gamma(2, 1, size), 2.0),
    "gamma, shape 0.5": (lambda r, size: r.gamma(0.5, 1, size), 0.5),
    "Weibull, shape 0.6": (lambda r, size: r.weibull(0.6, size), gamma(1 + 1 / 0.6)),
    "Pareto, tail 1.5": (lambda r, size: r.pareto(1.5, size) + 1, 3.0),
}
INSIDE = ("lognormal, sigma 1", "lognormal, sigma 1.5", "lognormal, sigma 2.5")
TEXT = """# Calibration: how often the intervals hold the truth

Made by `python benchmarks/calibration.py`; seeds are fixed. Each cell is {runs:,} simulated services whose true
expected availability is known: exponential up times of mean 500 h, down times from the law named. The standard error of
a coverage near 95 % is {error:.1f} points where all intervals are given. An honest 95 % interval covers 95 %.

"Given" is the share of runs in which an interval is printed at all: it is withheld below 10 failures of known length,
and where the down times are not lognormal (Anderson-Darling at 1 %, or their mean outside its own interval). Coverage
is of those given; "—" where fewer than one in fifty is. "Down, estimate / truth" is the median of estimated over true
expected unavailability.

## Expected availability, after N failures

The service is watched until its N-th failure is over.

{cycles}

Its family is the lognormal: there it covers at least 93 % in every cell. Outside it the interval is to be read with
care: with down times of a lighter tail (gamma, Weibull, exponential) it is pessimistic, with a heavier one (Pareto)
optimistic; the more failures, the more often it is withheld, and what is still given covers less than it says.

## Expected availability, in a fixed time

The service is watched for a fixed time in which N failures are expected. With N = 10 an interval is given only to those
that happened to fail 10 times or more, which costs a little coverage.

{fixed}

## If up and down times are both exponential

`estimate_availability_interval` (the F interval) on the same runs as the first table: exact in its family, too narrow
for lognormal down times. It is not what reports print.

{exact}

## The forecast of the coming period

How often the next period, in which 5 failures are expected, falls within its 95 % prediction interval, and the mean
stated chance of meeting 99.5 % beside the share of periods that did ({forecasts:,} runs). What is not known of the
process pulls a stated chance towards even odds, the more so the fewer failures there were; with down times of a lighter
tail than lognormal it is too low.

{forecast}

## Chances and rates: why the exact intervals

Coverage by enumerating every sample, no simulation: the least and the mean one over chances from 0.005 to 0.995 for
n = 5, 12, 30 and 60, and over mean counts from 0.05 to 100. Reports print the exact ones (Clopper-Pearson, Garwood);
the others are shorter, and for some chances or rates hold the truth less often than they say.

| Interval | least coverage | mean coverage |
| --- | --- | --- |
{discrete}

Where nothing was counted reports print a bound instead of an interval ("at most 3.00 / up time", one-sided 95 %, which
two-sided would be 3.69). Whoever reads the two as one rule has 93.8 % for a mean count just above 3.
"""


def cycles(law: str, n: int, *, runs: int = RUNS) -> tuple[pd.DataFrame, np.ndarray]:
    """Down times of `n` failures of each run, and the up time before them."""
    rng = np.random.default_rng([4, list(LAWS).index(law), n])
    up, down = rng.exponential(MEAN_UP, (runs, n)).sum(axis=1), LAWS[law][0](rng, (runs, n))
    return failures(np.repeat(np.arange(runs), n), down.ravel()), up


def fixed_time(law: str, n: int) -> tuple[pd.DataFrame, np.ndarray]:
    """As many failures as happen in `n` mean up times."""
    rng = np.random.default_rng([5, list(LAWS).index(law), n])
    counts = rng.poisson(n, RUNS)
    return failures(np.repeat(np.arange(RUNS), counts), LAWS[law][0](rng, counts.sum())), np.full(RUNS, n * MEAN_UP)


def failures(group, down):
    return pd.DataFrame({"group": group, "down_hours": down, "censored": False, "down_at_end": False})


def covered(law: str, n: int, simulate) -> list[str]:
    truth = 1 / (1 + LAWS[law][1] / MEAN_UP)
    found, *_ = estimate_expected_availability(*simulate(law, n))
    found = found[found["expected"].notna()]
    if len(found) < RUNS / 50:
        return [percent(len(found) / RUNS), "—", "—"]
    inside = found["expected_low"].le(truth) & found["expected_high"].ge(truth)
    bias = ((1 - found["expected"]) / (1 - truth)).median()
    return [percent(len(found) / RUNS), percent(inside.mean()), f"{bias:.2f}"]


def exact(law: str, n: int) -> list[str]:
    rows, up = cycles(law, n)
    found = estimate_availability_interval(up, rows.groupby("group")["down_hours"].sum(), np.full(RUNS, n))
    truth = 1 / (1 + LAWS[law][1] / MEAN_UP)
    return [percent((found["low"].le(truth) & found["high"].ge(truth)).mean())]


def forecast(law: str, n: int, *, hours: float = 5 * MEAN_UP) -> list[str]:
    rows, up = cycles(law, n, runs=FORECASTS)
    _, drawn, which = estimate_expected_availability(rows, up)
    rng = np.random.default_rng([6, list(LAWS).index(law), n])
    real = np.array([one_period(law, rng, hours) for _ in which])
    parts = np.array_split(np.arange(len(which)), 20)
    coming = [forecast_availability(drawn.rows(part), np.full(len(part), hours), objective=0.995) for part in parts]
    found = pd.concat(coming, ignore_index=True)
    inside = found["forecast_low"].le(real) & found["forecast_high"].ge(real)
    return [percent(inside.mean()), percent(found["chance"].mean()), percent((real >= 0.995).mean())]


def discrete() -> str:
    """Rows of the intervals of chances and of counts, each with its least and mean coverage."""
    chances, means, counted = np.linspace(0.005, 0.995, 199), np.linspace(0.05, 100, 2_000), np.arange(250)
    rows = []
    for name, interval in (("Clopper-Pearson (chance)", clopper_pearson), ("Wilson (chance)", wilson)):
        samples = [(np.arange(n + 1), n) for n in (5, 12, 30, 60)]
        found = [holds(interval(k, n), binom.pmf(k[:, None], n, chances), chances) for k, n in samples]
        rows.append((name, np.concatenate(found)))
    for name, interval in (("Garwood (count)", garwood), ("score (count)", score), ("Jeffreys (count)", jeffreys)):
        rows.append((name, holds(interval(counted), poisson.pmf(counted[:, None], means), means)))
    return "\n".join(f"| {name} | {percent(found.min())} | {percent(found.mean())} |" for name, found in rows)


def holds(interval, chance: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Coverage of each true value: the chance of the samples whose interval holds it."""
    low, high = interval
    return (chance * ((low[:, None] <= true) & (true <= high[:, None]))).sum(axis=0)


def one_period(law: str, rng: np.random.Generator, hours: float) -> float:
    now = down = 0.0
    while (now := now + rng.exponential(MEAN_UP)) < hours:
        lasts = min(float(LAWS[law][0](rng, 1)[0]), hours - now)
        now, down = now + lasts, down + lasts
    return 1 - down / hours


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def table(cell, laws, *, heads, counts=FAILURES) -> str:
    names = ["Down times", *(f"N = {n}: {h[0].lower() + h[1:]}" for n in counts for h in heads)]
    rows = [[law, *(text for n in counts for text in cell(law, n))] for law in laws]
    return "\n".join("| " + " | ".join(r) + " |" for r in (names, ["---"] * len(names), *rows))


def main() -> None:
    heads = ("Given", "Coverage", "Down, estimate / truth")
    text = TEXT.format(
        runs=RUNS,
        forecasts=FORECASTS,
        error=100 * np.sqrt(0.95 * 0.05 / RUNS),
        cycles=table(lambda law, n: covered(law, n, cycles), LAWS, heads=heads),
        fixed=table(lambda law, n: covered(law, n, fixed_time), LAWS, heads=heads),
        exact=table(exact, ["exponential", *INSIDE], heads=("Coverage",)),
        discrete=discrete(),
        forecast=table(forecast, [*INSIDE, "exponential"], heads=("Inside", "stated chance", "share"), counts=(10, 30)),
    )
    Path(__file__).parents[1].joinpath("docs", "calibration.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
