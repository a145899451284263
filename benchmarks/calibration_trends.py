"""How often trend tests are wrong and right, and how often intervals hold the truth: docs/calibration_trends.md.

    python benchmarks/calibration_trends.py

Seeds are fixed, so the same tables come out each time.
"""

from pathlib import Path

import numpy as np
from scipy.stats import norm

from continuity_analysis.models.failure_times import FailureTimes, failure_times
from continuity_analysis.models.mean_cumulative import FEWEST, mean_cumulative
from continuity_analysis.models.power_law import fit_power_law
from continuity_analysis.models.trends import trend_tests

RUNS, BANDS, SIZES = 20_000, 2_000, (8, 10, 30)
TESTS = ("laplace_p", "mil_hdbk_p", "lewis_robinson_p")
GAPS = {
    "exponential (constant rate)": lambda r, size: r.exponential(size=size),
    "Weibull, shape 2": lambda r, size: r.weibull(2, size),
    "Weibull, shape 0.6": lambda r, size: r.weibull(0.6, size),
    "lognormal, sigma 1": lambda r, size: r.lognormal(0, 1, size),
    "lognormal, sigma 1.5": lambda r, size: r.lognormal(0, 1.5, size),
}
TEXT = """# Calibration of trends: how often the tests are wrong, and how often intervals hold the truth

Made by `python benchmarks/calibration_trends.py`; seeds are fixed. Each cell of the tests and of the power law is
{runs:,} simulated services (standard error at 5 %: {error:.2f} points), each of the band {bands:,} fleets.

## Tests, where there is no trend

Share of histories of n failures in which each test finds a trend at the 5 % level, and in which all three do, in the
same direction, which is what the verdict asks. First a constant rate, observed for a fixed time; then gaps of one law,
independent of each other, observed up to the last failure.

{sizes}

Laplace and MIL-HDBK-189 take gaps that vary more than exponential ones for a trend, and overlook trends where gaps are
more regular. Lewis-Robinson asks for no law of the gaps and is never far above 5 % from 8 failures on (with 5 it can
hardly find anything): so the verdict needs it, and at least 8 failures.

Twelve services together, failing at very different rates (gamma, shape 0.5), some 29 failures in all:

{together}

## Tests, where there is a trend

Share in which each finds it: a power law of exponent beta, observed for a fixed time.

{power}

## The power law

Coverage of the 95 % intervals of the exponent and of the mean time between failures at the end. "Large sample" is the
interval of the NIST handbook, which is about as wide. In a fixed time the number of failures is random, n on average,
and the exact interval, as every exact one for a count, is conservative; where failures end the observation it is exact.

{law}

## The band of the mean cumulative function

Services are observed for 0.5 to 1.2 years and have m failures a year on average, at the same rate or at rates that
differ (gamma, shape 1). Coverage at 0.5 years, when all are still observed, and at 0.9, where a band is given at all (5
services still observed, and 5 failures); "—" where fewer than one in fifty is. Where 5 failures are more than were to
be expected (5 services, m = 1), those fleets that have a band are the unlucky ones, and it holds the truth less often.
"Normal law" is the same standard error without Student's law and without Y / (Y - 1).

{band}
"""


def systems(hours: np.ndarray, end=None) -> FailureTimes:
    """A system per row of failure times; without an end the last failure ends it."""
    number = np.repeat(np.arange(len(hours)), hours.shape[1])
    return failure_times(hours.ravel(), number, hours.max(axis=1) if end is None else np.full(len(hours), float(end)))


def fixed_time(rng, n: int, beta: float = 1.0) -> FailureTimes:
    return systems((1 - rng.random((RUNS, n))) ** (1 / beta), 1)


def found(failures: FailureTimes) -> list[str]:
    tests = trend_tests(failures)
    rising = np.column_stack(
        [tests["laplace_u"] > 0, tests["mil_hdbk_chi2"] < tests["mil_hdbk_df"], tests["lewis_robinson_u"] > 0]
    )
    each = tests[list(TESTS)].to_numpy() <= 0.05
    every = each.all(axis=1) & (rising == rising[:, :1]).all(axis=1)
    return [percent(x.mean()) for x in (*each.T, every)]


def sizes(law: str, n: int) -> list[str]:
    rng = np.random.default_rng([1, [*GAPS, ""].index(law), n])
    return found(fixed_time(rng, n) if not law else systems(np.cumsum(GAPS[law](rng, (RUNS, n)), axis=1)))


def together() -> list[str]:
    rng, services = np.random.default_rng(2), 12
    end, rate = rng.uniform(5, 50, (RUNS, services)), rng.gamma(0.5, 0.2, (RUNS, services))
    n = rng.poisson(end * rate)
    system = np.repeat(np.arange(n.size), n.ravel())
    hours = (1 - rng.random(n.sum())) * end.ravel()[system]
    return found(failure_times(hours, system, end.ravel(), group=np.repeat(np.arange(RUNS), services)))


def law(beta: float, n: int, *, by_failure: bool) -> list[str]:
    rng = np.random.default_rng([3, round(10 * beta), n, by_failure])
    if by_failure:
        failures = systems(np.cumsum(rng.exponential(size=(RUNS, n)), axis=1) ** (1 / beta))
    else:
        counts = rng.poisson(n, RUNS)
        system = np.repeat(np.arange(RUNS), counts)
        failures = failure_times((1 - rng.random(len(system))) ** (1 / beta), system, np.ones(RUNS))
    truth = failures.end ** (1 - beta) / (beta if by_failure else beta * n)
    fit = fit_power_law(failures)
    fit, truth = fit[fit["n"] >= 2], truth[fit["n"] >= 2]
    size, z, mtbf = fit["n"], norm.ppf(0.975), fit["mtbf_end_hours"]
    low = mtbf * size * (size - 1) / (size + z**2 / 4 + np.sqrt(size * z**2 / 2 + z**4 / 16)) ** 2
    root = size - z * np.sqrt(size / 2)
    high = np.where(root > 0, mtbf * size * (size - 1) / root**2, np.inf)
    inside = (
        fit["beta_low"].le(beta) & fit["beta_high"].ge(beta),
        fit["mtbf_end_low"].le(truth) & fit["mtbf_end_high"].ge(truth),
        low.le(truth) & (truth <= high),
    )
    return [percent(x.mean()) for x in inside]


def band(services: int, mean: int, spread: int) -> list[str]:
    rng = np.random.default_rng([4, services, mean, spread])
    inside = {0.5: [], 0.9: []}
    for _ in range(BANDS):
        rate = mean * (rng.gamma(1 / spread, spread, services) if spread else np.ones(services))
        end = rng.uniform(0.5, 1.2, services)
        n = rng.poisson(rate * end)
        system = np.repeat(np.arange(services), n)
        curve = mean_cumulative(failure_times((1 - rng.random(len(system))) * end[system], system, end))
        for t, held in inside.items():
            seen = curve[curve["hours"] <= t]
            if len(seen) and (end >= t).sum() >= FEWEST and seen["low"].notna().iloc[-1]:
                at = seen.iloc[-1]
                factor = np.exp(norm.ppf(0.975) * at["se"] / at["failures"])
                held.append((at["low"] <= t * mean <= at["high"],
                             at["failures"] / factor <= t * mean <= at["failures"] * factor))  # fmt: skip
    return [
        percent(x)
        for held in inside.values()
        for x in (len(held) / BANDS, *(np.mean(held, axis=0) if len(held) > BANDS / 50 else (np.nan, np.nan)))
    ]


def percent(share: float) -> str:
    return "—" if np.isnan(share) else f"{100 * share:.1f} %"


def table(heads: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(r) + " |" for r in (heads, ["---"] * len(heads), *rows))


def main() -> None:
    names = ["Laplace", "MIL-HDBK-189", "Lewis-Robinson", "All three"]
    of_sizes = [[law or "constant rate, fixed time", str(n), *sizes(law, n)] for law in ("", *GAPS) for n in SIZES]
    power = [
        [f"{beta:g}", str(n), *found(fixed_time(np.random.default_rng([5, round(10 * beta), n]), n, beta))]
        for beta in (0.5, 0.7, 1.5, 2.0)
        for n in (10, 30, 100)
    ]
    laws = [
        [("last failure" if by else "fixed time"), f"{beta:g}", str(n), *law(beta, n, by_failure=by)]
        for by in (False, True)
        for beta in (0.5, 1.0, 2.0)
        for n in (5, 10, 30)
    ]
    bands = [
        [str(k), str(m), "differ" if spread else "same", *band(k, m, spread)]
        for k in (5, 10, 20, 50)
        for m in (1, 3, 10)
        for spread in (0, 1)
    ]
    text = TEXT.format(
        runs=RUNS,
        bands=BANDS,
        error=100 * np.sqrt(0.05 * 0.95 / RUNS),
        sizes=table(["Gaps", "n", *names], of_sizes),
        together=table(names, [together()]),
        power=table(["beta", "n", *names], power),
        law=table(["Observed for", "beta", "n", "Exponent", "Time at the end", "Large sample"], laws),
        band=table(
            [
                "Services",
                "m",
                "Rates",
                *(f"{t} y: {x}" for t in (0.5, 0.9) for x in ("given", "coverage", "normal law")),
            ],
            bands,
        ),
    )
    Path(__file__).parents[1].joinpath("docs", "calibration_trends.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
