"""How often intervals of restore size, growth and recovery chains hold: docs/calibration_restore_size.md.

    python benchmarks/calibration_restore_size.py

Seeds are fixed, so the same tables come out each time.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from continuity_analysis.models import recovery_chain
from continuity_analysis.models.recovery_chain import Chains, estimate_chains
from continuity_analysis.models.restore_size import exponent, fit_restore_size, predict_restore
from continuity_analysis.models.size_crossing import estimate_crossing
from continuity_analysis.models.size_growth import estimate_growth
from continuity_analysis.models.step_draws import StepEvidence
from continuity_analysis.models.step_network import network

RUNS, WALKS, DATES, CHAINS = 10_000, 4_000, 2_000, 2_000
SIZES, CENSORED = (10, 30, 100), (0.0, 0.1, 0.3)
EXPONENT, SIGMA, GROWTH = 0.8, 0.35, 0.001
AT = {"in the middle": 0.5, "today, the largest": 1.0, "1.5 times the largest": 1.0 + np.log(1.5)}
TEXT = """# Calibration of restore size, growth and recovery chains

Made by `python benchmarks/calibration_restore_size.py`; seeds are fixed. An honest 95 % interval covers 95 %; what
counts as holding is 93 to 97 %, or more where it is said to be cautious.

## Restore time by size

Each cell is {runs:,} simulated histories of n restores (standard error near 95 %: {error:.1f} points): sizes spread
over a factor of e, median in proportion to size to the power 0.8, lognormal with sigma 0.35, the share named called off
at a time of its own (exponential). In brackets: the share in which no interval is given, because fewer than five had
ended or the size asked for is more than twice the largest restored.

How often the interval holds the *next restore*:

{prediction}

The *median* at a size, and the *exponent*:

{median}

If restores are not lognormal but of heavier or lighter tail, the interval of the next restore (uncensored, at today's
size):

{others}

## Growth

Each cell is {walks:,} histories of daily sizes with noise of 2 % that persists from day to day by the factor named (1:
a random walk; the last adds noise of single backups to that). How often the interval of growth holds, and in brackets
its median half-width per year. It is made for the walk, and cautious where sizes do not wander.

{growth}

## The date

Each cell is {dates:,} histories: n restores, uncensored, sigma 0.12, while sizes grew for 400 days by 0.1 % a day (and
went on so); hours allowed are those that the median reaches in 200 days' time. How often a date is given, how often the
interval of a given one holds the true date (a limit that is null counted as infinite), and how often both limits are.

{date}

## Recovery chains

Each cell is {chains:,} histories of n drills of each step, lognormal with sigma 0.5. How often the limits of the chance
to be back within a time, and of the median, hold the truth. They are those of Clopper and Pearson for one step, at
least 95 %, and more cautious for several.

{chain}
"""


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def table(rows: dict[str, dict[str, str]]) -> str:
    columns = list(next(iter(rows.values())))
    lines = ["|  | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    return "\n".join(
        lines + [f"| {name} | " + " | ".join(cells[c] for c in columns) + " |" for name, cells in rows.items()]
    )


def histories(n: int, censored: float, *, runs: int, noise=None) -> tuple[pd.DataFrame, np.random.Generator]:
    rng = np.random.default_rng([6, n, int(100 * censored)])
    noise = noise or (lambda r, size: r.standard_normal(size))
    x = rng.uniform(0, 1, (runs, n))
    y = EXPONENT * x + SIGMA * noise(rng, (runs, n))
    limit = np.full((runs, n), np.inf)
    if censored:
        grid = np.exp(EXPONENT * rng.uniform(0, 1, 200_000) + SIGMA * rng.standard_normal(200_000))
        rate = brentq(lambda r: np.mean(-np.expm1(-r * grid)) - censored, 1e-6, 1e3)
        limit = np.log(rng.exponential(1 / rate, (runs, n)))
    hours, ended = np.exp(np.minimum(y, limit)), y <= limit
    columns = {"size_bytes": np.exp(20 + x).ravel(), "hours": hours.ravel(), "censored": ~ended.ravel()}
    return pd.DataFrame({"group": np.repeat(np.arange(runs), n)} | columns), rng


def inside(low, high, truth) -> np.ndarray:
    return (np.asarray(low) <= truth) & (truth <= np.asarray(high))


def by_size() -> tuple[str, str]:
    prediction, median = {name: {} for name in AT}, {name: {} for name in [*AT, "exponent"]}
    for n in SIZES:
        for censored in CENSORED:
            rows, rng = histories(n, censored, runs=RUNS)
            laws, cell = fit_restore_size(rows, groups=RUNS), f"n = {n}, {censored:.0%}".replace("%", " %")
            spread = exponent(laws)
            known = spread["low"].notna().to_numpy()
            median["exponent"][cell] = percent(inside(spread["low"], spread["high"], EXPONENT)[known].mean())
            for name, at in AT.items():
                found = predict_restore(laws, np.full(RUNS, np.exp(20 + at)))
                given = found["low"].notna().to_numpy()
                new = np.exp(EXPONENT * at + SIGMA * rng.standard_normal(RUNS))
                held = inside(found["prediction_low"], found["prediction_high"], new)[given].mean()
                prediction[name][cell] = f"{percent(held)} ({percent(1 - given.mean())})"
                truth = np.exp(EXPONENT * at)
                median[name][cell] = percent(inside(found["low"], found["high"], truth)[given].mean())
    return table(prediction), table(median)


def other_laws() -> str:
    laws = {
        "Student, 4 degrees": lambda r, size: r.standard_t(4, size) / np.sqrt(2),
        "Weibull, shape 2.4": lambda r, size: (np.log(r.standard_exponential(size)) + 0.5772) / 1.2825,
        "log-logistic": lambda r, size: r.logistic(size=size) / 1.8138,
    }
    rows = {}
    for name, noise in laws.items():
        rows[name] = {}
        for n in SIZES:
            seen, rng = histories(n, 0.0, runs=RUNS, noise=noise)
            found = predict_restore(fit_restore_size(seen, groups=RUNS), np.full(RUNS, np.exp(21.0)))
            new = np.exp(EXPONENT + SIGMA * noise(rng, RUNS))
            held = inside(found["prediction_low"], found["prediction_high"], new)
            rows[name][f"n = {n}"] = percent(held[found["low"].notna()].mean())
    return table(rows)


def walks(days: int, persistence: float, *, runs: int, rng: np.random.Generator) -> np.ndarray:
    walk = np.zeros((runs, days))
    for i in range(1, days):
        walk[:, i] = persistence * walk[:, i - 1] + 0.02 * rng.standard_normal(runs)
    return walk


def daily(walk: np.ndarray) -> pd.DataFrame:
    runs, days = walk.shape
    size = np.exp(20 + walk + GROWTH * np.arange(days)).ravel()
    return pd.DataFrame(
        {"group": np.repeat(np.arange(runs), days), "day": np.tile(np.arange(days), runs), "size_bytes": size}
    )


def growth() -> str:
    rows = {}
    for name, persistence, noise in (("0", 0, 0), ("0.5", 0.5, 0), ("0.9", 0.9, 0), ("0.98", 0.98, 0), ("1", 1, 0),
                                     ("1, with noise", 1, 0.02)):  # fmt: skip
        rows[name] = {}
        for days in (30, 90, 365):
            rng = np.random.default_rng([8, days, int(100 * persistence), int(100 * noise)])
            walk = walks(days, persistence, runs=WALKS, rng=rng) + noise * rng.standard_normal((WALKS, days))
            found = estimate_growth(daily(walk), groups=WALKS)
            half = 365.25 * (found["growth_high"] - found["growth"]).median()
            held = inside(found["growth_low"], found["growth_high"], GROWTH).mean()
            rows[name][f"{days} days"] = f"{percent(held)} (± {half:.0%})".replace("%)", " %)")
    return table(rows)


def date() -> str:
    rows = {}
    for name, persistence in (("sizes do not wander", 0.0), ("sizes wander by 0.2 % a day", 1.0)):
        for n in SIZES:
            rng = np.random.default_rng([9, n, int(persistence)])
            walk = walks(800, persistence, runs=DATES, rng=rng) * (0.1 if persistence else 1.0)
            size = 20 + walk + GROWTH * np.arange(800)
            day = np.sort(rng.integers(0, 400, (DATES, n)), axis=1)
            x = np.take_along_axis(size, day, axis=1)
            hours = np.exp(EXPONENT * (x - 20) + SIGMA / 3 * rng.standard_normal((DATES, n)))
            seen = pd.DataFrame({"group": np.repeat(np.arange(DATES), n), "size_bytes": np.exp(x).ravel(),
                                 "hours": hours.ravel(), "censored": False})  # fmt: skip
            laws = fit_restore_size(seen, groups=DATES)
            grown = estimate_growth(daily(walk[:, :400]), groups=DATES)
            limit = 20 + GROWTH * 600
            truth = np.array([np.flatnonzero(np.append(s[399:], limit + 1) >= limit)[0] for s in size])
            if not persistence:
                truth = np.full(DATES, 200.0)
            today = size[:, 399] if persistence else np.full(DATES, 20 + GROWTH * 399)
            found = estimate_crossing(laws, grown, size_bytes=np.exp(today), rng=rng,
                                      within_hours=np.full(DATES, np.exp(EXPONENT * (limit - 20))))  # fmt: skip
            given = found["median_days"].notna() & (found["median_days"] > 0)
            low, high = found["median_low"].fillna(0), found["median_high"].fillna(np.inf)
            both = found[["median_low", "median_high"]].notna().all(axis=1)
            held = inside(low, high, truth)
            rows[f"{name}, n = {n}"] = {"given": percent(given.mean()), "holds": percent(held[given].mean()),
                                        "both limits": percent(both[given].mean())}  # fmt: skip
    return table(rows)


def chain() -> str:
    recovery_chain.DRAWS, recovery_chain.WEIGHTINGS, recovery_chain.DRAWS_EACH = 1_000, 100, 60
    shapes = {"one step": (1, []), "two in series": (2, [(1, 0)]), "two in parallel, then one": (3, [(2, 0), (2, 1)])}
    rows = {}
    for name, (steps, edges) in shapes.items():
        rng = np.random.default_rng([10, steps])
        truth = np.exp(0.5 * rng.standard_normal((steps, 400_000)))
        total = {
            1: truth[0],
            2: truth[:2].sum(axis=0),
            3: np.maximum(truth[0], truth[-2 if steps > 1 else 0]) + truth[-1],
        }[steps]
        within, middle = np.quantile(total, [0.8, 0.5])
        rows[name] = {}
        for n in (5, 10, 30):
            many = 20  # chains beside each other in one network
            chance, median = [], []
            for _ in range(CHAINS // many):
                step = np.repeat(np.arange(many * steps), n)
                back = np.exp(0.5 * rng.standard_normal(len(step)))
                clock = np.full(200, many * steps)
                seen = StepEvidence(np.append(step, clock), np.zeros(len(step) + 200), np.append(back, np.zeros(200)),
                                    np.zeros(len(step) + 200, dtype=bool), many * steps + 1)  # fmt: skip
                of = network(many * steps, [(steps * k + i, steps * k + j) for k in range(many) for i, j in edges])
                whole = np.ones(many * steps + 1, dtype=bool)
                chains = Chains(of, seen, np.full(many * steps, many * steps), whole)
                found = estimate_chains(chains, within_hours=np.full(many * steps, within), rng=rng)
                found = found.iloc[steps - 1 :: steps]
                chance.append(inside(found["low"], found["high"], 0.8))
                median.append(inside(found["median_low"].fillna(0), found["median_high"].fillna(np.inf), middle))
            rows[name][f"n = {n}: chance"] = percent(np.mean(chance))
            rows[name][f"n = {n}: median"] = percent(np.mean(median))
    return table(rows)


def main() -> None:
    prediction, median = by_size()
    text = TEXT.format(
        runs=RUNS, error=100 * np.sqrt(0.95 * 0.05 / RUNS), walks=WALKS, dates=DATES, chains=CHAINS,
        prediction=prediction, median=median, others=other_laws(), growth=growth(), date=date(), chain=chain(),
    )  # fmt: skip
    Path(__file__).parent.parent.joinpath("docs", "calibration_restore_size.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
