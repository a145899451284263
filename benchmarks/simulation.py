"""How long simulated years take, beside the random numbers that they need and beside simpy.

    python benchmarks/simulation.py [--rounds 5]

The floor is the time numpy needs to draw as many random numbers of the same kinds: a Poisson count per service and
year, an exponential per failure and year, a normal per failure. simpy simulates the same failures one by one, for
fewer years; its time is multiplied, once for today alone and once for today and five scenarios, which simpy has to
simulate one after the other. Then how much common random numbers lower the standard error of a difference to
today, against runs with other random numbers. Seconds are processor time; the middle one of all rounds counts.
"""

import argparse
import statistics
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.models.edits import Edits, no_edits
from continuity_analysis.models.generalised import FailureLaw
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.simulated_years import monte_carlo_error
from continuity_analysis.models.simulation import simulate

SERVICES, YEARS, DRAWS, YEAR = 100, 10_000, 5_000, 8_760.0
PEER_SERVICES, PEER_YEARS = 10, 1_000


def platform(services: int) -> Platform:
    """Services that fail 8 times a year, for a lognormal time of median 1 h; parameters vary from draw to draw."""
    rng, shape = np.random.default_rng(0), (services, DRAWS)
    law = FailureLaw(rng.gamma(8.5, 1 / YEAR, shape), rng.normal(0, 0.3, shape), np.full(shape, 1.2), np.zeros(shape))
    return Platform(pd.Index([f"service {i}" for i in range(services)], dtype="str"), law)


def edited(services: int) -> dict[str, Edits]:
    """Scenarios that keep today's process and change its parameters, as simpy can too."""
    none = no_edits(services)
    return {
        "restored 10 % faster": replace(none, restore=none.restore * 0.9),
        "restored twice as fast": replace(none, restore=none.restore * 0.5),
        "10 % fewer failures": replace(none, rate=none.rate * 0.9),
        "10 % more failures": replace(none, rate=none.rate * 1.1),
        "half as many failures": replace(none, rate=none.rate * 0.5),
    }


def ours(fitted: Platform, years: int, scenarios: dict[str, Edits] | None = None) -> tuple[float, int, float, float]:
    """Seconds, how many failures there were today, mean down time of a year and its Monte Carlo error [h]."""
    begin = time.process_time()
    found = simulate(fitted, {"today": no_edits(len(fitted.services))} | (scenarios or {}), years=years)["today"]
    seconds, mean = time.process_time() - begin, found.down.mean(axis=0, keepdims=True)
    return seconds, int(found.failures.sum()), float(mean.mean()), float(monte_carlo_error(mean, fitted.draws)[0])


def floor(services: int, years: int, failures: int) -> float:
    rng, begin = np.random.Generator(np.random.SFC64(0)), time.process_time()
    rng.poisson(8.5, services * years)
    rng.standard_exponential(failures + services * years)
    rng.standard_normal(failures)
    return time.process_time() - begin


def simpy_years(fitted: Platform, years: int) -> tuple[float, float, float]:
    """Seconds, mean down time of a year and its Monte Carlo error [h]."""
    import simpy

    rng, law, down = np.random.default_rng(1), fitted.failures, np.zeros(years).tolist()

    def service(environment, year: int, rate: float, mu: float, sigma: float):
        while True:
            yield environment.timeout(rng.exponential(1 / rate))
            lasts = rng.lognormal(mu, sigma)
            down[year] += min(lasts, YEAR - environment.now)
            yield environment.timeout(lasts)

    begin = time.process_time()
    for year in range(years):
        environment = simpy.Environment()
        for s in range(len(fitted.services)):
            environment.process(service(environment, year, law.rate[s, year], law.mu[s, year], law.sigma[s, year]))
        environment.run(until=YEAR)
    seconds, mean = time.process_time() - begin, np.array(down) / len(fitted.services)
    return seconds, float(mean.mean()), float(mean.std(ddof=1) / np.sqrt(years))


def sharper(fitted: Platform, edits: Edits) -> float:
    """How many times smaller the standard error of the difference to today is with common random numbers."""
    n = len(fitted.services)
    common = simulate(fitted, {"today": no_edits(n), "then": edits}, seed=0)
    other = simulate(fitted, {"today": no_edits(n)}, seed=1)["today"]
    then = common["then"].down
    own, apart = (monte_carlo_error(then - x, fitted.draws) for x in (common["today"].down, other.down))
    return float(np.median(apart / own))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    large, small = platform(SERVICES), platform(PEER_SERVICES)
    runs = [ours(large, YEARS) for _ in range(rounds)]
    floors = [floor(SERVICES, YEARS, runs[0][1]) for _ in range(rounds)]
    seconds, least = statistics.median(r[0] for r in runs), statistics.median(floors)
    print(f"{SERVICES} services, {YEARS:,} years, {runs[0][1]:,} failures: {seconds:.2f} s")
    print(f"the random numbers alone: {least:.2f} s; {seconds / least:.1f} times the floor")
    peers = [simpy_years(small, PEER_YEARS) for _ in range(rounds)]
    peer = statistics.median(p[0] for p in peers) / PEER_YEARS
    scenarios = edited(PEER_SERVICES)
    for words, asked in (("today", {}), ("today and five scenarios", scenarios)):
        mine = statistics.median(ours(small, YEARS, asked)[0] for _ in range(rounds)) / YEARS
        theirs = peer * (1 + len(asked))
        told = f"{1e6 * mine:.1f} us, simpy {1e6 * theirs:.0f} us; {theirs / mine:.0f} times"
        print(f"{PEER_SERVICES} services, {words}, per year: {told}")
    _, _, mean, error = ours(small, YEARS)
    print(f"mean down time of a year: {mean:.2f} +- {error:.2f} h, simpy {peers[0][1]:.2f} +- {peers[0][2]:.2f} h")
    for name, edits in scenarios.items():
        print(f"{name}: common random numbers make the standard error {sharper(small, edits):.1f} times smaller")


if __name__ == "__main__":
    main()
